/** The hosts of one shard: visited, stored, and noted as done. */
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { StoreProblem } from '../store/problem.ts';
import type { SweepDeps } from './deps.ts';
import { namesOfShard, shardCount } from './job.ts';
import type { Limits } from './limits.ts';
import { type OpenJob, readJob } from './read-job.ts';
import { beginShardRun, type ShardRun } from './shard-run.ts';
import { shardVisits } from './shard-visits.ts';
import { visitInTurn } from './visit-in-turn.ts';
import { failedHost } from './visits/lost-hosts.ts';

export interface ShardDelivery {
  readonly sweepId: string;
  readonly shard: number;
  /** From 1. */
  readonly attempt: number;
}

/**
 * A shard may be delivered several times, at the same time too: what one has stored the others leave.
 *
 * @returns 'again' where hosts are left; 'rest' where only the time was over, and fewer are left than before. @throws where the queue takes no
 * message
 */
export async function workShard(
  deps: SweepDeps,
  delivery: ShardDelivery,
  limits: Limits,
): Promise<'done' | 'again' | 'rest'> {
  const { store, log } = deps;
  const { sweepId, shard } = delivery;
  const open = await readJob(deps, sweepId);
  if (open instanceof StoreProblem) return 'again';
  if (open === undefined || shard >= shardCount(open.job)) return 'done';
  // It is closed without what was late, though its job stays until the results are told.
  if (deps.nowMs() >= open.job.closesByMs) return 'done';
  if (open.isCancelled || open.doneShards.has(shard)) return await noteDone(deps, open, shard);

  const invocation = randomUUID();
  // Who is the first to have it knows that nothing is stored; everybody else looks.
  const first = await store.claim(`begun#${sweepId}#${shard}`, invocation, open.job.closesByMs + KEPT_MS);
  if (first instanceof StoreProblem) return 'again';
  const isFirst = delivery.attempt === 1 && first.holder === invocation;
  const names = namesOfShard(open.job, shard);
  const stored = isFirst ? [] : await storedOf(deps, sweepId, names);
  if (stored instanceof StoreProblem) return 'again';

  const notSweptBefore = Math.min(open.progress.get(shard)?.notSwept ?? 0, stored.length);
  const { deadlineSeconds, closesByMs } = open.job;
  // What is stored after the end of a sweep would stand beside its ranking, in which the host is lost.
  const endsByMs = Math.min(limits.endsByMs ?? closesByMs, closesByMs);
  const within = { ...limits, endsByMs };
  const run = beginShardRun(deps, { sweepId, shard, names, deadlineSeconds, notSweptBefore, limits: within });
  try {
    for (const name of stored) run.noteStored(name);
    if (run.left.size > 0) await visitLeft(deps, open, run, { invocation, mayBeStored: !isFirst });
  } finally {
    await run.end();
  }
  const stopped = run.stopped();
  if (stopped === 'closed') return 'done';
  if (stopped === 'cancelled' || run.left.size === 0) return await noteDone(deps, open, shard);
  log.info('a shard is to be gone on with', { sweepId, shard, left: run.left.size, ...(stopped && { why: stopped }) });
  return stopped === 'limits' && run.left.size < names.length - stored.length ? 'rest' : 'again';
}

async function visitLeft(
  deps: SweepDeps,
  { job }: OpenJob,
  run: ShardRun,
  delivery: { readonly invocation: string; readonly mayBeStored: boolean },
): Promise<void> {
  const names = [...run.left];
  const around = visitInTurn(deps, job, run, delivery);
  const shard = await shardVisits(deps, job, names, around);
  if ('putOff' in shard) {
    deps.log.warn('a shard cannot be begun yet', { sweepId: job.sweep.id, detail: shard.putOff });
    run.stop('store');
    return;
  }
  if ('problem' in shard) {
    // It holds for every host, now and a moment later: to try again would only ask the same of everybody once more.
    await eachOf(names, (name) => run.put(failedHost(name, { ...shard.failure, message: shard.problem })));
    return;
  }
  await eachOf(shard.gone, (name) => run.put(failedHost(name, { ...GONE, message: `${name} ${GONE_WORDS}` })));
  const { visits } = shard;
  if (visits === undefined) return;
  try {
    // Each result is stored as it comes, by visitInTurn.
    for await (const _ of visits.start(run.giveUp));
  } finally {
    visits.end();
  }
}

/** Whoever notes the last one sends the sweep to its end. */
async function noteDone(deps: SweepDeps, open: OpenJob, shard: number): Promise<'done' | 'again'> {
  const count = await deps.store.shardDone(open.id, shard);
  if (count instanceof StoreProblem) return 'again';
  if (count >= shardCount(open.job)) await deps.queue.send([{ kind: 'finish', sweepId: open.id }]);
  return 'done';
}

async function storedOf(
  { store }: SweepDeps,
  sweepId: string,
  names: readonly string[],
): Promise<string[] | StoreProblem> {
  const answers = await eachOf(names, (name) => store.hasHost(sweepId, name));
  const problem = answers.find((answer) => answer instanceof StoreProblem);
  return problem instanceof StoreProblem ? problem : names.filter((_, index) => answers[index] === true);
}

function eachOf<T>(names: readonly string[], act: (name: string) => Promise<T>): Promise<T[]> {
  const limit = pLimit(REQUESTS_AT_A_TIME);
  return Promise.all(names.map((name) => limit(() => act(name))));
}

const GONE = { phase: 'resolve', kind: 'name-not-found' } as const;
const GONE_WORDS = 'is not in the inventory any more: it was there when the sweep was asked for';
const REQUESTS_AT_A_TIME = 32;
const KEPT_MS = 86_400_000;
