import type { TrapCase } from '../trap-case.ts';

const MIB = 1024 * 1024;

export const hung: TrapCase = {
  name: '12-hung',
  traps: [12],
  situation: 'somebody writes, somebody waits, and the disk answers no request any more',
  setup: async (stage) => {
    await stage.python('writer', 'paced_writer.py', [stage.onSlow('file'), 200 * MIB, 0]);
    await stage.python('victim', 'small_sync.py', [stage.onSlow('state.db'), 0.05]);
    await stage.untilBusy();
    stage.slow.setRate('hang');
    await stage.wait(1500);
  },
  premise: { minBusyPercent: { atLeast: 95 }, maxInFlight: { atLeast: 1 }, writeBytesPerSecond: { atMost: 0 } },
  expected: { verdict: ['hung'], blamed: [], victims: ['victim'] },
};
