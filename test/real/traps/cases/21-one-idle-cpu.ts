import { fileURLToPath } from 'node:url';
import type { TrapCase } from '../trap-case.ts';

const PROGRAM = fileURLToPath(new URL('../../../lab/programs/uring_waiter.py', import.meta.url));

export const oneIdleCpu: TrapCase = {
  name: '21-one-idle-cpu',
  traps: [21],
  situation:
    'one CPU counts iowait all the time: somebody who waits for no disk went to sleep on it, and it has nothing to do',
  setup: async (stage) => {
    await stage.start('waiter', 'taskset', ['--cpu-list', '1', 'python3', PROGRAM], { saysReady: true });
    // It has to have nothing to do, and on a machine that others use it may have.
    await stage.untilHolds({ iowaitPercent: { atLeast: 40 } });
  },
  premise: { meanBusyPercent: { atMost: 30 }, iowaitPercent: { atLeast: 25 } },
  expected: { verdict: ['healthy'], blamed: [], says: /iowait is idle time: cpu1/ },
};
