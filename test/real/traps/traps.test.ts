/** Each trap once, live: real programs, a disk that is really slow, whodisk over a real sshd. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../needs.ts';
import { type Bed, openBed } from './bed.ts';
import { CASES } from './cases.ts';
import { TRAP_NEEDS } from './needs.ts';
import { runCase } from './run-case.ts';

const need = needs(...TRAP_NEEDS);

describe.skipIf(need.skip)('in a trap', () => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await openBed();
  }, 60_000);

  afterAll(() => bed?.close(), 60_000);

  test.each(CASES)('$name: $situation', async (trap) => {
    const { premiseProblems, whodisk } = await runCase(trap, bed);
    expect({ premiseProblems, ...whodisk }).toEqual({ premiseProblems: [], outcome: 'right', problems: [] });
  });
});
