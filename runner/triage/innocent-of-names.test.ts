/** Hosts on which somebody changes names, forces writes or discards, and did not load the disk. */
import { describe, expect, test } from 'vitest';
import { BOTH_WAYS, DIRECT, GB, judged, met, names, READS, spent } from '../../test/host-judged.ts';
import {
  file,
  healthy,
  io,
  kernelThread,
  MB,
  process,
  saturated,
  saturatedByReads,
  suspect,
  writer,
} from '../../test/host-samples.ts';
import type { Suspect } from './samples.ts';

const disk = saturated('sda', { number: '8:0' });

describe('names and inodes', () => {
  const changes = (cpuTicks: number, more: Partial<Suspect> = {}) =>
    suspect(50, [], {
      workingDirectory: '/srv/work',
      calls: [met('metadata', 'rename', 6), met('metadata', 'unlink', 5)],
      spent: spent({ cpuTicks }),
      ...more,
    });
  const mover = process(50, 'mover', { blockedSamples: 12, io: io({}) });

  test('a disk that reads is not loaded by whoever renames on it', () => {
    const { sda } = judged({ disks: [saturatedByReads('sda')], processes: [mover], suspects: [changes(60)] });
    expect(names(sda)).toEqual([]);
  });

  test('of a disk that mostly reads at most the writes are', () => {
    const { sda } = judged({
      disks: [saturated('sda', { reads: 800, readBytes: 80 * MB, readMs: 160_000, writes: 500, writeBytes: 20 * MB })],
      processes: [mover],
      suspects: [changes(60)],
    });
    for (const { share } of sda.culprits) expect(share).toBeLessThanOrEqual(0.2);
    expect(sda.unexplainedShare).toBeGreaterThanOrEqual(0.8);
  });

  test('who renames beside the large writes of somebody unseen is never sure', () => {
    const journal = kernelThread(90, 'jbd2/sda1-8', { io: io({ writtenBytes: MB }) });
    const { sda } = judged({ disks: [disk], processes: [mover, journal], suspects: [changes(60)] });
    expect(sda.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
  });

  test('nor who computes, and waits in open() now and then while somebody unseen writes small blocks', () => {
    const journal = kernelThread(90, 'jbd2/sda1-8', { io: io({ writtenBytes: 64 * 1024 }) });
    const small = saturated('sda', { writes: 2500, writeBytes: 10 * MB });
    const compiler = (looks: number) =>
      changes(300, { samples: 6, calls: [met('metadata', 'openat', looks, { creates: true })] });
    const seen = (looks: number) =>
      names(judged({ disks: [small], processes: [mover, journal], suspects: [compiler(looks)] }).sda);
    expect(seen(1)).toEqual([]);
    expect(seen(3)).toEqual(['50 medium']);
  });

  test('nor who was started here, where names are changed on another disk, by its journal', () => {
    const journals = [
      kernelThread(90, 'jbd2/sda1-8', { io: io({ writtenBytes: 3 * MB }) }),
      kernelThread(91, 'jbd2/sdb-8', { io: io({ writtenBytes: 20 * MB }) }),
    ];
    const small = saturated('sda', { writes: 2500, writeBytes: 10 * MB });
    const { sda } = judged({
      disks: [small, healthy('sdb')],
      processes: [mover, ...journals],
      suspects: [changes(60)],
    });
    expect(names(sda)).toEqual(['50 medium']);
  });

  test('while a partition of this very disk counts as this disk', () => {
    const journal = kernelThread(90, 'jbd2/sda1-8', { io: io({ writtenBytes: 5 * MB }) });
    const small = saturated('sda', { writes: 2500, writeBytes: 10 * MB });
    const { sda } = judged({
      disks: [small, { ...small, device: 'sda1' }],
      processes: [mover, journal],
      suspects: [changes(60)],
    });
    expect(names(sda)).toEqual(['50 high']);
  });

  test('nor who works in a folder of another disk and has its log on this one', () => {
    const log = file(1, '/var/log/mover.log', 1, { movedBytes: 200 });
    const lock = file(5, '/var/lib/mover.lock', 1, { movedBytes: 0 });
    for (const files of [[log], [log, lock]]) {
      const { sda } = judged({
        disks: [disk, healthy('sdb')],
        processes: [mover],
        suspects: [{ ...changes(60), files, workingDirectory: '/data/mail' }],
      });
      expect(sda.culprits.filter(({ confidence }) => confidence !== 'low')).toEqual([]);
    }
  });

  test('nor who renames beside somebody whose direct writes are seen', () => {
    const { sda } = judged({
      disks: [disk],
      processes: [mover, writer(51, 'direct', 95 * MB)],
      suspects: [changes(60), suspect(51, [file(3, '/big', 1, { mode: DIRECT, movedBytes: 95 * MB })])],
    });
    expect(sda.culprits).toMatchObject([{ pid: 51 }]);
    expect(sda.culprits).toHaveLength(1);
  });
});

describe('flushes', () => {
  const flushing = saturated('sda', {
    writes: 1000,
    writeBytes: 12 * MB,
    writeMs: 90_000,
    weightedMs: 90_000,
    flushes: 500,
    flushMs: 4500,
  });
  const flusher = process(61, 'flusher', {
    blockedSamples: 18,
    io: io({ writtenBytes: 6 * MB, writeCalls: 500 }),
  });
  const flushes = suspect(61, [file(4, '/srv/db', 1, { movedBytes: MB })], {
    calls: [met('sync', 'fsync', 16, { fd: 4 })],
    spent: spent({ cpuTicks: 3, chargedBytes: { read: 0, write: 4 * MB } }),
    ranMs: 30,
  });
  const waits = (writeCalls: number, writtenBytes: number) => ({
    process: process(62, 'waiter', { blockedSamples: 20, io: io({ writtenBytes, writeCalls }) }),
    suspect: suspect(62, [file(5, '/srv/one', 1, { movedBytes: 0 })], {
      calls: [met('sync', 'fsync', 20, { fd: 5 })],
      spent: spent(),
      ranMs: 0,
    }),
  });

  test.each([
    ['wrote before the window', 0, 0],
    ['wrote early in the window', 200, 8 * MB],
  ])('who %s and waits in one fsync() since then is a victim', (_, calls, bytes) => {
    const waiter = waits(calls, bytes);
    const { sda } = judged({
      disks: [flushing],
      processes: [flusher, waiter.process],
      suspects: [flushes, waiter.suspect],
    });
    expect(names(sda)).toEqual(['61 high']);
  });

  test('who alone is met in fsync() but makes a quarter of the writes that so many flushes need is not sure of all', () => {
    const few = process(62, 'few', { blockedSamples: 18, io: io({ writtenBytes: MB, writeCalls: 130 }) });
    const { sda } = judged({
      disks: [flushing],
      processes: [few],
      suspects: [
        suspect(62, [file(5, '/srv/one', 1, { movedBytes: MB })], {
          calls: [met('sync', 'fsync', 15, { fd: 5 })],
          spent: spent({ cpuTicks: 1, chargedBytes: { read: 0, write: MB / 2 } }),
        }),
      ],
    });
    expect(sda.culprits).toMatchObject([{ pid: 62, confidence: 'medium' }]);
    expect(sda.culprits[0]?.evidence.join()).toContain('not sure: few 62 made only 130 writes for 500 flushes');
  });
});

test('the file of who forces writes is the one that it forces, not a table that took more meanwhile', () => {
  const { sda } = judged({
    disks: [saturated('sda', { writes: 1000, writeBytes: 12 * MB, writeMs: 90_000, weightedMs: 90_000, flushes: 500 })],
    processes: [process(50, 'db', { blockedSamples: 9, io: io({ writtenBytes: 9 * MB, writeCalls: 900 }) })],
    suspects: [
      suspect(50, [file(4, '/srv/table', 1, { movedBytes: 8 * MB }), file(5, '/srv/wal', 1)], {
        calls: [met('sync', 'fdatasync', 12, { fd: 5 })],
      }),
    ],
  });
  expect(sda.culprits[0]?.files).toMatchObject([{ path: '/srv/wal' }]);
});

test('msync() of what is mapped on another disk flushes that one, not the one with the log', () => {
  const { sda } = judged({
    disks: [
      saturated('sda', { writes: 1000, writeBytes: 12 * MB, writeMs: 90_000, weightedMs: 90_000, flushes: 500 }),
      healthy('sdb'),
    ],
    processes: [process(50, 'mapper', { blockedSamples: 9, io: io({ writtenBytes: 20 * MB, writeCalls: 0 }) })],
    suspects: [
      suspect(50, [file(1, '/var/log/m.log', 1, { movedBytes: 90 }), file(4, '/data/m', 2, { mode: BOTH_WAYS })], {
        calls: [met('sync', 'msync', 12)],
      }),
    ],
  });
  expect(names(sda)).toEqual([]);
});

test('who trims one disk is not blamed for what another one discards, where its log is', () => {
  const { sda } = judged({
    disks: [saturated('sda', { discards: 800, discardBytes: GB, discardMs: 90_000 }), healthy('sdb')],
    processes: [process(50, 'fstrim', { blockedSamples: 12, io: io({}) })],
    suspects: [
      suspect(
        50,
        [file(1, '/var/log/trim.log', 1, { movedBytes: 80 }), file(3, '/data', 2, { mode: READS, movedBytes: 0 })],
        { stacks: [{ count: 6, value: ['blkdev_issue_discard', 'ext4_trim_fs'] }] },
      ),
    ],
  });
  expect(names(sda)).toEqual([]);
});

test('who writes beside discards is not said to be unknown', () => {
  const { sda } = judged({
    disks: [saturated('sda', { discards: 150, discardBytes: GB, discardMs: 90_000 })],
    processes: [process(50, 'fstrim', { blockedSamples: 12, io: io({}) }), writer(51, 'dd', 100 * MB)],
    suspects: [
      suspect(50, [file(3, '/', 1, { mode: READS })], { calls: [met('discard', 'ioctl', 9, { fd: 3 })] }),
      suspect(51, [file(3, '/big', 1, { movedBytes: 100 * MB })]),
    ],
  });
  expect(sda.unexplainedShare).toBeLessThan(0.01);
});
