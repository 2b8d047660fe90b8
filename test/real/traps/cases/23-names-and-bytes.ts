import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { COPY_AGAIN } from './22-children-elsewhere.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const namesAndBytes: TrapCase = {
  name: '23-names-and-bytes',
  traps: [3],
  situation: 'a program moves and links files of the saturated disk and writes nothing; others write to another disk',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    await stage.python('mover', 'rename_storm.py', [stage.onSlow('spool'), 500, 80]);
    run('dd', 'if=/dev/urandom', `of=${stage.inMemory('part')}`, 'bs=1M', 'count=12', 'status=none');
    await stage.shell('elsewhere', COPY_AGAIN, [stage.inMemory('part'), stage.healthy.mountpoint], { group: true });
    // What it took to make the files is not to be the backlog that is measured.
    run('sync', '-f', stage.slow.mountpoint);
    stage.slow.setRate(2.5 * MIB);
    await stage.untilBusy();
  },
  premise: { ...SATURATED, otherWriteBytesPerSecond: { atLeast: 15 * MIB } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'mover', as: 'process', activity: ['metadata'] }],
    carriers: /^jbd2\//,
  },
};
