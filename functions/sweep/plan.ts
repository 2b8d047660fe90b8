/** Cuts a sweep into shards, a message each. */
import { StoreProblem } from '../store/problem.ts';
import type { SweepDeps } from './deps.ts';
import { shardCount } from './job.ts';
import type { Message } from './messages.ts';
import { areAllShardsDone, readJob } from './read-job.ts';

/** Delivered again it sends the shards again that are not done: they do what is left of them. @throws where the queue takes nothing */
export async function planSweep(deps: SweepDeps, sweepId: string): Promise<'done' | 'again'> {
  const open = await readJob(deps, sweepId);
  if (open instanceof StoreProblem) return 'again';
  if (open === undefined) return 'done';
  const moved = await deps.store.moveSweep(sweepId, ['queued'], 'running');
  if (moved instanceof StoreProblem) return 'again';
  const messages: Message[] =
    open.isCancelled || areAllShardsDone(open)
      ? [{ kind: 'finish', sweepId }]
      : Array.from({ length: shardCount(open.job) }, (_, shard) => shard)
          .filter((shard) => !open.doneShards.has(shard))
          .map((shard) => ({ kind: 'shard', sweepId, shard }));
  await deps.queue.send(messages);
  return 'done';
}
