import { run } from '../../../lab/kernel.ts';
import { prepareFile } from '../../../lab/workloads.ts';
import type { TrapCase } from '../trap-case.ts';
import { fioArgs } from './fio.ts';
import { SATURATED } from './saturated.ts';

export const mappedWriter: TrapCase = {
  name: '09-mapped-writer',
  traps: [9],
  situation: 'fio dirties pages of a mapped file: no write() to be seen',
  setup: async (stage) => {
    // Or fio would write() it first, from its beginning to its end.
    stage.slow.setRate('unlimited');
    prepareFile(stage.onSlow('job.dat'), 400);
    // In memory already, so that it only writes.
    run('cksum', stage.onSlow('job.dat'));
    stage.slow.setRate(20 * 1024 * 1024);
    const how = ['--size=400M', '--rw=write', '--bs=1M', '--invalidate=0'];
    await stage.start('fio', 'fio', fioArgs(stage.onSlow('job.dat'), 'mmap', ...how));
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'fio', as: 'process', activity: ['mmap'], path: /\/job\.dat$/ }],
  },
};
