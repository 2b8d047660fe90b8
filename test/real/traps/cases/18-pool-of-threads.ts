import { fileURLToPath } from 'node:url';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

export const poolOfThreads: TrapCase = {
  name: '18-pool-of-threads',
  traps: [18],
  situation: 'a pool of Java threads writes, while the first thread of the process waits for nothing',
  setup: async (stage) => {
    const program = fileURLToPath(new URL('../../../lab/programs/Pool.java', import.meta.url));
    const java = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', program, stage.slow.mountpoint, '8', '90'];
    await stage.start('java', 'java', java, { saysReady: true });
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'java', as: 'process', activity: ['buffered-write'], path: /\/segment-\d$/ }],
  },
};
