import { describe, expect, test } from 'vitest';
import { file, io, MB, process, suspect } from '../../test/host-samples.ts';
import { doingOf } from './activity.ts';
import type { LedgerRow } from './ledger.ts';
import type { IoDelta, Suspect } from './samples.ts';

function doing(delta: Partial<IoDelta>, more: Partial<Suspect> = {}, directWrites = false) {
  const counters = io(delta);
  const row: LedgerRow = {
    load: {
      process: process(1, 'p', { io: counters }),
      suspect: suspect(1, [file(3, '/a', 1)], more),
      files: [],
      readsBy: 'files',
      writesBy: 'files',
      directWrites,
      reads: new Map(),
      writes: new Map(),
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
const call = (kind: 'read' | 'write' | 'sync', count: number, lengthBytes?: number) => ({
  count,
  value: { name: kind, kind, fd: 3, ...(lengthBytes !== undefined && { lengthBytes }) },
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
      sizeWasSeen: true,
    });
    expect(doing({ writtenBytes: 100 * MB, writeCalls: 100 })).toMatchObject({ ioSizeBytes: MB, sizeWasSeen: false });
  });

  test('a write() that is still in flight is no mmap, although no call has been counted', () => {
    const calls = [call('write', 9, 300 * MB)];
    expect(doing({ writtenBytes: 50 * MB, writtenChars: 0, writeCalls: 0 }, { calls }).activity).toBe('buffered-write');
    expect(doing({ writtenBytes: 50 * MB, writtenChars: 0, writeCalls: 0 })).toEqual({
      activity: 'mmap',
      sizeWasSeen: false,
    });
  });
});
