import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseOpenFlags } from './fdinfo.ts';

describe('parseOpenFlags', () => {
  test('a log opened to append', () => {
    expect(parseOpenFlags('0102001', 'x86_64')).toEqual({
      reads: false,
      writes: true,
      direct: false,
      sync: false,
      append: true,
    });
  });

  test.each([
    ['0100000', true, false],
    ['0100001', false, true],
    ['0100002', true, true],
  ])('%s reads: %s, writes: %s', (flags, reads, writes) => {
    expect(parseOpenFlags(flags, 'x86_64')).toMatchObject({ reads, writes });
  });

  test('O_DIRECT has another bit on arm64', () => {
    expect(parseOpenFlags('0140001', 'x86_64')?.direct).toBe(true);
    expect(parseOpenFlags('0140001', 'aarch64')?.direct).toBe(false);
    expect(parseOpenFlags('0300001', 'aarch64')?.direct).toBe(true);
    expect(parseOpenFlags('0300000', 'x86_64')?.direct).toBe(false);
  });

  test('O_SYNC and O_DSYNC both wait for the disk', () => {
    expect(parseOpenFlags('04110001', 'x86_64')?.sync).toBe(true);
    expect(parseOpenFlags('0110001', 'x86_64')?.sync).toBe(true);
  });

  test.each(['-', '', '8', '-1', '1e3', '0x1', 'NaN', '__proto__', '7'.repeat(13)])(
    '%j is no set of flags',
    (flags) => {
      expect(parseOpenFlags(flags, 'x86_64')).toBeUndefined();
    },
  );

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (flags, machine) => void parseOpenFlags(flags, machine)));
  });
});
