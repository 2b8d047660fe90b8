/**
 * Ids of sweeps, of tokens and of what stands in the audit: ULIDs (https://github.com/ulid/spec), 26 characters of Crockford's base 32. The
 * first ten are a time in milliseconds, so that ids sort by it; the other sixteen are 80 random bits, so that nobody guesses another's.
 */
import { randomBytes } from 'node:crypto';

/** @param atMs epoch milliseconds, for a sweep that of its start @param random 10 bytes */
export function ulid(atMs: number, random: Uint8Array = randomBytes(10)): string {
  const randomBits = random.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
  return base32(BigInt(atMs), 10) + base32(randomBits, 16);
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function base32(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest >>= 5n) text = ALPHABET.charAt(Number(rest & 31n)) + text;
  return text;
}
