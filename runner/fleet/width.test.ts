import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openFilesLimitOf, widthFor } from './width.ts';

describe('the width of the fan-out', () => {
  test('is what was asked for where the open files allow it', () => {
    expect(widthFor(256, 1024, 2)).toEqual({ width: 256 });
    expect(widthFor(5000, Number.POSITIVE_INFINITY, 2)).toEqual({ width: 5000 });
  });

  test('is smaller where they do not, never none, and says why and what to do', () => {
    const { width, message } = widthFor(256, 64, 2);
    expect(width).toBe(16);
    expect(message).toContain('64 open files');
    expect(message).toContain('ulimit -n 544');
    expect(widthFor(256, 10, 2).width).toBe(1);
    expect(widthFor(256, 64, 4)).toMatchObject({ width: 8, message: expect.stringContaining('ulimit -n 1056') });
  });

  test.skipIf(process.platform !== 'linux')('is read from /proc/self/limits', () => {
    expect(openFilesLimitOf(readFileSync('/proc/self/limits', 'utf8'))).toBeGreaterThan(0);
    expect(openFilesLimitOf('Max open files            unlimited            unlimited            files')).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(openFilesLimitOf('')).toBeUndefined();
  });
});
