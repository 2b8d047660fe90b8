import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inBytes, inCount, inList, inPercent, inRate, inTime } from './words.ts';

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [1023, '1023 B'],
  [1023.6, '1 KB'],
  [1024, '1 KB'],
  [4194, '4.1 KB'],
  [10 * 1024, '10 KB'],
  [21_391_000, '20.4 MB'],
  [33_554_432, '32 MB'],
  [314_572_844, '300 MB'],
  [1024 ** 2 - 1, '1 MB'],
  [1024 ** 3, '1 GB'],
  [5000 * 1024 ** 4, '4.9 PB'],
  [2 ** 60, '1024 PB'],
])('%i bytes are %s', (bytes, text) => {
  expect(inBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [0.123, '0.12 ms'],
  [7, '7 ms'],
  [9.94, '9.9 ms'],
  [10, '10 ms'],
  [410.4, '410 ms'],
  [999.6, '1 s'],
  [7270.44, '7.3 s'],
  [126_000, '2.1 min'],
])('%d ms are %s', (ms, text) => {
  expect(inTime(ms)).toBe(text);
});

test('rates and shares', () => {
  expect(inRate(20 * 1024 * 1024)).toBe('20 MB/s');
  expect([0, 0.004, 0.01, 0.996, 1].map(inPercent)).toEqual(['0 %', 'under 1 %', '1 %', '100 %', '100 %']);
});

test('counts are grouped by thousands, small ones keep a decimal', () => {
  expect([0, 0.04, 4.25, 9.96, 32, 1102.18, 314_572_844].map(inCount)).toEqual([
    '0',
    '0',
    '4.3',
    '10',
    '32',
    '1,102',
    '314,572,844',
  ]);
});

test('no figure is ever longer than a cell or written with an exponent', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (value) => {
      expect(inBytes(value)).toMatch(/^[0-9.]{1,5} [KMGTP]?B$/);
      expect(inTime(value)).toMatch(/^[0-9.]+ (?:ms|s|min)$/);
      expect(inCount(value)).toMatch(/^[0-9.,]+$/);
    }),
  );
});

test('lists', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(inList)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});
