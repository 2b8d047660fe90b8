import { expect, test } from 'vitest';
import type { DiskCounters } from '../proc/diskstats.ts';
import { diskActivity } from './disk-activity.ts';

const zero: DiskCounters = {
  number: '8:0',
  device: 'sda',
  readsCompleted: 0n,
  sectorsRead: 0n,
  readMs: 0n,
  writesCompleted: 0n,
  sectorsWritten: 0n,
  writeMs: 0n,
  inFlight: 0,
  ioMs: 0n,
  weightedMs: 0n,
};

test.each(['readMs', 'writeMs', 'ioMs', 'weightedMs', 'flushMs'] as const)('%s goes on through 2^32', (field) => {
  const before = { ...zero, [field]: 2n ** 32n - 100n };
  expect(diskActivity(before, { ...zero, [field]: 150n }, 5000)?.[field]).toBe(250);
});

test.each([
  ['a time beyond 2^32', { writeMs: 2n ** 32n + 5n }],
  ['a count', { writesCompleted: 2n ** 32n - 1n }],
  ['sectors', { sectorsRead: 10n }],
])('%s that went back has no rate', (_, before) => {
  expect(diskActivity({ ...zero, ...before }, zero, 5000)).toBeUndefined();
});

test('without an earlier line it counts from zero; without time there is no rate', () => {
  expect(diskActivity(undefined, { ...zero, sectorsRead: 3n, writeMs: 7n }, 5000)).toMatchObject({
    readBytes: 1536,
    writeMs: 7,
  });
  expect(diskActivity(zero, zero, 0)).toBeUndefined();
});
