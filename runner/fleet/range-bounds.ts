/** What stands between the brackets of a folded set: '01-20,30' or '0-10/2' (ClusterShell's RangeSet), '01:50:2' or 'a:f' (Ansible). */
import { shown } from '../ssh/shown.ts';

export type Bounds =
  /** `width` is the number of digits that leading zeros fill up to, 0 where there are none. */
  | {
      readonly kind: 'numbers';
      readonly first: number;
      readonly last: number;
      readonly step: number;
      readonly width: number;
    }
  | { readonly kind: 'letters'; readonly letters: readonly string[] };

/** `offset` counts from 0 into the text that was read. */
export interface BoundsError {
  readonly offset: number;
  readonly message: string;
}

export type ReadBounds = (inside: string) => readonly Bounds[] | BoundsError;

/** Beyond this a number is no longer exact. */
const MOST_DIGITS = 15;
/** The order in which Ansible counts letters: Python's string.ascii_letters. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Reads numbers and ranges of numbers as ClusterShell does: '1-100', '08-11', '0-10/2', '1,3-5'. */
export function boundsOf(inside: string): readonly Bounds[] | BoundsError {
  const bounds: Bounds[] = [];
  let offset = 0;
  for (const part of inside.split(',')) {
    const one = numbersOf(part);
    if ('message' in one) return { offset: offset + part.search(/\S|$/u), message: one.message };
    bounds.push(one);
    offset += part.length + 1;
  }
  return bounds;
}

/** The same, and Ansible's 'first:last' and 'first:last:step' of numbers or single letters ("Adding ranges of hosts" of its inventory guide). */
export function ansibleBoundsOf(inside: string): readonly Bounds[] | BoundsError {
  if (!inside.includes(':')) return boundsOf(inside);
  const match = /^([0-9]*|[a-z]):([0-9]+|[a-z])(?::([0-9]+))?$/iu.exec(inside);
  if (!match) return { offset: 0, message: `${shown(inside)} is no range: write [01:20], [01:20:2] or [a:f].` };
  const [, first = '', last = '', step = '1'] = match;
  if (Number(step) < 1) return { offset: 0, message: `a range with the step ${step} never ends: write [01:20:2].` };
  const [from, to] = [LETTERS.indexOf(first || '0'), LETTERS.indexOf(last)];
  if (from >= 0 && to >= 0) {
    if (from > to)
      return { offset: 0, message: `the range ${shown(inside)} counts down: write the smaller letter first.` };
    const letters = [...LETTERS.slice(from, to + 1)].filter((_, index) => index % Number(step) === 0);
    return [{ kind: 'letters', letters }];
  }
  if (from >= 0 || to >= 0)
    return { offset: 0, message: `${shown(inside)} mixes a letter and a number: write [01:20] or [a:f].` };
  const one = rangeOf(first || '0', last, step);
  return 'message' in one ? { offset: 0, message: one.message } : [one];
}

/** How many names or parts of names they spell. */
export function countOf(bounds: readonly Bounds[]): number {
  return bounds.reduce((count, one) => count + (one.kind === 'letters' ? one.letters.length : lengthOf(one)), 0);
}

/** Each of them, in order, with its leading zeros. */
export function spelled(bounds: readonly Bounds[]): string[] {
  return bounds.flatMap((one) =>
    one.kind === 'letters'
      ? one.letters
      : Array.from({ length: lengthOf(one) }, (_, index) =>
          String(one.first + index * one.step).padStart(one.width, '0'),
        ),
  );
}

type Numbers = Extract<Bounds, { kind: 'numbers' }>;

function lengthOf({ first, last, step }: Numbers): number {
  return Math.floor((last - first) / step) + 1;
}

function numbersOf(part: string): Numbers | { message: string } {
  const text = part.trim();
  if (text === '') return { message: 'a number is missing: write [1-3,5].' };
  const match = /^([0-9]+)(?:\s*-\s*([0-9]+)(?:\/([0-9]+))?)?$/u.exec(text);
  if (match) return rangeOf(match[1] ?? '', match[2] ?? match[1] ?? '', match[3] ?? '1');
  if (/^[0-9]+\/[0-9]+$/u.test(text)) return { message: `${shown(text)} has a step but no range: write [0-10/2].` };
  if (/^[0-9a-z]*:[0-9a-z]+$/iu.test(text)) {
    return { message: `${shown(text)} is a range as Ansible writes it: write [01-20].` };
  }
  return { message: `${shown(text)} is neither a number nor a range: write [1-3,5] or [0-10/2].` };
}

function rangeOf(first: string, last: string, step: string): Numbers | { message: string } {
  if (Math.max(first.length, last.length, step.length) > MOST_DIGITS) {
    return { message: `a number of more than ${MOST_DIGITS} digits: write a smaller range.` };
  }
  const isPadded = (digits: string): boolean => digits.length > 1 && digits.startsWith('0');
  const padded = isPadded(first) || isPadded(last);
  if (padded && first.length !== last.length) {
    return { message: `${first} and ${last} differ in length, so that it is open where zeros belong: write [01-20].` };
  }
  const range = { first: Number(first), last: Number(last), step: Number(step) };
  if (range.first > range.last)
    return { message: `the range from ${first} to ${last} counts down: write the smaller number first.` };
  if (range.step < 1) return { message: `a range with the step ${step} never ends: write [0-10/2].` };
  return { kind: 'numbers', ...range, width: padded ? first.length : 0 };
}
