/** What becomes of a message that failed each time it was delivered: its hosts are lost, and the sweep closes without them. */
import { StoreProblem } from '../store/problem.ts';
import type { SweepDeps } from './deps.ts';
import { shardCount } from './job.ts';
import { readJob } from './read-job.ts';
import { messageIn } from './sqs-event.ts';

/** @returns takes the body of the message. Never rejects; what it cannot note is left to the watchdog */
export function deadLetterHandler(deps: SweepDeps): (body: string) => Promise<void> {
  return async (body) => {
    try {
      await bury(deps, body);
    } catch (error) {
      deps.log.error('a message that failed too often could not be noted', { detail: String(error) });
    }
  };
}

async function bury(deps: SweepDeps, body: string): Promise<void> {
  const { store, queue, log } = deps;
  const message = messageIn(body);
  if (message === undefined) {
    log.error('a message that nobody can read is dropped', { start: body.slice(0, SHOWN_CHARACTERS) });
    return;
  }
  const { kind, sweepId } = message;
  // The watchdog tries again to end it, until its results are told.
  if (kind === 'finish') return;
  const open = await readJob(deps, sweepId);
  if (open === undefined || open instanceof StoreProblem) return;
  const count = shardCount(open.job);
  const given =
    kind === 'shard'
      ? [message.shard].filter((shard) => shard < count)
      : Array.from({ length: count }, (_, shard) => shard);
  log.error('hosts of a sweep are given up', { sweepId, shards: given.length });
  let done = open.doneShards.size;
  for (const shard of given) {
    if (open.doneShards.has(shard)) continue;
    const outcome = await store.shardDone(sweepId, shard);
    if (outcome instanceof StoreProblem) return;
    done = outcome;
  }
  if (done >= count) await queue.send([{ kind: 'finish', sweepId }]);
}

const SHOWN_CHARACTERS = 200;
