import { prepareFile } from '../../../lab/workloads.ts';
import type { TrapCase } from '../trap-case.ts';
import { fioArgs } from './fio.ts';
import { SATURATED } from './saturated.ts';

export const noPressure: TrapCase = {
  name: '15-no-pressure',
  traps: [15],
  situation:
    'fio reads at random with 32 requests in flight and sleeps in between: nobody waits for the disk, it seems',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    prepareFile(stage.onSlow('index'), 400);
    stage.slow.setRate(20 * 1024 * 1024);
    const how = [
      '--size=400M',
      '--rw=randread',
      '--bs=128k',
      '--direct=1',
      '--iodepth=32',
      '--iodepth_batch_complete_min=1',
    ];
    await stage.start('fio', 'fio', fioArgs(stage.onSlow('index'), 'libaio', ...how));
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'fio', as: 'process', activity: ['read'], path: /\/index$/ }],
  },
};
