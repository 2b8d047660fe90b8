import type { TrapCase } from '../trap-case.ts';

export const idleWaiter: TrapCase = {
  name: '21-idle-waiter',
  traps: [21],
  situation:
    'a program waits in io_uring for a pipe: the kernel says that somebody waits for I/O, and there is no disk in it',
  setup: async (stage) => {
    await stage.python('waiter', 'uring_waiter.py', []);
    await stage.wait(500);
  },
  premise: { meanBusyPercent: { atMost: 30 }, pressurePercent: { atLeast: 25 } },
  expected: { verdict: ['healthy'], blamed: [], says: /iowait|pressure/i },
};
