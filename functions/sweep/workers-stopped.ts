/** The moment that workers get to notice that their sweep was cancelled, so that what they know already is in the result. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SweepDeps } from './deps.ts';
import { type OpenJob, readJob } from './read-job.ts';

/** Until no shard that was begun is under way, or a few seconds: a worker may be dead. @returns the job as it is then */
export async function untilWorkersStopped(deps: SweepDeps, open: OpenJob): Promise<OpenJob> {
  const endsAtMs = deps.nowMs() + MOST_WAIT_MS;
  let now = open;
  while (isUnderWay(now) && deps.nowMs() < endsAtMs) {
    await sleep(PAUSE_MS);
    const read = await readJob(deps, open.id);
    // Closed by somebody else, or a store that fails: either is noticed by who goes on.
    if (read === undefined || !('job' in read)) break;
    now = read;
  }
  return now;
}

const isUnderWay = ({ progress, doneShards }: OpenJob): boolean =>
  [...progress.keys()].some((shard) => !doneShards.has(shard));

/** Workers look once a second, and a visit that is given up ends at once. */
const MOST_WAIT_MS = 3000;
const PAUSE_MS = 200;
