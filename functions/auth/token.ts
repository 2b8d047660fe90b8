/** Tokens of the HTTP API: 32 random bytes behind a word by which scanners of repositories and logs recognise a leaked one. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'whodisk_';
const RANDOM_BYTES = 32;
/** base64url of 32 bytes without padding: the last of its 43 characters has two bits that are always 0. */
const SHAPE = /^whodisk_[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

export const newToken = (): string => PREFIX + randomBytes(RANDOM_BYTES).toString('base64url');

export const isToken = (text: string): boolean => SHAPE.test(text);

/**
 * SHA-256 in hex: what is stored of a token. A slow hash would protect passwords that people choose; nobody guesses 256 random bits.
 */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whether two hashes are the same, in a time that does not tell how much of them is. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
