import { prepareFile } from '../../../lab/workloads.ts';
import type { TrapCase } from '../trap-case.ts';
import { fioArgs } from './fio.ts';
import { SATURATED } from './saturated.ts';

export const libaioWriter: TrapCase = {
  name: '09-libaio-writer',
  traps: [9],
  situation:
    'fio writes with libaio and never waits for the disk; 25 others write 4 KiB now and then and wait for nothing else',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    prepareFile(stage.onSlow('table'), 100);
    // Only where blocks are there already does ext4 take a write without waiting.
    prepareFile(stage.onSlow('job.dat'), 400);
    stage.slow.setRate(20 * 1024 * 1024);
    const how = ['--size=400M', '--rw=write', '--bs=256k', '--direct=1', '--iodepth=64'];
    await stage.start('fio', 'fio', fioArgs(stage.onSlow('job.dat'), 'libaio', ...how));
    await stage.python('others', 'small_writers.py', [stage.onSlow('table'), 25, 0.1], { group: true });
    await stage.untilBusy();
  },
  premise: { ...SATURATED, mostBlocked: { atLeast: 15 } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'fio', as: 'process', activity: ['direct-write'], path: /\/job\.dat$/ }],
    victims: ['others'],
  },
};
