import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;
const FILES = 3000;

export const manyFiles: TrapCase = {
  name: '18-many-files',
  traps: [],
  situation: 'a program has 3,000 files open and writes to one of them',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    await stage.python('store', 'many_files.py', [stage.onSlow('segments'), FILES, 400 * MIB]);
    stage.slow.setRate(20 * MIB);
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'store', as: 'process', activity: ['buffered-write'], path: /\/segments\/segment-2500$/ }],
  },
};
