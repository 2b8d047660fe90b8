import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseSyscall } from './syscall.ts';

const REST = '0x7f3da206ab60 0xffffffff 0x0 0x7fffe89e79c8 0x7f3da21532ad';

describe('parseSyscall', () => {
  test('a write of 314,572,844 bytes on fd 3, in flight', () => {
    expect(parseSyscall(`1 0x3 0x7f0f682e8010 0x12c0002c ${REST}`, 'x86_64')).toEqual({
      name: 'write',
      kind: 'write',
      fd: 3,
      lengthBytes: 314_572_844,
    });
  });

  test('numbers belong to the machine: 64 is write on arm64 and no disk call on x86', () => {
    expect(parseSyscall(`64 0x3 0x7f0f682e8010 0x1000 ${REST}`, 'aarch64')).toMatchObject({ name: 'write', fd: 3 });
    expect(parseSyscall(`64 0x3 0x7f0f682e8010 0x1000 ${REST}`, 'x86_64')).toEqual({
      name: 'syscall 64',
      kind: 'other',
    });
    expect(parseSyscall(`1 0x3 0x7f0f682e8010 0x1000 ${REST}`, 'riscv64')).toEqual({
      name: 'syscall 1',
      kind: 'other',
    });
  });

  test.each([
    ['x86_64', 0, 'read', 'read'],
    ['x86_64', 18, 'pwrite64', 'write'],
    ['x86_64', 74, 'fsync', 'sync'],
    ['x86_64', 75, 'fdatasync', 'sync'],
    ['x86_64', 162, 'sync', 'sync'],
    ['x86_64', 82, 'rename', 'metadata'],
    ['x86_64', 426, 'io_uring_enter', 'io-submit'],
    ['aarch64', 63, 'read', 'read'],
    ['aarch64', 82, 'fsync', 'sync'],
    ['aarch64', 35, 'unlinkat', 'metadata'],
    ['aarch64', 2, 'io_submit', 'io-submit'],
  ])('%s call %i is %s, a %s', (machine, number, name, kind) => {
    expect(parseSyscall(`${number} 0x5 0x1 0x2 ${REST}`, machine)).toMatchObject({ name, kind });
  });

  test('a call that takes no descriptor names none', () => {
    expect(parseSyscall(`162 0x3 0x0 0x0 ${REST}`, 'x86_64')).not.toHaveProperty('fd');
    expect(parseSyscall(`20 0x3 0x7f0f682e8010 0x2 ${REST}`, 'x86_64')).not.toHaveProperty('lengthBytes');
  });

  test('AT_FDCWD and -1 are no descriptors, 2^64 - 1 is no length', () => {
    expect(parseSyscall(`0 0xffffffff 0x1 0xffffffffffffffff ${REST}`, 'x86_64')).toEqual({
      name: 'read',
      kind: 'read',
    });
  });

  test.each(['running', '-1 0x7ffd 0x7f3d', '', '1e3 0x1', '12345 0x1', '0x1 0x1', ...HOSTILE_LINES])(
    '%#: no call: undefined or without a name that we know',
    (line) => {
      const call = parseSyscall(line, 'x86_64');
      expect(call === undefined || call.kind === 'other' || !Object.hasOwn(call, 'lengthBytes')).toBe(true);
      expect(badNumbersIn(call)).toEqual([]);
    },
  );

  test('"running" and a wait outside of a call are undefined', () => {
    expect(parseSyscall('running\n', 'x86_64')).toBeUndefined();
    expect(parseSyscall('-1 0x7ffd2c 0x7f3d', 'x86_64')).toBeUndefined();
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(
        almostLines('1 0x3', '0x12c0002c', REST),
        fc.constantFrom('x86_64', 'aarch64', '__proto__'),
        (text, machine) => {
          for (const line of text.split('\n')) expect(badNumbersIn(parseSyscall(line, machine))).toEqual([]);
        },
      ),
    );
  });
});
