import type { TrapCase } from '../trap-case.ts';

const MIB = 1024 * 1024;

export const truncatedBeforeWriteback: TrapCase = {
  name: '07-truncated-before-writeback',
  traps: [7],
  situation: 'a program writes 50 MB at a time and removes them before the disk has seen them',
  setup: async (stage) => {
    stage.dirtyLimits(4000 * MIB, 3000 * MIB);
    await stage.python('writer', 'truncating_writer.py', [stage.onSlow('scratch'), 50 * MIB, 0.2]);
    await stage.wait(2000);
  },
  premise: { meanBusyPercent: { atMost: 50 } },
  expected: { verdict: ['healthy'], blamed: [] },
};
