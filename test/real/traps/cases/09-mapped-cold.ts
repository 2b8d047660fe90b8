import { prepareFile } from '../../../lab/workloads.ts';
import type { TrapCase } from '../trap-case.ts';
import { fioArgs } from './fio.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const mappedCold: TrapCase = {
  name: '09-mapped-cold',
  traps: [9],
  situation: 'fio dirties pages of a mapped file that is not in memory: each is read before it is written',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    prepareFile(stage.onSlow('job.dat'), 400);
    stage.slow.setRate(20 * MIB);
    const how = ['--size=400M', '--rw=write', '--bs=1M'];
    await stage.start('fio', 'fio', fioArgs(stage.onSlow('job.dat'), 'mmap', ...how));
    await stage.untilBusy();
  },
  premise: { ...SATURATED, readBytesPerSecond: { atLeast: MIB }, writeBytesPerSecond: { atLeast: MIB } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'fio', as: 'process', activity: ['mmap', 'mixed', 'read'], path: /\/job\.dat$/ }],
  },
};
