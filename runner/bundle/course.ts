/** The `course` line of a `suspect` frame: when a process was looked at, and what it was doing then. The format is the bundle's own. */
import { callNumbered } from '../proc/syscall.ts';
import type { ProcessLook } from '../triage/samples.ts';

/** The longest window has six looks: one at two fifths, then one for each further 15 %; a few more of those chosen late. */
const MOST_LOOKS = 16;
const LOOK = /^(\d{1,5})([DRSO])(\d{1,4})?$/;
const STATES = { D: 'waiting', R: 'running', S: 'sleeping', O: 'other' } as const;

/**
 * `HUNDREDTHS STATE CALL` without spaces between, a look a word: hundredths of a second since the bundle opened its window, the state
 * (proc(5), `O` for any that is not R, S or D), the number of the system call if it was in one. `machine`: of `uname -m`.
 */
export function parseCourse(text: string, machine: string): ProcessLook[] | 'malformed' {
  const looks: ProcessLook[] = [];
  for (const word of text.split(' ').slice(0, MOST_LOOKS)) {
    const found = LOOK.exec(word);
    const atMs = Number(found?.[1]) * 10;
    if (!found || atMs < (looks.at(-1)?.atMs ?? 0)) return 'malformed';
    const call = found[3] === undefined ? undefined : callNumbered(found[3], machine);
    looks.push({ atMs, state: STATES[found[2] as keyof typeof STATES], ...(call !== undefined && { call }) });
  }
  return looks;
}
