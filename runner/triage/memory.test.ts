import { expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { parseMeminfo } from '../proc/meminfo.ts';
import { memorySchema } from './finding.ts';
import { memoryOf } from './memory.ts';

test('a real host: every figure is there', () => {
  const memory = memoryOf(parseMeminfo(readFixture('6.18', 'meminfo')));
  expect(Object.keys(memory).sort()).toEqual(Object.keys(memorySchema.shape).sort());
});

test('the page cache is what `free` counts as buff/cache', () => {
  expect(memoryOf(parseMeminfo('Cached: 100 kB\nBuffers: 20 kB\nSReclaimable: 3 kB\n')).cacheBytes).toBe(123 * 1024);
});

test('3.10 has no MemAvailable: absent, not zero; nor is there swap use without both figures', () => {
  const memory = memoryOf(parseMeminfo('MemTotal: 100 kB\nMemFree: 7 kB\nSwapTotal: 5 kB\n'));
  expect(memory).toEqual({ totalBytes: 100 * 1024, freeBytes: 7 * 1024 });
});
