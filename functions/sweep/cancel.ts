/** Giving a sweep up. */
import type { Asker } from '../audit-record.ts';
import { StoreProblem } from '../store/problem.ts';
import { cancelClaim } from './cancelled-by.ts';
import { hasEnded } from './compared-sweeps.ts';
import type { SweepDeps } from './deps.ts';
import { readJob } from './read-job.ts';

/** Workers notice within a second; the message ends the sweep, also where nobody works on it. */
export async function cancelSweep(
  deps: SweepDeps,
  sweepId: string,
  by: Asker,
): Promise<'cancelled' | 'not-found' | 'ended' | StoreProblem> {
  const { store, queue, log, nowMs } = deps;
  const [open, detail] = await Promise.all([readJob(deps, sweepId), store.sweep(sweepId)]);
  if (open instanceof StoreProblem) return open;
  if (detail instanceof StoreProblem) return detail;
  if (open === undefined) return detail !== undefined && hasEnded(detail.sweep) ? 'ended' : 'not-found';
  if (detail?.sweep.finishedAt !== undefined) return 'ended';
  // Before it is cancelled, so that who ends it knows by whom. Of several the first one counts.
  const noted = await store.claim(cancelClaim(sweepId), JSON.stringify(by), nowMs() + KEPT_MS);
  if (noted instanceof StoreProblem) return noted;
  const isCancelled = await store.cancelJob(sweepId);
  if (isCancelled instanceof StoreProblem) return isCancelled;
  if (!isCancelled) return 'ended';
  log.info('a sweep was cancelled', { sweepId });
  try {
    await queue.send([{ kind: 'finish', sweepId }]);
  } catch (error) {
    log.warn('the queue takes no message; the watchdog ends the sweep', { sweepId, detail: String(error) });
  }
  return 'cancelled';
}

/** Longer than any sweep. */
const KEPT_MS = 7 * 86_400_000;
