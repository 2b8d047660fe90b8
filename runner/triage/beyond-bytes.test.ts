/** Disks that are worn out by something that no process is charged for. */
import { describe, expect, test } from 'vitest';
import { judged } from '../../test/host-judged.ts';
import { file, healthy, io, kernelThread, MB, process, saturated, suspect, writer } from '../../test/host-samples.ts';
import type { Counted, HostSamples, Spent } from './samples.ts';

const call = (kind: string, name: string, count: number, more = {}): Counted<never> =>
  ({ count, value: { name, kind, ...more } }) as Counted<never>;
const spent = (more: Partial<Spent> = {}): Spent => ({
  cpuTicks: 0,
  childCpuTicks: 0,
  majorFaults: 0,
  residentPagesBefore: 1000,
  residentPagesAfter: 1000,
  childFaults: 0,
  ...more,
});

describe('flushes', () => {
  const commits = saturated('sda', {
    writes: 150,
    writeBytes: MB,
    writeMs: 6000,
    weightedMs: 6000,
    flushes: 75,
    flushMs: 400,
  });
  const database = process(60, 'mydb', { blockedSamples: 15, io: io({ writtenBytes: MB, writeCalls: 80 }) });
  const looks = suspect(60, [file(4, '/srv/db/wal', 1, { movedBytes: MB })], {
    calls: [call('sync', 'fsync', 16, { fd: 4 })],
  });

  test('whoever asks for them is named by its share of the flushes, with the file', () => {
    const { sda } = judged({ disks: [commits], processes: [database], suspects: [looks] });
    expect(sda.culprits).toMatchObject([
      {
        pid: 60,
        activity: 'fsync',
        shareOf: 'flushes',
        share: 1,
        confidence: 'high',
        files: [{ path: '/srv/db/wal' }],
      },
    ]);
  });

  test('one who waits in a single fsync meanwhile is not', () => {
    const once = process(61, 'editor', { blockedSamples: 15, io: io({ writtenBytes: 4096, writeCalls: 1 }) });
    const waits = suspect(61, [file(3, '/home/note', 1)], { calls: [call('sync', 'fsync', 16, { fd: 3 })] });
    const { sda } = judged({ disks: [commits], processes: [database, once], suspects: [looks, waits] });
    expect(sda.culprits.map(({ pid }) => pid)).toEqual([60]);
  });

  test('nor who sits in sync()', () => {
    const syncs = process(62, 'sync', { blockedSamples: 18, io: io({}) });
    const waits = suspect(62, [], { calls: [call('sync', 'sync', 18)] });
    const { sda } = judged({ disks: [commits], processes: [database, syncs], suspects: [looks, waits] });
    expect(sda.culprits.map(({ pid }) => pid)).toEqual([60]);
    expect(sda.victims.map(({ pid }) => pid)).toEqual([62]);
  });

  test('a bulk writer whose disk also flushes now and then is named by its bytes', () => {
    const { sda } = judged({
      disks: [saturated('sda', { flushes: 20 })],
      processes: [writer(70, 'copy', 100 * MB), database],
      suspects: [suspect(70, [file(3, '/srv/copy', 1, { movedBytes: 100 * MB })]), looks],
    });
    expect(sda.culprits).toMatchObject([{ pid: 70, shareOf: 'bytes', activity: 'buffered-write' }]);
  });
});

