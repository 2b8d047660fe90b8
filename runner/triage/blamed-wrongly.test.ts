/** Hosts on which somebody looks like the cause and is not: each once led to a wrong name. */
import { describe, expect, test } from 'vitest';
import { GB, judged } from '../../test/host-judged.ts';
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
import type { Disk } from './finding.ts';
import type { Counted, ProcessActivity } from './samples.ts';
import { triage } from './triage.ts';

const named = (disk: Disk) => disk.culprits.map(({ pid, share }) => [pid, share]);
const call = (kind: 'read' | 'write' | 'sync', fd: number, count: number, lengthBytes?: number): Counted<never> =>
  ({
    count,
    value: { name: kind === 'sync' ? 'fsync' : kind, kind, fd, ...(lengthBytes !== undefined && { lengthBytes }) },
  }) as Counted<never>;

describe('who works elsewhere is not blamed for the disk that its log is on', () => {
  const zfs = { id: 9, number: '0:50', root: '/', mountpoint: '/tank', fsType: 'zfs', source: 'tank/pg' };

  test.each([
    ['on a device that is not known', 9],
    ['below a mount that is not in the list', 777],
  ])('postgres moves 100 MB %s, and 120 bytes of log', (_, mountId) => {
    const { finding, sda } = judged({
      disks: [saturated('sda'), healthy('sdb')],
      mounts: [...host().mounts, { ...zfs, superOptions: 'rw' }],
      processes: [writer(50, 'postgres', 100 * MB)],
      suspects: [
        suspect(
          50,
          [
            file(3, '/tank/base/1', mountId, { movedBytes: 100 * MB }),
            file(2, '/var/log/pg.log', 1, { movedBytes: 120 }),
          ],
          { calls: [call('write', 3, 15, MB)] },
        ),
      ],
    });
    expect(sda.culprits).toEqual([]);
    expect(sda.unexplainedShare).toBeGreaterThan(0.99);
    expect(finding.summary).not.toContain('postgres');
  });

  test('a database that waits in fsync of its log on a slow disk, while its data goes to a fast one, is never sure', () => {
    const { sda } = judged({
      disks: [saturated('sda'), healthy('sdb', { writeBytes: 200 * MB })],
      processes: [writer(50, 'postgres', 200 * MB)],
      suspects: [
        suspect(50, [file(3, '/data/b', 2, { movedBytes: 0 }), file(4, '/wal', 1, { movedBytes: 0 })], {
          calls: [call('sync', 4, 15)],
        }),
      ],
    });
    expect(sda.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
    expect(sda.unexplainedShare).toBeGreaterThan(0);
  });

  test('the same where the data is written with pwrite(), so that only the log moves', () => {
    const { sda } = judged({
      disks: [saturated('sda'), healthy('sdb')],
      processes: [writer(50, 'postgres', 100 * MB)],
      suspects: [
        suspect(50, [
          file(3, '/tank/base/1', 777, { movedBytes: 0 }),
          file(2, '/var/log/pg.log', 1, { movedBytes: 120 }),
        ]),
      ],
    });
    expect(sda.culprits).toEqual([]);
    expect(sda.unexplainedShare).toBeGreaterThan(0.99);
  });

  test('qemu writes 200 MB with pwrite() to a healthy disk, and 300 bytes of log', () => {
    const { finding, sda } = judged({
      disks: [saturated('sda'), healthy('sdb')],
      processes: [writer(50, 'qemu', 200 * MB)],
      suspects: [
        suspect(50, [file(3, '/data/vm.img', 2, { movedBytes: 0 }), file(2, '/var/log/q.log', 1, { movedBytes: 300 })]),
      ],
    });
    expect(sda.culprits).toEqual([]);
    expect(finding.summary).not.toContain('qemu');
  });

  test('the same beside the one who does it: the log costs him nothing', () => {
    const { sda } = judged({
      disks: [saturated('sda'), healthy('sdb')],
      processes: [writer(50, 'qemu', 200 * MB), writer(300, 'dd', 100 * MB)],
      suspects: [
        suspect(50, [file(3, '/data/vm.img', 2, { movedBytes: 0 }), file(2, '/var/log/q.log', 1, { movedBytes: 300 })]),
        suspect(300, [file(1, '/big', 1, { movedBytes: 100 * MB })]),
      ],
    });
    expect(named(sda)).toEqual([[300, expect.closeTo(1, 3)]]);
  });

  test.each([
    ['idle', { movedBytes: 0 }, []],
    ['written now and then', { movedBytes: 80 }, []],
    ['being written when it was looked at', { movedBytes: 80 }, [call('write', 1, 15, 80)]],
  ])('tar unpacks to files that it closes again; its only open file is a log, %s', (_, moved, calls) => {
    const { sda } = judged({
      disks: [saturated('sda'), healthy('sdb')],
      processes: [writer(50, 'tar', 200 * MB)],
      suspects: [suspect(50, [file(1, '/var/log/backup.log', 1, moved)], { calls })],
    });
    expect(sda.culprits).toEqual([]);
  });

  test('a slow write() of a line to a file that is no log by its mode is met often, and is a line all the same', () => {
    const { sda } = judged({
      disks: [saturated('sda'), healthy('sdb')],
      processes: [writer(50, 'java', 200 * MB)],
      suspects: [
        suspect(50, [file(7, '/var/log/app', 1, { movedBytes: 80 }), file(8, '/data/x', 2, { movedBytes: 0 })], {
          calls: [call('write', 7, 15, 80)],
        }),
      ],
    });
    expect(sda.culprits).toEqual([]);
  });

  test.each([0, 80])(
    'tar on a host with one disk may be named, but neither for sure nor with that log',
    (movedBytes) => {
      const { sda } = judged({
        disks: [saturated('sda')],
        processes: [writer(50, 'tar', 100 * MB)],
        suspects: [suspect(50, [file(1, '/var/log/backup.log', 1, { movedBytes })])],
      });
      expect(sda.culprits).toMatchObject([{ pid: 50, confidence: 'medium', files: [] }]);
      expect(sda.culprits[0]?.evidence.join()).toMatch(/inferred/);
    },
  );

  test('who dirties a mapping is not named with its idle log', () => {
    const { finding, sda } = judged({
      disks: [saturated('sda')],
      processes: [
        { ...writer(90, 'mdb', 100 * MB), io: io({ writtenBytes: 100 * MB, writtenChars: 0, writeCalls: 0 }) },
      ],
      suspects: [suspect(90, [file(2, '/var/log/mdb.log', 1, { movedBytes: 0 })])],
    });
    expect(sda.culprits[0]).toMatchObject({ pid: 90, activity: 'mmap', files: [] });
    expect(JSON.stringify(finding)).not.toContain('mdb.log');
  });
});

describe('who only waited while it was looked at is not blamed for what it is charged', () => {
  const wait = { count: 7, value: { name: 'syscall 61', kind: 'other' } } as const;
  const parent = process(70, 'node', { io: io({ writtenBytes: 220 * MB }) });

  test('a parent that has reaped a writer whom nobody saw, on a host with one disk that still drains', () => {
    const { finding, sda } = judged({
      disks: [saturated('sda')],
      processes: [parent],
      suspects: [suspect(70, [file(1, '/var/log/out', 1, { movedBytes: 0 })], { calls: [wait] })],
    });
    expect(sda).toMatchObject({ culprits: [], unexplainedShare: 1 });
    expect(finding.summary).not.toContain('node');
  });

  test('nor who was neither looked at nor seen to wait', () => {
    expect(judged({ disks: [saturated('sda')], processes: [parent] }).sda.culprits).toEqual([]);
  });

  test('but whoever was met blocked is, by inference', () => {
    const { sda } = judged({
      disks: [saturated('sda')],
      processes: [{ ...parent, blockedSamples: 3 }],
      suspects: [suspect(70, [file(5, '/data/x', 1)])],
    });
    expect(sda.culprits).toMatchObject([{ pid: 70, confidence: 'medium' }]);
  });
});

describe('a parent is not blamed for the past life of a child that it reaps', () => {
  const dd = writer(300, 'dd', 95 * MB);
  const atWork = suspect(300, [file(1, '/big', 1, { movedBytes: 95 * MB })]);
  const jumped = (pid: number, command: string, bytes: number) =>
    process(pid, command, { io: io({ writtenBytes: bytes }) });
  const backend: ProcessActivity = process(200, 'postgres', {
    parentPid: 100,
    startTicks: 20,
    seen: 'gone',
    io: io({ writtenBytes: MB }),
  });

  test.each([
    ['bash, whose child is not listed', [jumped(100, 'bash', 5 * GB)]],
    ['bash, by 500 GB', [jumped(100, 'bash', 500 * GB)]],
    ['systemd', [jumped(1, 'systemd', 5 * GB)]],
    ['systemd, by less than the disk did', [jumped(1, 'systemd', 90 * MB)]],
    ['a postmaster, whose backend is listed', [jumped(100, 'postgres', 500 * GB), backend]],
  ])('%s: dd, which was seen at work, keeps its share', (_, others) => {
    const { finding, sda } = judged({
      disks: [saturated('sda')],
      windowStartTicks: 1000,
      processes: [...others, dd],
      suspects: [
        atWork,
        suspect(100, [file(1, '/root/nohup.out', 1, { movedBytes: 0 })]),
        suspect(1, [file(9, 'socket:[1]', 7)]),
      ],
    });
    expect(sda.culprits).toMatchObject([{ pid: 300, command: 'dd', share: 0.95, confidence: 'high' }]);
    expect(sda.unexplainedShare).toBeLessThanOrEqual(0.05);
    expect(finding.summary).toMatch(/^dd 300 saturates sda/);
  });

  test('nor where nobody was looked at closely', () => {
    for (const others of [[jumped(100, 'bash', 500 * GB)], [jumped(100, 'postgres', 500 * GB), backend]]) {
      const { sda } = judged({ disks: [saturated('sda')], windowStartTicks: 1000, processes: [...others, dd] });
      expect(sda.culprits).toMatchObject([{ pid: 300, command: 'dd' }]);
    }
  });

  test('nor with a file that it has open: where nobody else is seen the load is unexplained', () => {
    for (const file1 of [file(1, '/root/nohup.out', 1, { movedBytes: 0 }), file(5, '/root/nohup.out', 1)]) {
      const { finding, sda } = judged({
        disks: [saturated('sda')],
        processes: [jumped(100, 'bash', 500 * GB)],
        suspects: [suspect(100, [file1])],
      });
      expect(sda).toMatchObject({ culprits: [], unexplainedShare: 1 });
      expect(JSON.stringify(finding)).not.toContain('nohup.out');
    }
  });

  test('nor for a line that it logs meanwhile', () => {
    const { finding, sda } = judged({
      disks: [saturated('sda')],
      processes: [jumped(100, 'bash', 500 * GB), dd],
      suspects: [suspect(100, [file(1, '/root/nohup.out', 1, { movedBytes: 100 })])],
    });
    expect(sda.culprits).toMatchObject([{ pid: 300, command: 'dd', share: 0.95 }]);
    expect(JSON.stringify(finding)).not.toContain('nohup.out');
  });

  test('make with 100 bytes of log, whose children that have gone wrote 200 MB to the other disk', () => {
    const cc1 = (i: number) =>
      process(200 + i, 'cc1', { parentPid: 100, seen: 'gone', io: io({ writtenBytes: 50 * MB }) });
    const { sda } = judged({
      disks: [saturated('sda'), healthy('sdb')],
      processes: [jumped(100, 'make', 200 * MB), ...[1, 2, 3, 4].map(cc1)],
      suspects: [
        suspect(100, [file(1, '/var/log/build.log', 1, { movedBytes: 100 })]),
        suspect(201, [file(3, '/data/o/a.o', 2, { movedBytes: 50 * MB })]),
      ],
    });
    expect(sda.culprits).toEqual([]);
  });

  test('the same where no child was looked at closely, and where none is listed', () => {
    const cc1 = process(201, 'cc1', { parentPid: 100, seen: 'gone', io: io({ writtenBytes: 200 * MB }) });
    for (const children of [[cc1], []]) {
      const { sda } = judged({
        disks: [saturated('sda'), healthy('sdb')],
        processes: [jumped(100, 'make', 200 * MB), ...children],
        suspects: [suspect(100, [file(1, '/var/log/build.log', 1, { movedBytes: 100 })])],
      });
      expect(sda.culprits).toEqual([]);
    }
  });
});

describe('many, few and none', () => {
  test.each([8, 20])('%d equal writers: who adds a fiftieth or more is no victim of the others', (count) => {
    const each = (100 * MB) / count;
    const { sda } = judged({
      disks: [saturated('sda')],
      processes: Array.from({ length: count }, (_, i) => ({
        ...writer(70 + i, 'worker', each),
        parentPid: 7,
        blockedSamples: 15,
      })),
      suspects: Array.from({ length: count }, (_, i) => suspect(70 + i, [file(3, `/w${i}`, 1, { movedBytes: each })])),
    });
    expect(sda.verdict).toBe('saturated');
    expect(sda.victims).toEqual([]);
  });

  test('who adds an eighth, with half of the load unexplained, does not "saturate" the disk', () => {
    const small = [90, 91, 92, 93, 94, 95].map((pid, i) => ({ pid, bytes: (i === 0 ? 12 : 8) * MB }));
    const { finding, sda } = judged({
      disks: [saturated('sda')],
      processes: small.map(({ pid, bytes }) => writer(pid, `p${pid}`, bytes)),
      suspects: small.map(({ pid, bytes }) => suspect(pid, [file(3, `/f${pid}`, 1, { movedBytes: bytes })])),
    });
    expect(sda.unexplainedShare).toBeCloseTo(0.48);
    expect(finding.summary).toMatch(/^sda is saturated /);
    expect(finding.summary).not.toMatch(/saturates? sda/);
  });

  test('with 89 % unexplained the confidence is low', () => {
    const { sda } = judged({
      disks: [saturated('sda')],
      processes: [writer(90, 'small', 11 * MB)],
      suspects: [suspect(90, [file(3, '/s', 1, { movedBytes: 11 * MB })])],
    });
    expect(sda).toMatchObject({ unexplainedShare: 0.89, culprits: [{ pid: 90, confidence: 'low' }] });
  });

  test.each([12, 52])('unprivileged, with %d percent of its own: the unseen others are told of', (percent) => {
    const { finding } = judged({
      privilege: 'user',
      disks: [saturated('sda')],
      processes: [writer(90, 'mine', percent * MB)],
      suspects: [suspect(90, [file(3, '/s', 1, { movedBytes: percent * MB })])],
    });
    expect(finding.summary).toMatch(/other users are not visible/);
  });

  test('one writer without a place and two saturated disks: it may be this one, and that is said', () => {
    const { finding, sda } = judged({
      disks: [saturated('sda'), saturated('sdb')],
      processes: [writer(80, 'x', 200 * MB)],
    });
    expect(sda.culprits).toEqual([]);
    expect(finding.summary).toMatch(
      /spread over many, or the one was not seen at work on this disk.*Also saturated: sdb/,
    );
  });

  test('where no disk could be judged, none is said to be fine', () => {
    for (const disks of [[], [saturated('sda', { elapsedMs: 400, ioMs: 400 })]]) {
      const finding = triage(host({ disks, pressure: { ioSomeShare: 0.9 } }));
      expect(finding.verdict).toBe('inconclusive');
      expect(finding.explanations).toEqual([]);
      expect(JSON.stringify(finding)).not.toMatch(/no (local )?disk is saturated/i);
    }
  });
});

describe('many flushes', () => {
  const { sda } = judged({
    disks: [
      saturated('sda', {
        writes: 1000,
        writeBytes: 12 * MB,
        writeMs: 90_000,
        weightedMs: 90_000,
        flushes: 500,
        flushMs: 4500,
      }),
    ],
    processes: [
      writer(60, 'bulk', 6 * MB),
      process(61, 'sqlite', { blockedSamples: 18, io: io({ writtenBytes: MB, writeCalls: 500 }) }),
    ],
    suspects: [
      suspect(60, [file(3, '/srv/bulk', 1, { movedBytes: 6 * MB })]),
      suspect(61, [file(4, '/srv/db', 1, { movedBytes: MB })], { calls: [call('sync', 4, 18)] }),
    ],
  });

  test('who asks for them is named, not who writes the most bytes beside it', () => {
    expect(sda.verdict).toBe('saturated');
    expect(sda.culprits).toMatchObject([
      { pid: 61, activity: 'fsync', shareOf: 'flushes', share: 1, confidence: 'high' },
    ]);
    expect(sda.culprits[0]?.evidence.join()).toMatch(/met 18 times in 20 looks in a call that flushes sda/);
    expect(sda.victims).toEqual([]);
  });

  test('fsync stays fsync with a thread that waits in read() of a socket', () => {
    const db = judged({
      disks: [saturated('sda', { writes: 1000, writeBytes: 12 * MB, writeMs: 90_000, weightedMs: 90_000 })],
      processes: [process(90, 'db', { io: io({ writtenBytes: 12 * MB, writeCalls: 3000, readCalls: 10 }) })],
      suspects: [
        suspect(90, [file(4, '/srv/wal', 1, { movedBytes: 12 * MB }), file(7, 'socket:[5]', 7)], {
          calls: [call('read', 7, 20, 8), call('sync', 4, 15)],
        }),
      ],
    }).sda;
    expect(db.culprits).toMatchObject([{ pid: 90, activity: 'fsync', files: [{ path: '/srv/wal' }] }]);
    expect(db.culprits[0]?.evidence.join()).not.toMatch(/read\(fd 7/);
  });
});

test('read() of a pipe, a megabyte at a time, is not how a reader reads the disk', () => {
  const reads = { reads: true, writes: false, direct: false, sync: false, append: false };
  const { sda } = judged({
    disks: [saturatedByReads('sda')],
    processes: [process(90, 'scan', { io: io({ readBytes: 100 * MB, readCalls: 25_600 }) })],
    suspects: [
      suspect(
        90,
        [file(0, 'pipe:[4]', 7, { mode: reads }), file(4, '/srv/t', 1, { mode: reads, movedBytes: 100 * MB })],
        {
          calls: [call('read', 0, 20, MB), call('read', 4, 15, 4096)],
        },
      ),
    ],
  });
  expect(sda.culprits).toMatchObject([{ pid: 90, activity: 'read', ioSizeBytes: 4096 }]);
});

describe('layers', () => {
  const mount = { root: '/', fsType: 'ext4', superOptions: 'rw' };
  const overlay = {
    ...mount,
    id: 900,
    number: '0:77',
    mountpoint: '/',
    fsType: 'overlay',
    source: 'overlay',
    superOptions: 'rw,lowerdir=/data/docker/l,upperdir=/data/docker/u,workdir=/data/docker/w',
  };

  test("a container's \"/\" does not hide the host's: the image of a loop device is on the disk of the host's", () => {
    const { finding, sda } = judged({
      disks: [saturated('sda'), healthy('sdb', { writes: 0, writeBytes: 0 }), saturated('loop0')],
      blockDevices: [
        ...host().blockDevices,
        { name: 'loop0', number: '7:0', slaves: [], partitions: new Map(), backingFile: '/images/x.img' },
      ],
      mounts: [
        ...host().mounts,
        { ...mount, id: 20, number: '7:0', mountpoint: '/mnt/img', source: '/dev/loop0' },
        overlay,
      ],
      processes: [writer(90, 'w', 100 * MB)],
      suspects: [suspect(90, [file(3, '/mnt/img/s', 20, { movedBytes: 100 * MB })])],
    });
    expect(finding.disks.map(({ device }) => device)).toEqual(['sda', 'sdb']);
    expect(sda).toMatchObject({ stack: ['loop0'], culprits: [{ pid: 90, share: 1, confidence: 'high' }] });
  });

  test('the journal of dm-12 on another disk is no carrier of dm-1', () => {
    const layer = (name: string, number: string, slave: string) => ({
      name,
      number,
      slaves: [slave],
      partitions: new Map<string, string>(),
    });
    const { sda } = judged({
      disks: [saturated('sda'), healthy('sdb'), healthy('dm-1'), healthy('dm-12')],
      blockDevices: [...host().blockDevices, layer('dm-1', '253:1', 'sda1'), layer('dm-12', '253:12', 'sdb')],
      processes: [kernelThread(5, 'jbd2/dm-12-8'), kernelThread(6, 'jbd2/dm-1-8')],
    });
    expect(sda.carriers.map(({ command }) => command)).toEqual(['jbd2/dm-1-8']);
  });
});
