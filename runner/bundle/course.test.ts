import { expect, test } from 'vitest';
import { parseCourse } from './course.ts';

test('each look has its time, its state and its call by the numbers of the machine', () => {
  expect(parseCourse('223D1 298D 399S230 499R 524O', 'x86_64')).toEqual([
    { atMs: 2230, state: 'waiting', call: 'write' },
    { atMs: 2980, state: 'waiting' },
    // clock_nanosleep() has nothing to do with a disk.
    { atMs: 3990, state: 'sleeping' },
    { atMs: 4990, state: 'running' },
    { atMs: 5240, state: 'other' },
  ]);
  expect(parseCourse('223D82', 'aarch64')).toEqual([{ atMs: 2230, state: 'waiting', call: 'fsync' }]);
  expect(parseCourse('223D1', 'riscv64')).toEqual([{ atMs: 2230, state: 'waiting' }]);
});

test('what the bundle does not write is malformed: no state, another one, a time that goes back', () => {
  for (const text of ['', '223', '223Z', '-1D', '223D-1', '1e3D', '223D1 222D1', '223D1  298D1']) {
    expect(parseCourse(text, 'x86_64'), text).toBe('malformed');
  }
});

test('a host that sends looks without end gets sixteen', () => {
  expect(parseCourse(Array.from({ length: 5000 }, (_, i) => `${i}R`).join(' '), 'x86_64')).toHaveLength(16);
});