describe('names and inodes', () => {
  const storm = (ticks: number, cwd = '/srv/mail') =>
    suspect(50, [], {
      calls: [call('metadata', 'rename', 9), call('metadata', 'unlink', 6)],
      spent: spent({ cpuTicks: ticks }),
      workingDirectory: cwd,
    });
  const mover = process(50, 'mover', { blockedSamples: 12, io: io({}) });
  const disks = [saturated('sda'), healthy('sdb')];

  test('whoever is at work in such calls in a folder of the disk is named, though no process writes a byte', () => {
    const { sda } = judged({ disks, processes: [mover], suspects: [storm(60)] });
    expect(sda.culprits).toMatchObject([
      { pid: 50, activity: 'metadata', shareOf: 'operations', confidence: 'high', files: [{ path: '/srv/mail' }] },
    ]);
    expect(sda.victims).toEqual([]);
  });

  test('whoever waits in one of them and uses no CPU is a victim', () => {
    const { sda } = judged({ disks, processes: [mover], suspects: [storm(0)] });
    expect(sda.culprits).toEqual([]);
    expect(sda.unexplainedShare).toBe(1);
    expect(sda.victims.map(({ pid }) => pid)).toEqual([50]);
  });

  test('on a disk so slow that it needs hardly any CPU, one changing call after another is work: it is named, not as sure', () => {
    const different = suspect(50, [], {
      calls: [call('metadata', 'link', 3), call('metadata', 'rename', 1), call('metadata', 'rename', 1)],
      spent: spent({ cpuTicks: 2 }),
    });
    const small = saturated('sda', { writes: 200, writeBytes: 10 * MB });
    const { sda } = judged({ disks: [small, healthy('sdb')], processes: [mover], suspects: [different] });
    expect(sda.culprits).toMatchObject([{ pid: 50, activity: 'metadata', confidence: 'low' }]);
    // The large requests of a backlog are no journal's, unless the journal itself is charged for them.
    expect(judged({ disks, processes: [mover], suspects: [different] }).sda.culprits).toEqual([]);
    const journal = kernelThread(90, 'jbd2/sda1-8', { io: io({ writtenBytes: 40 * MB }) });
    expect(judged({ disks, processes: [mover, journal], suspects: [different] }).sda.culprits).toMatchObject([
      { pid: 50, activity: 'metadata', confidence: 'low' },
    ]);
  });

  test('what it ran is counted to the nanosecond where whole ticks say nothing', () => {
    const small = [saturated('sda', { writes: 200, writeBytes: 10 * MB }), healthy('sdb')];
    const ran = (ranMs: number) => judged({ disks: small, processes: [mover], suspects: [{ ...storm(0), ranMs }] });
    expect(ran(4).sda.culprits).toMatchObject([{ pid: 50, activity: 'metadata', confidence: 'medium' }]);
    expect(ran(4).sda.culprits[0]?.evidence.join()).toContain('not sure: it used little CPU');
    expect(ran(0.3).sda.culprits).toEqual([]);
  });

  describe('with two disks in trouble, whoever is at work in no known folder', () => {
    const journal = saturated('sda', { writes: 2000, writeBytes: 20 * MB });
    const elsewhere = { ...storm(60), workingDirectory: '/' };
    const copies = {
      processes: [mover, writer(70, 'copy', 100 * MB)],
      suspects: [elsewhere, suspect(70, [file(3, '/data/copy', 2, { movedBytes: 100 * MB })])],
    };

    test('is named for the one whose load is nobody’s, not as sure', () => {
      const { sda } = judged({ disks: [journal, saturated('sdb')], ...copies });
      expect(sda.culprits).toMatchObject([{ pid: 50, activity: 'metadata', confidence: 'low' }]);
      expect(sda.culprits[0]?.evidence.join()).toContain('not sure: no file and no folder of its was seen on sda');
    });

    test('is not named where either may be meant, or where large blocks are written', () => {
      const unknown = { processes: [mover], suspects: [elsewhere] };
      expect(judged({ disks: [journal, saturated('sdb')], ...unknown }).sda.culprits).toEqual([]);
      expect(judged({ disks: [saturated('sda'), saturated('sdb')], ...copies }).sda.culprits).toEqual([]);
    });
  });

  test('strangers whose bytes may have gone anywhere say nothing against whoever is met at work', () => {
    const strangers = [70, 71].map((pid) => process(pid, `p${pid}`, { io: io({ writtenBytes: 90 * MB }) }));
    const { sda } = judged({ disks, processes: [mover, ...strangers], suspects: [storm(60)] });
    expect(sda.culprits).toMatchObject([{ pid: 50, activity: 'metadata', share: 1 }]);
  });

  test('what the disk writes of an old backlog is not laid at the door of whoever renames meanwhile', () => {
    const waiting = (bytes: number) => new Map([['Dirty', bytes]]);
    const beside = (drained: number) =>
      judged({
        disks,
        processes: [mover],
        suspects: [storm(60)],
        meminfoAtStart: waiting(200 * MB),
        meminfo: waiting(200 * MB - drained),
      }).sda;
    expect(beside(20 * MB).culprits).toMatchObject([{ pid: 50, share: 0.8 }]);
    expect(beside(80 * MB).culprits).toEqual([]);
  });

  test('open() of files that are there changes nothing', () => {
    const opens = suspect(50, [], {
      calls: [call('metadata', 'openat', 15, { creates: false })],
      spent: spent({ cpuTicks: 60 }),
    });
    expect(judged({ disks, processes: [mover], suspects: [opens] }).sda.culprits).toEqual([]);
  });

  test('nobody is asked about names where a writer explains the disk', () => {
    const { sda } = judged({
      disks,
      processes: [mover, writer(70, 'copy', 100 * MB)],
      suspects: [storm(60), suspect(70, [file(3, '/srv/copy', 1, { movedBytes: 100 * MB })])],
    });
    expect(sda.culprits.map(({ pid }) => pid)).toEqual([70]);
  });
});

