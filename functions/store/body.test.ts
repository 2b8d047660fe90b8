import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MOST_PART_BYTES, pack, unpack } from './body.ts';

test('what is packed comes out the same, lone surrogates and NUL too', () => {
  const value = { text: '\ud800 \u0000 漢 "', list: [1, null, true] };
  const packed = pack(value);
  expect(packed?.parts).toHaveLength(1);
  expect(unpack(packed?.parts ?? [], packed?.hash ?? '')).toEqual({ value });
});

test('what does not fit into an item is cut, and a part that is missing, exchanged or changed is noticed', () => {
  const value = randomBytes(1_000_000).toString('base64');
  const { parts, hash } = pack(value) ?? { parts: [], hash: '' };
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.every(({ length }) => length <= MOST_PART_BYTES)).toBe(true);
  expect(unpack(parts, hash)).toEqual({ value });
  expect(unpack(parts.slice(1), hash)).toEqual({ damage: expect.any(String) });
  expect(unpack([...parts].reverse(), hash)).toEqual({ damage: expect.any(String) });
});

test('a few bytes that inflate to gigabytes are refused before they do', () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
  expect(bomb.length).toBeLessThan(100_000);
  expect(unpack([bomb], '')).toEqual({ damage: expect.any(String) });
});

test('rubbish is damage, not an exception', () => {
  expect(unpack([Buffer.from('no gzip')], '')).toEqual({ damage: expect.any(String) });
  expect(unpack([gzipSync('{"half":')], '')).toEqual({ damage: expect.any(String) });
});

test('more than is ever read back is not packed', () => {
  expect(pack('x'.repeat(40 * 1024 * 1024))).toBeUndefined();
});
