import { expect } from 'vitest';
import { howToGet, isPresent, type Need } from './need-providers.ts';
import { noteSkipped } from './skipped-by-name.ts';

export type { Need } from './need-providers.ts';

/** `skip` goes to `describe.skipIf(…)` or `it.skipIf(…)`; `reason` names what is missing and the commands that provide it. */
export type Needed = { skip: false; reason?: undefined } | { skip: true; reason: string };

/**
 * Asks whether this machine has what a test file needs. What is missing makes its tests skip by name: the end of the run
 * lists them with the commands that provide it. With `CI` set nothing is skipped silently, a missing need is an error; only what
 * `WHODISK_TEST_WITHOUT` names (separated by commas) is left out there.
 *
 *     const need = needs('root', 'openssh-server');
 *     describe.skipIf(need.skip)('a real sshd', () => { … });
 *
 * @throws Error with `CI` set, when a need is missing
 */
export function needs(...wanted: Need[]): Needed {
  const leftOut = (process.env['WHODISK_TEST_WITHOUT'] ?? '').split(',');
  const omitted = wanted.filter((need) => leftOut.includes(need));
  if (omitted.length > 0) return { skip: true, reason: `left out by WHODISK_TEST_WITHOUT: ${omitted.join(', ')}` };

  const missing = wanted.filter((need) => !isPresent(need));
  if (missing.length === 0) return { skip: false };
  const reason = `needs ${missing.join(', ')}: ${howToGet(missing).join('; ')}`;
  if (isCi()) throw new Error(`This test file ${reason}. With CI set nothing is skipped.`);
  noteSkipped({ file: expect.getState().testPath ?? 'a test', missing });
  return { skip: true, reason };
}

function isCi(): boolean {
  const ci = process.env['CI'] ?? '';
  return ci !== '' && ci !== '0' && ci !== 'false';
}
