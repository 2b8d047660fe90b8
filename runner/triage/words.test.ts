import { expect, test } from 'vitest';
import { inBytes, inCount, inList, inPercent, inRate, inTime } from './words.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KB'],
  [4194, '4.1 KB'],
  [10 * 1024, '10 KB'],
  [314_572_844, '300 MB'],
  [1024 ** 2 - 1, '1 MB'],
  [1024 ** 3, '1 GB'],
  [5000 * 1024 ** 4, '5000 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(inBytes(bytes)).toBe(text);
});

test('rates, times, counts and shares', () => {
  expect(inRate(20 * 1024 * 1024)).toBe('20 MB/s');
  expect([0.04, 9.94, 10, 999, 1000, 7270.44, 100_000].map(inTime)).toEqual([
    '0.0 ms',
    '9.9 ms',
    '10 ms',
    '999 ms',
    '1.0 s',
    '7.3 s',
    '100 s',
  ]);
  expect(inCount(314_572_844)).toBe('314,572,844');
  expect([0, 0.004, 0.01, 0.996, 1].map(inPercent)).toEqual(['0 %', 'under 1 %', '1 %', '100 %', '100 %']);
});

test('lists', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(inList)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});