describe('swap', () => {
  const GB = 1024 * MB;
  const swapping: Partial<HostSamples> = {
    disks: [saturated('sda', { reads: 400, readBytes: 50 * MB, readMs: 80_000, writeBytes: 50 * MB })],
    swap: { inPagesPerSecond: 2560, outPagesPerSecond: 2560 },
    swapAreas: [{ path: '/swapfile', kind: 'file', sizeBytes: 4 * GB, usedBytes: GB }],
    meminfo: new Map([
      ['MemTotal', 4 * GB],
      ['MemAvailable', 50 * MB],
    ]),
  };
  const hog = process(80, 'hog', { blockedSamples: 14, io: io({ readBytes: 10 * MB }) });
  const held = (pid: number, residentBytes: number, swapBytes: number, more = {}) =>
    suspect(pid, [], { residentBytes, swapBytes, spent: spent({ majorFaults: 500 }), ...more });
  const victim = process(81, 'sshd', { blockedSamples: 10, io: io({ readBytes: 40 * MB }) });

  test('who holds the memory is named, with what it holds; who needs its pages back is not', () => {
    const { sda, finding } = judged({
      ...swapping,
      processes: [victim, hog],
      suspects: [held(80, 3 * GB, GB), held(81, 5 * MB, 8 * MB)],
    });
    expect(sda.culprits).toMatchObject([{ pid: 80, activity: 'swap', confidence: 'high', share: 1 }]);
    expect(sda.culprits[0]?.evidence.join()).toMatch(/holds 3 GB of memory and 1 GB of swap/);
    expect(sda.culprits[0]?.memoryBytes).toBe(4 * GB);
    expect(finding.summary).toContain('by swapping, with 4 GB in memory and swap');
  });

  test('at the limit of a cgroup it is the one who is at that limit, not the largest of the host', () => {
    const limits = { io: [], memoryLimitBytes: 128 * MB, memoryBytes: 127 * MB };
    const { sda } = judged({
      ...swapping,
      meminfo: new Map([
        ['MemTotal', 16 * GB],
        ['MemAvailable', 12 * GB],
      ]),
      processes: [{ ...victim, command: 'jvm' }, hog],
      suspects: [held(80, 100 * MB, 200 * MB, { cgroupLimits: limits }), held(81, 3 * GB, 0)],
    });
    expect(sda.culprits).toMatchObject([{ pid: 80, activity: 'swap' }]);
  });

  test('nobody is called a hog where several hold about the same', () => {
    const several = [80, 81, 82, 83].map((pid) =>
      process(pid, `p${pid}`, { blockedSamples: 9, io: io({ readBytes: MB }) }),
    );
    const { sda } = judged({ ...swapping, processes: several, suspects: several.map(({ pid }) => held(pid, GB, GB)) });
    expect(sda.culprits).toEqual([]);
  });

  test('pages are as large as the host says', () => {
    const wide = judged({
      ...swapping,
      pageBytes: 65_536,
      swap: { inPagesPerSecond: 160, outPagesPerSecond: 160 },
      processes: [hog],
      suspects: [held(80, 3 * GB, GB)],
    });
    expect(wide.sda.culprits).toMatchObject([{ pid: 80, activity: 'swap', bytesPerSecond: 20 * MB }]);
  });

  test('swap on another disk says nothing of this one', () => {
    const areas = [{ path: '/data/swapfile', kind: 'file', sizeBytes: GB, usedBytes: GB }] as const;
    const { sda } = judged({ ...swapping, swapAreas: areas, processes: [hog], suspects: [held(80, 3 * GB, GB)] });
    expect(sda.culprits.filter(({ activity }) => activity === 'swap')).toEqual([]);
  });
});

