/** Hosts on which somebody moves bytes, but not those of the disk that is saturated. */
import { describe, expect, test } from 'vitest';
import { BOTH_WAYS, DIRECT, GB, judged, met, names, READS, spent } from '../../test/host-judged.ts';
import {
  file,
  healthy,
  host,
  io,
  kernelThread,
  MB,
  process,
  saturated,
  saturatedByReads,
  suspect,
  writer,
} from '../../test/host-samples.ts';
import type { HostSamples } from './samples.ts';

const disk = saturated('sda', { number: '8:0' });

describe('swap', () => {
  const areas = [{ path: '/dev/sda2', kind: 'partition', sizeBytes: 8 * GB, usedBytes: 4 * GB }] as const;
  const swapping: Partial<HostSamples> = {
    disks: [disk],
    blockDevices: [
      { name: 'sda', number: '8:0', slaves: [], rotational: true, partitions: new Map([['sda2', '8:2']]) },
    ],
    swapAreas: areas,
    swap: { inPagesPerSecond: 2000, outPagesPerSecond: 3000 },
    meminfo: new Map([
      ['MemTotal', 16 * GB],
      ['MemAvailable', 0.2 * GB],
    ]),
  };
  const database = process(80, 'database', { blockedSamples: 15, io: io({ readBytes: 20 * MB }) });
  const leaker = process(81, 'leaker', { blockedSamples: 4, io: io({}) });
  const pages = (bytes: number) => bytes / 4096;

  test('a large database that is swapped out is not the hog beside one that grows', () => {
    const { sda } = judged({
      ...swapping,
      processes: [database, leaker],
      suspects: [
        suspect(80, [], {
          residentBytes: 10 * GB,
          swapBytes: GB,
          spent: spent({ majorFaults: 900, residentPagesBefore: pages(10.3 * GB), residentPagesAfter: pages(10 * GB) }),
        }),
        suspect(81, [], {
          residentBytes: 3 * GB,
          swapBytes: 100 * MB,
          spent: spent({
            cpuTicks: 90,
            residentPagesBefore: pages(2.5 * GB),
            residentPagesAfter: pages(3 * GB),
          }),
        }),
      ],
    });
    expect(sda.culprits.filter(({ pid, confidence }) => pid === 80 && confidence === 'high')).toEqual([]);
  });

  test('swap on zram is no load of a disk', () => {
    const { sda } = judged({
      ...swapping,
      swapAreas: [{ path: '/dev/zram0', kind: 'partition', sizeBytes: 8 * GB, usedBytes: 4 * GB }],
      disks: [disk, saturated('zram0', { number: '252:0' })],
      processes: [leaker],
      suspects: [suspect(81, [], { residentBytes: 12 * GB, swapBytes: 3 * GB, spent: spent({ majorFaults: 900 }) })],
    });
    expect(names(sda)).toEqual([]);
  });
});

describe('who waits for a server', () => {
  const stacks = [{ count: 5, value: ['rpc_wait_bit_killable', 'nfs_wb_folio'] }];
  const { sda } = judged({
    disks: [disk],
    processes: [
      { ...writer(50, 'copy', 100 * MB), blockedSamples: 12 },
      process(51, 'ls', { blockedSamples: 12, io: io({}) }),
    ],
    suspects: [suspect(50, [], { stacks }), suspect(51, [], { stacks })],
  });

  test('is not blamed for a disk with the bytes that go there', () => {
    expect(sda).toMatchObject({ culprits: [], unexplainedShare: 1 });
  });

  test('nor called a victim of that disk', () => {
    expect(sda.victims).toEqual([]);
  });
});

