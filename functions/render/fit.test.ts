import { expect, test } from 'vitest';
import { wrap } from './fit.ts';

test('a figure is not parted from its unit', () => {
  expect(wrap('buffered writes of 300 MB; inferred', 22)).toEqual(['buffered writes of', '300 MB; inferred']);
  expect(wrap('user 0.7 %, idle', 8)).toEqual(['user', '0.7 %,', 'idle']);
  expect(wrap('43.8 MB/s now', 6)).toEqual(['43.8 M', 'B/s', 'now']);
  expect(wrap('port 22 B-tree', 9)).toEqual(['port 22', 'B-tree']);
});
