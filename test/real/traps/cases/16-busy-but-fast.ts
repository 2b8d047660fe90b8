import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { fioArgs } from './fio.ts';

export const busyButFast: TrapCase = {
  name: '16-busy-but-fast',
  traps: [16],
  situation: 'fio keeps a disk busy all the time which answers each request in a millisecond or so',
  setup: async (stage) => {
    run('dd', 'if=/dev/zero', `of=${stage.onHealthy('index')}`, 'bs=1M', 'count=200', 'oflag=direct', 'status=none');
    const how = ['--size=200M', '--rw=randread', '--bs=512k', '--direct=1', '--iodepth=8'];
    await stage.start('fio', 'fio', fioArgs(stage.onHealthy('index'), 'libaio', ...how));
    await stage.wait(1500);
  },
  premise: { otherBusyPercent: { atLeast: 85 }, otherAwaitMs: { atMost: 5 }, meanBusyPercent: { atMost: 50 } },
  expected: { verdict: ['healthy'], blamed: [] },
};