describe('where something goes that no call tells of', () => {
  test('a guest with one image past the page cache and one through it may have written to either', () => {
    const { sda } = judged({
      disks: [disk, healthy('sdb')],
      processes: [writer(50, 'qemu', 200 * MB)],
      suspects: [
        suspect(
          50,
          [
            file(3, '/vm/a.img', 1, { mode: DIRECT, movedBytes: 0 }),
            file(4, '/data/b.img', 2, { mode: BOTH_WAYS, movedBytes: 0 }),
          ],
          {
            spent: spent({ cpuTicks: 100, chargedBytes: { read: 0, write: 120 * MB } }),
          },
        ),
      ],
    });
    expect(sda.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
  });

  test('a line that is forced to one disk does not bring along what goes to files that are closed again', () => {
    const { sda } = judged({
      disks: [disk, healthy('sdb')],
      processes: [writer(50, 'unpack', 200 * MB)],
      suspects: [
        suspect(50, [file(7, '/var/lib/unpack/state', 1, { movedBytes: 80 })], {
          calls: [met('sync', 'fsync', 15, { fd: 7 })],
        }),
      ],
    });
    expect(sda.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
  });

  test('what is read through a file that is open both ways does not place what is written elsewhere', () => {
    const { sda } = judged({
      disks: [disk, healthy('sdb')],
      processes: [writer(50, 'db', 200 * MB)],
      suspects: [
        suspect(50, [
          file(3, '/srv/index', 1, { mode: BOTH_WAYS, movedBytes: 500 * MB }),
          file(4, '/data/table', 2, { mode: BOTH_WAYS, movedBytes: 0 }),
        ]),
      ],
    });
    expect(sda.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
  });

  test('nor what is read from the cache what is read from another disk', () => {
    const { sda } = judged({
      disks: [saturatedByReads('sda'), healthy('sdb', { reads: 900, readBytes: 200 * MB })],
      processes: [process(50, 'scan', { blockedSamples: 4, io: io({ readBytes: 100 * MB, readChars: 700 * MB }) })],
      suspects: [
        suspect(50, [
          file(3, '/srv/hot', 1, { mode: READS, movedBytes: 600 * MB }),
          file(4, '/data/cold', 2, { mode: READS, movedBytes: 0 }),
        ]),
      ],
    });
    expect(sda.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
  });

  test('who reads files with calls and closes them again did not read past the cache where it writes so', () => {
    const { sda } = judged({
      disks: [saturatedByReads('sda'), healthy('sdb', { reads: 900, readBytes: 200 * MB })],
      processes: [process(50, 'backup', { blockedSamples: 4, io: io({ readBytes: 100 * MB }) })],
      suspects: [
        suspect(50, [file(3, '/backup.img', 1, { mode: DIRECT, movedBytes: 0 })], {
          spent: spent({ cpuTicks: 40, chargedBytes: { read: 60 * MB, write: 0 } }),
        }),
      ],
    });
    expect(sda.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
  });

  test('small pwrite() calls on a slow disk do not bring along what large ones wrote elsewhere', () => {
    const { sda } = judged({
      disks: [disk, healthy('sdb')],
      processes: [process(50, 'sync', { blockedSamples: 9, io: io({ writtenBytes: 200 * MB, writeCalls: 3200 }) })],
      suspects: [
        suspect(50, [file(4, '/var/lib/sync/state', 1, { movedBytes: 0 })], {
          calls: [met('write', 'pwrite64', 12, { fd: 4, lengthBytes: 100 })],
        }),
      ],
    });
    expect(sda.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
  });

  test('what a disk serves for threads of the kernel is not laid at the door of who is small beside them', () => {
    const nfsd = [1, 2, 3, 4].map((i) => kernelThread(900 + i, 'nfsd', { io: io({ writtenBytes: 25 * MB }) }));
    const { sda } = judged({
      disks: [disk],
      processes: [...nfsd, writer(50, 'rsyslogd', 2 * MB)],
      suspects: [suspect(50, [file(7, '/var/log/syslog', 1, { movedBytes: 2 * MB })])],
    });
    expect(names(sda)).toEqual([]);
    expect(sda.unexplainedShare).toBeGreaterThan(0.9);
  });
});

describe('a backlog', () => {
  const waiting = (bytes: number) => new Map([['Dirty', bytes]]);

  test('is no part of what a disk reads', () => {
    const { sda } = judged({
      disks: [saturated('sda', { reads: 600, readBytes: 70 * MB, readMs: 150_000, writes: 60, writeBytes: 30 * MB })],
      processes: [{ ...writer(50, 'stranger', 30 * MB) }],
      meminfoAtStart: waiting(300 * MB),
      meminfo: waiting(200 * MB),
    });
    expect(sda.culprits).toEqual([]);
  });

  test('that another disk has written off is not this one’s', () => {
    const { sda } = judged({
      disks: [disk, healthy('sdb', { writes: 1000, writeBytes: 900 * MB })],
      processes: [writer(50, 'stranger', 30 * MB)],
      suspects: [suspect(50, [file(5, '/srv/x', 1, { movedBytes: 0 })])],
      meminfoAtStart: waiting(900 * MB),
      meminfo: waiting(200 * MB),
    });
    expect(sda.culprits).toEqual([]);
  });

  test('of a writer that has gone does not name who calls fsync() beside it', () => {
    const { sda } = judged({
      disks: [disk],
      processes: [
        process(50, 'new', { seen: 'new', blockedSamples: 15, io: io({ writtenBytes: 8192, writeCalls: 2 }) }),
      ],
      suspects: [
        suspect(50, [file(5, '/srv/x', 1, { movedBytes: 8192 })], { calls: [met('sync', 'fsync', 15, { fd: 5 })] }),
      ],
      meminfoAtStart: waiting(300 * MB),
      meminfo: waiting(200 * MB),
    });
    expect(names(sda)).toEqual([]);
  });
});

describe('who reads what another writes, and layers', () => {
  test('a reader of fresh pages is not charged, and not named', () => {
    const { sda } = judged({
      disks: [disk],
      processes: [
        writer(50, 'log', 100 * MB),
        process(51, 'tail', { blockedSamples: 10, io: io({ readChars: 100 * MB, readCalls: 900 }) }),
      ],
      suspects: [
        suspect(50, [file(3, '/srv/log', 1, { movedBytes: 100 * MB })]),
        suspect(51, [file(3, '/srv/log', 1, { movedBytes: 100 * MB, mode: READS })]),
      ],
    });
    expect(sda.culprits).toMatchObject([{ pid: 50 }]);
    expect(sda.culprits).toHaveLength(1);
  });

  test('two paths to one volume name the same one, once each', () => {
    const path = (device: string) => saturated(device, { writeBytes: 50 * MB });
    const { finding } = judged({
      disks: [path('sda'), path('sdb'), saturated('dm-0', { number: '253:0' })],
      blockDevices: [
        ...host().blockDevices,
        { name: 'dm-0', number: '253:0', slaves: ['sda', 'sdb'], partitions: new Map(), dmName: 'mpatha' },
      ],
      mounts: [
        ...host().mounts,
        {
          id: 20,
          number: '253:0',
          root: '/',
          mountpoint: '/vol',
          fsType: 'ext4',
          source: '/dev/mapper/mpatha',
          superOptions: 'rw',
        },
      ],
      processes: [writer(50, 'dd', 100 * MB), writer(51, 'small', MB)],
      suspects: [
        suspect(50, [file(3, '/vol/x', 20, { movedBytes: 100 * MB })]),
        suspect(51, [file(3, '/y', 1, { movedBytes: MB })]),
      ],
    });
    for (const { culprits, device } of finding.disks) {
      expect([device, culprits.map(({ pid }) => pid)]).toEqual([device, [50]]);
    }
  });

  test('a checkpointer that writes what the workers have changed is the one, not the pool', () => {
    const { sda } = judged({
      disks: [disk],
      processes: [
        { ...writer(50, 'postgres', 95 * MB), parentPid: 40 },
        { ...writer(51, 'postgres', MB), parentPid: 40 },
        { ...writer(52, 'postgres', MB), parentPid: 40 },
        process(40, 'postgres'),
      ],
      suspects: [50, 51, 52].map((pid) =>
        suspect(pid, [file(3, `/pg/${pid}`, 1, { movedBytes: pid === 50 ? 95 * MB : MB })]),
      ),
    });
    expect(sda.culprits).toMatchObject([{ pid: 50 }]);
  });
});
