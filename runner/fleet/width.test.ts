import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withoutDuplicates } from './targets.ts';
import { openFilesLimitOf, widthFor } from './width.ts';

describe('the width of the fan-out', () => {
  test('is what was asked for where the open files allow it', () => {
    expect(widthFor(256, 1024)).toEqual({ width: 256 });
    expect(widthFor(5000, Number.POSITIVE_INFINITY)).toEqual({ width: 5000 });
  });

  test('is smaller where they do not, never none, and says why and what to do', () => {
    const { width, message } = widthFor(256, 64);
    expect(width).toBe(16);
    expect(message).toContain('64 open files');
    expect(message).toContain('ulimit -n 544');
    expect(widthFor(256, 10).width).toBe(1);
  });

  test.skipIf(process.platform !== 'linux')('is read from /proc/self/limits', () => {
    expect(openFilesLimitOf(readFileSync('/proc/self/limits', 'utf8'))).toBeGreaterThan(0);
    expect(openFilesLimitOf('Max open files            unlimited            unlimited            files')).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(openFilesLimitOf('')).toBeUndefined();
  });
});

test('a target that is named twice is visited once, under its first spelling', () => {
  const targets = ['root@a', 'b', 'ROOT@a', 'c', 'b'];
  expect(withoutDuplicates(targets, (text) => text.toLowerCase())).toEqual(['root@a', 'b', 'c']);
});
