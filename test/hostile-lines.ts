/** Lines that a compromised or broken host may send where a kernel file was expected, for the tests of every parser. */
import * as fc from 'fast-check';

export const HOSTILE_LINES = [
  '__proto__',
  'constructor: 1 kB',
  'NaN NaN NaN NaN',
  '-1 -1 -1 -1',
  '1e3 1e3 1e3 1e3',
  'Infinity Infinity',
  '18446744073709551616 18446744073709551616',
  '0x10 0x10',
  '١٢٣ 4 5',
  '\u001b[2J\u202e\u0000',
  ' ',
  'x'.repeat(1024 * 1024),
  '9'.repeat(1024 * 1024),
  '- '.repeat(512 * 1024),
  '\\'.repeat(1024 * 1024),
] as const;

/** Words that look like a line of a kernel file, in any order, with hostile numbers between them. */
export function almostLines(...words: string[]): fc.Arbitrary<string> {
  const token = fc.oneof(
    fc.constantFrom(...words),
    fc.nat().map(String),
    fc.constantFrom('NaN', '-1', '1e3', '-', '', '18446744073709551616', '99999999999999999999', '__proto__'),
    fc.string({ maxLength: 8 }),
  );
  const line = fc.array(token, { maxLength: 24 }).map((tokens) => tokens.join(' '));
  return fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
}

/** Every number anywhere in a value; a bigint counts as the number that it becomes. */
export function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'bigint') return [Number(value)];
  if (value instanceof Map) return [...value].flatMap(numbersIn);
  if (Array.isArray(value)) return value.flatMap(numbersIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

/** What no parser may ever yield from any text: NaN, an infinity or a number below zero. */
export const badNumbersIn = (value: unknown): number[] =>
  numbersIn(value).filter((number) => !Number.isFinite(number) || number < 0);
