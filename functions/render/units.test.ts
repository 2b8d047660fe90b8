import { expect, test } from 'vitest';
import { formatPercent, formatShare } from './units.ts';

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
  expect([0, 0.004, 0.14, 0.98, 0.998, 1].map(formatShare)).toEqual(['0 %', '<1 %', '14 %', '98 %', '>99 %', '100 %']);
});
