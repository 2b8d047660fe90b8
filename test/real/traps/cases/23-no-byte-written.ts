import type { TrapCase } from '../trap-case.ts';
import { startRenameStorm } from './rename-storm.ts';
import { SATURATED } from './saturated.ts';

export const noByteWritten: TrapCase = {
  name: '23-no-byte-written',
  traps: [],
  situation: 'a program moves, links and removes empty files; the journal writes, and nobody is charged for it',
  setup: startRenameStorm,
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'mover', as: 'process', activity: ['metadata'] }],
    carriers: /^jbd2\//,
  },
};
