import { prepareFile } from '../../../lab/workloads.ts';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const busierOnAnotherDisk: TrapCase = {
  name: '03-busier-on-another-disk',
  traps: [3],
  situation: 'md5sum reads from the saturated disk; three times as much is written to another one, which keeps up',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    prepareFile(stage.onSlow('big.iso'), 600);
    stage.slow.setRate(20 * MIB);
    await stage.python('writer', 'paced_writer.py', [stage.onHealthy('busy-file'), 300 * MIB, 60 * MIB]);
    await stage.start('reader', 'md5sum', [stage.onSlow('big.iso')]);
    await stage.untilBusy();
  },
  premise: {
    ...SATURATED,
    readBytesPerSecond: { atLeast: 10 * MIB },
    otherWriteBytesPerSecond: { atLeast: 30 * MIB },
    otherBusyPercent: { atMost: 50 },
  },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'reader', as: 'process', activity: ['read'], path: /\/big\.iso$/ }],
  },
};
