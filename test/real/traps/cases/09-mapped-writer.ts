import type { TrapCase } from '../trap-case.ts';
import { fioArgs } from './fio.ts';
import { SATURATED } from './saturated.ts';

export const mappedWriter: TrapCase = {
  name: '09-mapped-writer',
  traps: [9],
  situation: 'fio dirties pages of a mapped file: no write() to be seen',
  setup: async (stage) => {
    const how = ['--size=900M', '--rw=write', '--bs=1M'];
    await stage.start('fio', 'fio', fioArgs(stage.onSlow('job.dat'), 'mmap', ...how));
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'fio', as: 'process', activity: ['mmap'], path: /\/job\.dat$/ }],
  },
};
