import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const behindKernelThreads: TrapCase = {
  name: '01-behind-kernel-threads',
  traps: [1],
  situation: 'a Python logger with a rotating file; kworker and jbd2 wait longer than it does',
  setup: async (stage) => {
    await stage.python('logger', 'rotating_logger.py', [stage.onSlow('logtest.txt'), 300 * MIB, 1050 * MIB]);
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'logger', as: 'process', activity: ['buffered-write'], path: /\/logtest\.txt(\.1)?$/ }],
    carriers: /^(kworker\/|jbd2\/)/,
  },
};
