/**
 * When a sweep started, by its id alone: the first ten characters of a ULID are milliseconds in Crockford's base 32
 * (https://github.com/ulid/spec).
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** The ids of sweeps, of tokens and of what stands in the audit. */
export const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/u;

/** RFC 3339 in UTC with milliseconds; absent where the id is no ULID of a time that has a date. */
export function sweepStartedAt(id: string): string | undefined {
  if (!ULID.test(id)) return undefined;
  const ms = [...id.slice(0, 10)].reduce((value, character) => value * 32 + ALPHABET.indexOf(character), 0);
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? undefined : date.toISOString();
}
