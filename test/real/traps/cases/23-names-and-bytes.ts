import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { COPY_AGAIN } from './22-children-elsewhere.ts';
import { startRenameStorm } from './rename-storm.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const namesAndBytes: TrapCase = {
  name: '23-names-and-bytes',
  traps: [3],
  situation: 'a program moves and links files of the saturated disk and writes nothing; others write to another disk',
  setup: async (stage) => {
    run('dd', 'if=/dev/urandom', `of=${stage.inMemory('part')}`, 'bs=1M', 'count=12', 'status=none');
    await stage.shell('elsewhere', COPY_AGAIN, [stage.inMemory('part'), stage.healthy.mountpoint], { group: true });
    await startRenameStorm(stage);
  },
  premise: { ...SATURATED, otherWriteBytesPerSecond: { atLeast: 15 * MIB } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'mover', as: 'process', activity: ['metadata'] }],
    carriers: /^jbd2\//,
  },
};
