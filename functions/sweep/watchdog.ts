/** Nothing that was asked for is forgotten: what nobody works on any more is begun again, and in the end closed. */
import pLimit from 'p-limit';
import { StoreProblem } from '../store/problem.ts';
import { begin } from './begin.ts';
import type { SweepDeps } from './deps.ts';
import { finishSweep, mayEnd } from './finish.ts';
import { type OpenJob, readJob } from './read-job.ts';

/**
 * To be called every 15 s or minute. Ends sweeps whose hosts are all done, whose time is over, or that were cancelled; tells what could
 * not be told; and sends again what never got into the queue. Several may do so at the same time. Never rejects.
 */
export async function watch(deps: SweepDeps): Promise<void> {
  await eachOpen(deps, async (open) => {
    if (mayEnd(open, deps.nowMs())) {
      await finishSweep(deps, open.id, false);
      return;
    }
    const detail = await deps.store.sweep(open.id);
    if (detail instanceof StoreProblem) return;
    const isQueued = detail === undefined || detail.sweep.status === 'queued';
    const waitsMs = deps.nowMs() - Date.parse(open.job.sweep.startedAt);
    if (isQueued && waitsMs > LONG_QUEUED_MS) await sendAgain(deps, open);
  });
}

/** To be called when a service starts whose queue does not survive it: sends what is not done. Never rejects. */
export async function resume(deps: SweepDeps): Promise<void> {
  await eachOpen(deps, async (open) => {
    if (mayEnd(open, deps.nowMs())) await deps.queue.send([{ kind: 'finish', sweepId: open.id }]);
    else await sendAgain(deps, open);
    deps.log.info('a sweep goes on that was begun before', { sweepId: open.id });
  });
}

async function sendAgain(deps: SweepDeps, open: OpenJob): Promise<void> {
  const problem = await begin(deps, open.job);
  if (problem === undefined) await deps.queue.send([{ kind: 'plan', sweepId: open.id }]);
}

async function eachOpen(deps: SweepDeps, act: (open: OpenJob) => Promise<void>): Promise<void> {
  const ids = await deps.store.openJobs();
  if (ids instanceof StoreProblem) {
    deps.log.warn('the sweeps that are open cannot be listed', { problem: ids.message });
    return;
  }
  const limit = pLimit(SWEEPS_AT_A_TIME);
  await Promise.all(ids.map((id) => limit(() => lookAfter(deps, id, act))));
}

async function lookAfter(deps: SweepDeps, id: string, act: (open: OpenJob) => Promise<void>): Promise<void> {
  try {
    const open = await readJob(deps, id);
    if (open instanceof StoreProblem) deps.log.warn('a job cannot be read', { sweepId: id, problem: open.message });
    else if (open !== undefined) await act(open);
  } catch (error) {
    // One sweep's trouble is not another's.
    deps.log.error('a sweep could not be looked after', { sweepId: id, detail: String(error) });
  }
}

/** Several: one whose results go to somebody who takes all their time must not cost those behind it their minute. */
const SWEEPS_AT_A_TIME = 4;

/** A plan takes no time: what waits for longer was never sent. */
const LONG_QUEUED_MS = 60_000;
