/**
 * The order of runner/triage/rank.ts as one string, so that a table sorts hosts, worst first, and hands them out page by page: keys
 * compare, byte by byte as DynamoDB does, exactly as `compareWorstFirst` compares hosts.
 *
 *   group   '1' (hung) to '7' (healthy)
 *   score   the 64 bits of the number, inverted: those of positive numbers sort as the numbers do (IEEE 754)
 *   name    in natural order, and once more as it is, to part db-1 from db-01
 *
 * The name is cut into numbers and texts, as `compareNaturally` does. A number is its count of digits and its digits. A text ends in a
 * space, which is below every character of one; characters outside printable ASCII are written as `!` or `~` and four digits, with which
 * UTF-16 order, JavaScript's, becomes byte order.
 */
import { createHash } from 'node:crypto';
import { groupOf, type Rankable } from '../../runner/triage/rank.ts';

/** At most 1,024 bytes of printable ASCII. */
export function rankKey(host: Rankable): string {
  const key = `${groupOf(host)}${scoreKey(host.score)}${nameKey(host.host)}`;
  if (key.length <= MOST_KEY_BYTES) return key;
  // Nobody can read a name of this length, so its exact place does not matter; that it has one of its own does.
  return `${key.slice(0, MOST_KEY_BYTES - HASH_DIGITS)}${createHash('sha256').update(key).digest('hex').slice(0, HASH_DIGITS)}`;
}

/** A sort key of DynamoDB takes 1,024 bytes. */
const MOST_KEY_BYTES = 1024;
const HASH_DIGITS = 32;

function scoreKey(score: number): string {
  const view = new DataView(new ArrayBuffer(8));
  // -0 + 0 is 0: the sign of zero would sort it before everything.
  view.setFloat64(0, score + 0);
  return (view.getBigUint64(0) ^ ALL_BITS).toString(16).padStart(16, '0');
}

const ALL_BITS = 0xffffffffffffffffn;

function nameKey(name: string): string {
  const pieces = (name.match(/[0-9]+|[^0-9]+/gu) ?? []).map((piece) =>
    /^[0-9]/.test(piece) ? numberKey(piece) : `${textKey(piece)} `,
  );
  return `${pieces.join('')} ${textKey(name)}`;
}

function numberKey(digits: string): string {
  const significant = digits.replace(/^0+(?=.)/, '');
  const { length } = significant;
  return `${length < 9 ? length : `9${String(length).padStart(6, '0')}`}${significant}`;
}

const textKey = (text: string): string =>
  text.replace(/[^\x22-\x7d]/g, (character) => {
    const unit = character.charCodeAt(0);
    return `${unit < 0x22 ? '!' : '~'}${unit.toString(16).padStart(4, '0')}`;
  });