describe('discards', () => {
  const trimmed = saturated('sda', {
    writes: 5,
    writeBytes: MB,
    writeMs: 500,
    discards: 400,
    discardBytes: 900 * MB,
    discardMs: 190_000,
  });

  test('whoever is met in the ioctl that discards is named', () => {
    const trim = process(90, 'trimmer', { blockedSamples: 15, io: io({}) });
    const folder = file(3, '/', 1, { mode: { reads: true, writes: false, direct: false, sync: false, append: false } });
    const { sda } = judged({
      disks: [trimmed],
      processes: [trim],
      suspects: [suspect(90, [folder], { calls: [call('discard', 'ioctl', 16, { fd: 3 })] })],
    });
    expect(sda).toMatchObject({ verdict: 'saturated' });
    expect(sda.culprits).toMatchObject([
      { pid: 90, activity: 'discard', shareOf: 'operations', confidence: 'high', files: [{ path: '/' }] },
    ]);
  });

  test('where the kernel tells no calls, whoever is met in its functions for that', () => {
    const trim = process(90, 'trimmer', { blockedSamples: 15, io: io({}) });
    const folder = file(3, '/', 1, { mode: { reads: true, writes: false, direct: false, sync: false, append: false } });
    const inside = (value: string[]) =>
      judged({
        disks: [trimmed],
        processes: [trim],
        suspects: [suspect(90, [folder], { stacks: [{ count: 4, value }] })],
      }).sda.culprits;
    const trims = inside(['wbt_wait', 'blkdev_issue_discard', 'ext4_try_to_trim_range', 'ext4_trim_fs', 'ext4_ioctl']);
    expect(trims).toMatchObject([{ pid: 90, activity: 'discard', files: [{ path: '/' }] }]);
    expect(trims[0]?.evidence.join()).toContain('/proc/90/stack');
    expect(inside(['wbt_wait', 'submit_bio', 'ext4_sync_file'])).toEqual([]);
  });
});

describe('asynchronous I/O', () => {
  const direct = { reads: true, writes: true, direct: true, sync: false, append: false };
  const sleeper = process(40, 'engine', { io: io({ writtenBytes: 100 * MB, writtenChars: 0, writeCalls: 0 }) });
  const sleeps = { count: 8, value: { name: 'syscall 230', kind: 'other' } } as const;
  const looks = (more: Partial<Spent>) =>
    suspect(40, [file(7, '/srv/data', 1, { mode: direct, movedBytes: 0 })], { calls: [sleeps], spent: spent(more) });

  test('who sleeps between its submissions is the cause, with its file', () => {
    const chargedBytes = { read: 0, write: 60 * MB };
    const { sda } = judged({ disks: [saturated('sda')], processes: [sleeper], suspects: [looks({ chargedBytes })] });
    expect(sda.culprits).toMatchObject([
      { pid: 40, activity: 'direct-write', confidence: 'high', files: [{ path: '/srv/data' }] },
    ]);
  });

  test('who has reaped a child meanwhile may be charged for that: it is not named', () => {
    const chargedBytes = { read: 0, write: 60 * MB };
    const spentByChild = { chargedBytes, childFaults: 300, childCpuTicks: 5 };
    const { sda } = judged({ disks: [saturated('sda')], processes: [sleeper], suspects: [looks(spentByChild)] });
    expect(sda.culprits).toEqual([]);
  });
});

test('a mapping that is read and written is told by its page faults, with the file that is open both ways', () => {
  const both = { reads: true, writes: true, direct: false, sync: false, append: false };
  const mapped = process(40, 'engine', {
    blockedSamples: 6,
    io: io({ readBytes: 50 * MB, readChars: 0, readCalls: 0, writtenBytes: 50 * MB, writtenChars: 0, writeCalls: 0 }),
  });
  const files = [
    file(2, '/var/log/engine.log', 1, { movedBytes: 0 }),
    file(7, '/srv/data', 1, { mode: both, movedBytes: 0 }),
  ];
  const stacks = [{ count: 4, value: ['folio_wait_bit_common', 'filemap_fault', '__do_fault'] }];
  const disk = saturated('sda', { reads: 400, readBytes: 50 * MB, readMs: 80_000, writeBytes: 50 * MB });
  const { sda } = judged({
    disks: [disk],
    processes: [mapped],
    suspects: [suspect(40, files, { stacks, spent: spent() })],
  });
  expect(sda.culprits).toMatchObject([
    { pid: 40, activity: 'mixed', confidence: 'medium', files: [{ path: '/srv/data' }] },
  ]);
  expect(sda.culprits[0]?.evidence.join()).toMatch(/met 4 times in page faults on a mapped file/);
});
