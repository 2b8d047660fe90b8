/** What the bundle could not see, as sentences for `limits`. Notes are `KEY VALUE…` lines; unknown keys are shown as they are. */
import { areCallsKnown } from './proc/syscall.ts';

/** The two passes that are compared are not one moment: a few processes come or go in between. */
const FLEETING = 5;

/** `key` → its numbers, at most 64 notes. */
export function parseNotes(text: string): Map<string, string[][]> {
  const notes = new Map<string, string[][]>();
  for (const line of text.split('\n').slice(0, 64)) {
    const [key, ...values] = line.trim().slice(0, 200).split(' ');
    if (key) notes.set(key, [...(notes.get(key) ?? []), values]);
  }
  return notes;
}

export interface SeenFacts {
  readonly privilege: 'root' | 'sudo' | 'user' | undefined;
  /** The effective user id that the bundle ran under. */
  readonly euid: number | undefined;
  readonly mode: string | undefined;
  readonly hasPressure: boolean;
  readonly machine: string;
}

export function limitsOf(notes: ReadonlyMap<string, readonly string[][]>, facts: SeenFacts): string[] {
  const limits: string[] = [];
  const number = (key: string): number => {
    const text = notes.get(key)?.[0]?.[0] ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : 0;
  };
  const [processes, unreadable] = [number('processes'), number('unreadable')];
  if (facts.privilege === 'user') {
    const who = facts.euid === undefined ? '' : ` (run as uid ${facts.euid})`;
    const seen =
      unreadable > 0 ? `${unreadable} of ${processes} processes unreadable` : "other users' processes unreadable";
    limits.push(`${seen}: not root${who}; what they read, write and hold open is invisible`);
  } else if (unreadable > FLEETING) {
    limits.push(
      `${unreadable} of ${processes} processes unreadable, though run as ${facts.euid === 0 ? 'root' : (facts.privilege ?? 'an unknown user')}`,
    );
  }
  if (facts.mode === 'bare')
    limits.push('no usable awk on the host (or it could not fork): fewer samples, fewer details');
  if (facts.machine === 'unknown') limits.push('unknown machine type: system calls are not named');
  else if (!areCallsKnown(facts.machine)) {
    limits.push(`system calls of a ${facts.machine.slice(0, 16)} are not named: who flushes or renames is not seen`);
  }
  if (!facts.hasPressure) limits.push('the kernel offers no pressure figures (/proc/pressure)');
  for (const [key, rows] of notes) {
    for (const values of rows) {
      const sentence = sentenceOf(key, values);
      if (sentence !== undefined) limits.push(sentence);
    }
  }
  return limits;
}

/** How many values a note has that becomes a sentence; one with fewer is shown as it came. */
const VALUES: Readonly<Record<string, number>> = {
  'capped-processes': 2,
  'capped-threads': 3,
  'capped-fds': 3,
  'capped-devices': 2,
};

function sentenceOf(key: string, values: readonly string[]): string | undefined {
  const [first, second, third] = values;
  const isShort = Object.hasOwn(VALUES, key) && values.length < (VALUES[key] as number);
  switch (isShort ? '' : key) {
    case 'processes':
    case 'unreadable':
      return undefined;
    case 'capped-processes':
      return `truncated: ${first} of ${second} processes were read`;
    case 'capped-threads':
      return `truncated: ${second} of ${third} threads of process ${first} were looked at every time`;
    case 'capped-fds':
      return `truncated: ${second} of ${third} open files of process ${first} were read`;
    case 'capped-devices':
      return `truncated: ${first} of ${second} block devices were read`;
    case 'recorded':
      return 'a recording, played back: what it shows was so when it was recorded, and is not now';
    case 'no-ls':
      return 'no ls on the host: open files are known by device only, not by name';
    case 'no-grep':
      return 'no grep on the host: processes were read with the shell alone';
    default:
      return `bundle note: ${[key, ...values].join(' ')}`;
  }
}
