/** What is written of a sweep after its job. Said again it changes nothing, so whoever finds it missing writes it. */
import type { StoreProblem } from '../store/problem.ts';
import { askedRecord } from './asked-record.ts';
import type { SweepDeps } from './deps.ts';
import type { Job } from './job.ts';

export async function begin({ store }: Pick<SweepDeps, 'store'>, job: Job): Promise<StoreProblem | undefined> {
  const [begun, recorded] = await Promise.all([
    store.beginSweep(job.sweep, job.closesByMs),
    store.addAudit(askedRecord(job.sweep, job.by, job.names)),
  ]);
  return begun ?? recorded;
}
