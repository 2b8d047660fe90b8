import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatByteRate, formatBytes, formatCount, formatMs, formatPercent, formatShare } from './units.ts';

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [1023.6, '1 KB'],
  [33_554_432, '32 MB'],
  [314_572_844, '300 MB'],
  [21_391_000, '20.4 MB'],
  [2 ** 60, '1024 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
  expect(formatByteRate(bytes)).toBe(`${text}/s`);
});

test.each([
  [0, '0 ms'],
  [0.123, '0.12 ms'],
  [7, '7 ms'],
  [410.4, '410 ms'],
  [999.6, '1 s'],
  [7270.44, '7.3 s'],
  [126_000, '2.1 min'],
])('%d ms are %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test('percentages keep a decimal only near the top, and a little is not nothing', () => {
  expect([0, 0.2, 3.1, 92.7, 99.2, 99.96, 100].map(formatPercent)).toEqual([
    '0 %',
    '<1 %',
    '3 %',
    '93 %',
    '99.2 %',
    '100 %',
    '100 %',
  ]);
  expect([0, 0.14, 0.98, 0.998, 1].map(formatShare)).toEqual(['0 %', '14 %', '98 %', '>99 %', '100 %']);
});

test('counts are grouped by thousands', () => {
  expect([0, 0.04, 4.25, 9.96, 32, 1102.18, 1_234_567].map(formatCount)).toEqual([
    '0',
    '0',
    '4.3',
    '10',
    '32',
    '1,102',
    '1,234,567',
  ]);
});

test('no figure is ever longer than its cell or written with an exponent', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (value) => {
      expect(formatBytes(value)).toMatch(/^[0-9.]{1,5} [KMGTP]?B$/);
      expect(formatMs(value)).toMatch(/^[0-9.]+ (?:ms|s|min)$/);
      expect(formatCount(value)).toMatch(/^[0-9.,]+$/);
    }),
  );
});
