import { prepareFile } from '../../../lab/workloads.ts';
import type { TrapCase } from '../trap-case.ts';
import { fioArgs } from './fio.ts';
import { SATURATED } from './saturated.ts';

export const ioUringWriter: TrapCase = {
  name: '09-io-uring-writer',
  traps: [9],
  situation: 'fio writes through io_uring past the page cache: no write() to be seen',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    prepareFile(stage.onSlow('job.dat'), 400);
    stage.slow.setRate(20 * 1024 * 1024);
    const how = ['--size=400M', '--rw=write', '--bs=256k', '--direct=1', '--iodepth=16'];
    await stage.start('fio', 'fio', fioArgs(stage.onSlow('job.dat'), 'io_uring', ...how));
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'fio', as: 'process', activity: ['direct-write'], path: /\/job\.dat$/ }],
  },
};
