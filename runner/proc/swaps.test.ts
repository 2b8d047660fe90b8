import { expect, test } from 'vitest';
import { parseSwaps } from './swaps.ts';

const HEADING = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';

test('areas of both kinds, in bytes', () => {
  const text = `${HEADING}/dev/dm-1                               partition\t2097148\t\t1024\t\t-2\n/swap\\040file   file\t\t1024\t\t0\t\t5\n`;
  expect(parseSwaps(text)).toEqual([
    { path: '/dev/dm-1', kind: 'partition', sizeBytes: 2097148 * 1024, usedBytes: 1024 * 1024 },
    { path: '/swap file', kind: 'file', sizeBytes: 1024 * 1024, usedBytes: 0 },
  ]);
});

test.each(['', HEADING, 'rubbish', '/dev/sda2 partition x 0 -1'])('no area in %j', (text) => {
  expect(parseSwaps(text)).toEqual([]);
});
