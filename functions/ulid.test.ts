import { expect, test } from 'vitest';
import { ulid } from './ulid.ts';

test('ids sort by time, are 26 characters and do not repeat', () => {
  const first = ulid(1_700_000_000_000);
  const later = ulid(1_700_000_000_001);
  expect(first).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(first < later).toBe(true);
  expect(first.slice(0, 10)).not.toBe(later.slice(0, 10));
  expect(new Set(Array.from({ length: 1000 }, () => ulid(0))).size).toBe(1000);
  // The example of the ULID specification's text encoding: all bits set but the two that 26 digits have too many.
  expect(ulid(2 ** 48 - 1, new Uint8Array(10).fill(255))).toBe(`7${'Z'.repeat(25)}`);
});
