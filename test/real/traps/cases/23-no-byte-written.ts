import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

export const noByteWritten: TrapCase = {
  name: '23-no-byte-written',
  traps: [],
  situation: 'a program moves, links and removes empty files; the journal writes, and nobody is charged for it',
  setup: async (stage) => {
    stage.slow.setRate('unlimited');
    await stage.python('mover', 'rename_storm.py', [stage.onSlow('spool'), 500, 80]);
    // What it took to make the files is not to be the backlog that is measured.
    run('sync', '-f', stage.slow.mountpoint);
    stage.slow.setRate(2.5 * MIB);
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'mover', as: 'process', activity: ['metadata'] }],
    carriers: /^jbd2\//,
  },
};
