/** Each trap once, live: real programs, a disk that is really slow, whodisk over a real sshd. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, openLab } from '../../lab/session.ts';
import { needs } from '../../needs.ts';
import { type Bed, openBed } from './bed.ts';
import { CASES, GUEST_CASES } from './cases.ts';
import { type Guest, openGuest } from './guest.ts';
import { GUEST_NEEDS, TRAP_NEEDS } from './needs.ts';
import { runCase, runGuestCase } from './run-case.ts';

const need = needs(...TRAP_NEEDS);
const guestNeed = needs(...GUEST_NEEDS);

describe.skipIf(need.skip)('in a trap', () => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await openBed();
  }, 60_000);

  afterAll(() => bed?.close(), 60_000);

  test.each(CASES.map((trap) => [trap.name, trap] as const))('%s', async (_, trap) => {
    const { premiseProblems, whodisk } = await runCase(trap, bed);
    expect({ premiseProblems, ...whodisk }).toEqual({ premiseProblems: [], outcome: 'right', problems: [] });
  });
});

describe.skipIf(guestNeed.skip)('in a trap on a host of its own', () => {
  let lab: Lab;
  let guest: Guest;

  beforeAll(async () => {
    lab = openLab();
    guest = await openGuest(lab);
  }, 240_000);

  afterAll(() => lab?.close(), 60_000);

  test.each(GUEST_CASES.map((trap) => [trap.name, trap] as const))('%s', async (_, trap) => {
    const { premiseProblems, whodisk } = await runGuestCase(trap, guest);
    expect({ premiseProblems, ...whodisk }).toEqual({ premiseProblems: [], outcome: 'right', problems: [] });
  });
});
