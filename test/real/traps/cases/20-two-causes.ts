import { prepareFile } from '../../../lab/workloads.ts';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;
const share = { atLeast: 0.25, atMost: 0.75 };

export const twoCauses: TrapCase = {
  name: '20-two-causes',
  traps: [20],
  situation: 'two programs write as much as each other',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    prepareFile(stage.onSlow('import'), 300);
    prepareFile(stage.onSlow('export'), 300);
    stage.slow.setRate(20 * MIB);
    await stage.python('import', 'paced_writer.py', [stage.onSlow('import'), 300 * MIB, 0]);
    await stage.python('export', 'paced_writer.py', [stage.onSlow('export'), 300 * MIB, 0]);
    await stage.untilBusy();
    await stage.wait(2000);
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [
      { role: 'import', as: 'process', activity: ['buffered-write'], path: /\/import$/, share },
      { role: 'export', as: 'process', activity: ['buffered-write'], path: /\/export$/, share },
    ],
  },
};
