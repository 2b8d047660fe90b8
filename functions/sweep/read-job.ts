/** A job as it is in the store, checked. */
import { StoreProblem } from '../store/problem.ts';
import type { StoredJob } from '../store/store.ts';
import type { SweepDeps } from './deps.ts';
import { type Job, jobSchema, shardCount } from './job.ts';

export interface OpenJob extends Omit<StoredJob, 'job'> {
  readonly job: Job;
}

/** undefined where there is none, where it is closed, and where nobody can read it: that is said in the log, and it is closed. */
export async function readJob(
  { store, log }: Pick<SweepDeps, 'store' | 'log'>,
  sweepId: string,
): Promise<OpenJob | undefined | StoreProblem> {
  const stored = await store.job(sweepId);
  if (stored === undefined || stored instanceof StoreProblem) return stored;
  const read = jobSchema.safeParse(stored.job);
  if (read.success) return { ...stored, job: read.data };
  log.error('a job cannot be read and is given up', { sweepId });
  return await store.closeJob(sweepId);
}

/** Whether the hosts of every shard are stored, or given up. */
export const areAllShardsDone = ({ job, doneShards }: OpenJob): boolean => doneShards.size >= shardCount(job);
