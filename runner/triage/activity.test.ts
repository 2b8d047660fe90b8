import { describe, expect, test } from 'vitest';
import { file, io, MB, process, spread, suspect } from '../../test/host-samples.ts';
import { doingOf } from './activity.ts';
import type { LedgerRow } from './ledger.ts';
import type { IoDelta, Suspect } from './samples.ts';

function doing(delta: Partial<IoDelta>, more: Partial<Suspect> = {}, directWrites = false) {
  const counters = io(delta);
  const open = file(3, '/a', 1);
  const row: LedgerRow = {
    load: {
      process: process(1, 'p', { io: counters }),
      suspect: suspect(1, [open], more),
      files: [{ file: open, device: 'sda' }],
      directWrites,
      read: spread('sda', counters.readBytes),
      write: spread('sda', counters.writtenBytes),
      count: 1,
    },
    readBytesPerSecond: counters.readBytes,
    writeBytesPerSecond: counters.writtenBytes,
    share: 1,
    isPlaced: true,
    ownPart: 1,
  };
  return doingOf(row);
}
const call = (kind: 'read' | 'write' | 'sync', count: number, lengthBytes?: number, fd = 3) => ({
  count,
  value: { name: kind, kind, fd, ...(lengthBytes !== undefined && { lengthBytes }) },
});

describe('what a process does', () => {
  test('mostly reads is a read, half and half is mixed', () => {
    expect(doing({ readBytes: 90 * MB, writtenBytes: 10 * MB }).activity).toBe('read');
    expect(doing({ readBytes: 50 * MB, writtenBytes: 50 * MB }).activity).toBe('mixed');
  });

  test('writes with O_DIRECT are direct', () => {
    expect(doing({ writtenBytes: 10 * MB }, {}, true).activity).toBe('direct-write');
  });

  test('large writes with an fsync now and then are writes, small ones that wait in fsync are fsync', () => {
    const calls = [call('sync', 9), call('write', 1, 4096)];
    expect(doing({ writtenBytes: 100 * MB, writeCalls: 10 }, { calls }).activity).toBe('buffered-write');
    expect(doing({ writtenBytes: 4 * MB, writeCalls: 1000 }, { calls }).activity).toBe('fsync');
  });

  test('the size that was seen in flight counts before the average', () => {
    const calls = [call('write', 3, 300 * MB), call('write', 5, 1)];
    expect(doing({ writtenBytes: 100 * MB, writeCalls: 100 }, { calls })).toMatchObject({
      ioSizeBytes: 300 * MB,
    });
    expect(doing({ writtenBytes: 100 * MB, writeCalls: 100 })).toMatchObject({ ioSizeBytes: MB });
  });

  test('a write() that is still in flight is no mmap, although no call has been counted', () => {
    const calls = [call('write', 9, 300 * MB)];
    expect(doing({ writtenBytes: 50 * MB, writtenChars: 0, writeCalls: 0 }, { calls }).activity).toBe('buffered-write');
    expect(doing({ writtenBytes: 50 * MB, writtenChars: 0, writeCalls: 0 })).toEqual({ activity: 'mmap' });
  });

  test('a thread that sleeps in read() of a pipe says nothing of the size of the reads from the disk', () => {
    const calls = [call('read', 20, MB, 0), call('read', 15, 4096)];
    expect(doing({ readBytes: 100 * MB, readCalls: 25_600 }, { calls })).toEqual({
      activity: 'read',
      ioSizeBytes: 4096,
    });
    expect(doing({ readBytes: 100 * MB, readCalls: 25_600 }, { calls: calls.slice(0, 1) }).ioSizeBytes).toBe(4096);
  });

  test('a thread that waits in read() of a socket does not hide the fsync of another', () => {
    const calls = [call('read', 20, 8, 7), call('sync', 15)];
    expect(doing({ writtenBytes: 12 * MB, writeCalls: 3000, readCalls: 10 }, { calls })).toMatchObject({
      activity: 'fsync',
      ioSizeBytes: expect.closeTo(4194, 0),
    });
  });
});
