import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const writerHasGone: TrapCase = {
  name: '05-writer-has-gone',
  traps: [5],
  situation: 'dd has written 150 MB into the page cache and ended; the disk still drains',
  setup: async (stage) => {
    stage.slow.setRate(6 * MIB);
    stage.dirtyLimits(600 * MIB, 4 * MIB);
    await stage.start('writer', 'dd', [
      'if=/dev/zero',
      `of=${stage.onSlow('dump')}`,
      'bs=1M',
      'count=150',
      'status=none',
    ]);
    await stage.untilBusy();
  },
  ended: ['writer'],
  premise: { ...SATURATED, dirtyBytesBefore: { atLeast: 40 * MIB }, dirtyBytesAfter: { atLeast: 10 * MIB } },
  expected: { verdict: ['saturated'], blamed: [], says: /drain/i },
};
