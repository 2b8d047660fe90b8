import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyHost } from '../../test/any-host.ts';
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
  ticks,
  writer,
} from '../../test/host-samples.ts';
import { type Disk, type Finding, findingSchema } from './finding.ts';
import type { HostSamples } from './samples.ts';
import { triage } from './triage.ts';

const diskOf = (finding: Finding, device: string): Disk => {
  const disk = finding.disks.find((found) => found.device === device);
  if (!disk) throw new Error(`no ${device} among ${finding.disks.map((found) => found.device)}`);
  return disk;
};
const judged = (more: Partial<HostSamples>, device = 'sda'): Disk => diskOf(triage(host(more)), device);
const pids = (found: readonly { pid: number | null }[]) => found.map(({ pid }) => pid);

const log = file(3, '/var/log/app.log', 1, { movedBytes: 100 * MB });
const logger = { process: writer(100, 'python', 100 * MB), suspect: suspect(100, [log]) };

describe('who saturates a disk', () => {
  test('kworker and jbd2 with the longest waits and bytes of their own are carriers, never culprits', () => {
    const sda = judged({
      disks: [saturated('sda')],
      processes: [
        logger.process,
        kernelThread(20065, 'kworker/u4:2', { io: io({ writtenBytes: 400 * MB }), delayTicks: 1503 }),
        kernelThread(354, 'jbd2/sda1-8', { io: io({ writtenBytes: 4 * MB }), delayTicks: 350 }),
      ],
      suspects: [logger.suspect],
    });
    expect(pids(sda.culprits)).toEqual([100]);
    expect(pids(sda.carriers)).toEqual([20065, 354]);
    expect(pids(sda.victims)).toEqual([]);
  });

  test('without the buffered writer behind them, kernel threads alone make no culprit', () => {
    const sda = judged({
      disks: [saturated('sda')],
      processes: [kernelThread(20065, 'kworker/u4:2', { io: io({ writtenBytes: 400 * MB }) })],
    });
    expect(sda).toMatchObject({ verdict: 'saturated', culprits: [], unexplainedShare: 1 });
  });

  test('a victim that waits as long as the culprit, or longer, is a victim', () => {
    const small = process(200, 'postgres', {
      blockedSamples: 20,
      delayTicks: 487,
      io: io({ writtenBytes: 40 * 1024 }),
    });
    const sda = judged({
      disks: [saturated('sda')],
      processes: [{ ...logger.process, blockedSamples: 19, delayTicks: 462 }, small],
      suspects: [logger.suspect, suspect(200, [file(5, '/var/lib/pg/wal', 1, { movedBytes: 40 * 1024 })])],
    });
    expect(pids(sda.culprits)).toEqual([100]);
    expect(pids(sda.victims)).toEqual([200]);
    expect(sda.victims[0]?.why).toMatch(/adds under 1 % of its bytes/);
  });

  test('the top writer on another, healthy disk is not blamed for this one', () => {
    const finding = triage(
      host({
        disks: [saturated('sda'), healthy('sdb', { writeBytes: 900 * MB })],
        processes: [writer(300, 'rsync', 900 * MB), logger.process],
        suspects: [suspect(300, [file(4, '/data/copy', 2, { movedBytes: 900 * MB })]), logger.suspect],
      }),
    );
    expect(pids(diskOf(finding, 'sda').culprits)).toEqual([100]);
    expect(diskOf(finding, 'sdb')).toMatchObject({ verdict: 'healthy', culprits: [] });
  });

  test.each([
    ['a network file system', file(4, '/mnt/nfs/backup', 4, { movedBytes: 900 * MB })],
    ['the other disk, by its raw device', file(4, '/dev/sdb', 5, { movedBytes: 900 * MB })],
  ])('a writer to %s is not blamed for a local disk', (_, target) => {
    const sda = judged({
      disks: [saturated('sda'), healthy('sdb')],
      processes: [writer(300, 'tar', 900 * MB), logger.process],
      suspects: [suspect(300, [target]), logger.suspect],
    });
    expect(pids(sda.culprits)).toEqual([100]);
  });

  test('a writer open on a server and on the local disk, seen at work on neither, is not blamed for the disk', () => {
    const sda = judged({
      disks: [saturated('sda')],
      processes: [writer(300, 'tar', 900 * MB)],
      suspects: [suspect(300, [file(4, '/mnt/nfs/backup', 4), file(5, '/var/log/tar.log', 1)])],
    });
    expect(sda.culprits).toEqual([]);
    expect(sda.unexplainedShare).toBe(1);
  });

  test('a writer to tmpfs is charged nothing and blamed for nothing', () => {
    const tmpfs = process(300, 'stress', { io: io({ writtenChars: 5000 * MB, writeCalls: 9000 }), blockedSamples: 2 });
    const sda = judged({
      disks: [saturated('sda')],
      processes: [tmpfs, logger.process],
      suspects: [suspect(300, [file(4, '/tmp/scratch', 3, { movedBytes: 5000 * MB })]), logger.suspect],
    });
    expect(pids(sda.culprits)).toEqual([100]);
  });

  test('what is written and cancelled again is no load: net of it nothing is left', () => {
    const cancelled = process(300, 'compiler', { io: io({ writtenBytes: 1500 * MB, cancelledBytes: 1500 * MB }) });
    expect(judged({ disks: [healthy('sda', { writeBytes: 0, writes: 1 })], processes: [cancelled] })).toMatchObject({
      verdict: 'healthy',
      culprits: [],
    });
    const beside = judged({
      disks: [saturated('sda')],
      processes: [cancelled, logger.process],
      suspects: [suspect(300, [file(3, '/srv/a.o', 1)]), logger.suspect],
    });
    expect(pids(beside.culprits)).toEqual([100]);
  });

  test('who truncates what another wrote has no load below zero', () => {
    const truncater = process(300, 'logrotate', { io: io({ cancelledBytes: 900 * MB }) });
    const sda = judged({
      disks: [saturated('sda')],
      processes: [truncater, logger.process],
      suspects: [logger.suspect],
    });
    expect(sda.culprits).toMatchObject([{ pid: 100, share: 1 }]);
  });

  test('two equal causes get equal shares, and the summary names both', () => {
    const other = file(3, '/srv/export.bin', 1, { movedBytes: 50 * MB });
    const finding = triage(
      host({
        disks: [saturated('sda')],
        processes: [writer(100, 'python', 50 * MB), writer(101, 'java', 50 * MB)],
        suspects: [suspect(100, [log]), suspect(101, [other])],
      }),
    );
    expect(diskOf(finding, 'sda').culprits.map(({ pid, share }) => [pid, share])).toEqual([
      [100, 0.5],
      [101, 0.5],
    ]);
    expect(finding.summary).toMatch(/python 100 \(50 %\) and java 101 \(50 %\) together saturate sda/);
  });

  test('a direct reader is named with what it reads', () => {
    const direct = { reads: true, writes: false, direct: true, sync: false, append: false };
    const sda = judged({
      disks: [saturatedByReads('sda')],
      processes: [process(400, 'dd', { io: io({ readBytes: 100 * MB }) })],
      suspects: [suspect(400, [file(0, '/srv/big.img', 1, { mode: direct, movedBytes: 100 * MB })])],
    });
    expect(sda.culprits).toMatchObject([
      { pid: 400, activity: 'read', share: 1, confidence: 'high', files: [{ path: '/srv/big.img', fd: 0, share: 1 }] },
    ]);
  });

  test('a writer to the raw device is placed there, although /dev itself is in memory', () => {
    const sdb = judged(
      {
        disks: [saturated('sdb')],
        processes: [writer(300, 'dd', 100 * MB)],
        suspects: [suspect(300, [file(1, '/dev/sdb', 5, { movedBytes: 100 * MB })])],
      },
      'sdb',
    );
    expect(sdb.culprits).toMatchObject([{ pid: 300, confidence: 'high', files: [{ path: '/dev/sdb', fd: 1 }] }]);
  });

  test('/dev/kvm beside a disk image does not hide where the image is', () => {
    const qemu = suspect(300, [
      file(9, '/dev/kvm', 5, { mode: { reads: true, writes: true, direct: false, sync: false, append: false } }),
      file(12, '/data/vm.img', 2, { movedBytes: 0 }),
    ]);
    const calls = [{ count: 12, value: { name: 'pwritev', kind: 'write' as const, fd: 12 } }];
    const sdb = judged(
      { disks: [saturated('sdb')], processes: [writer(300, 'qemu', 100 * MB)], suspects: [{ ...qemu, calls }] },
      'sdb',
    );
    expect(sdb.culprits).toMatchObject([{ pid: 300, confidence: 'high', files: [{ path: '/data/vm.img' }] }]);
  });

  test('an image that is only open is a candidate: named as the only one, but not with high confidence', () => {
    const qemu = suspect(300, [file(12, '/data/vm.img', 2)]);
    const sdb = judged(
      { disks: [saturated('sdb')], processes: [writer(300, 'qemu', 100 * MB)], suspects: [qemu] },
      'sdb',
    );
    expect(sdb.culprits).toMatchObject([{ pid: 300, confidence: 'medium', files: [{ path: '/data/vm.img' }] }]);
    expect(sdb.culprits[0]?.evidence.join()).toMatch(/inferred/);
  });

  test('small writes that are forced one by one are fsync', () => {
    const calls = [{ count: 18, value: { name: 'fdatasync', kind: 'sync' as const, fd: 3 } }];
    const sda = judged({
      disks: [saturated('sda')],
      processes: [
        process(100, 'python', { io: io({ writtenBytes: 80 * MB, writtenChars: 80 * MB, writeCalls: 20_000 }) }),
      ],
      suspects: [suspect(100, [log], { calls })],
    });
    expect(sda.culprits[0]).toMatchObject({ activity: 'fsync', ioSizeBytes: expect.closeTo(4194, 0) });
  });

  test('pages dirtied without write() calls are mmap, with no size made up', () => {
    const sda = judged({
      disks: [saturated('sda')],
      processes: [
        { ...writer(100, 'mongod', 100 * MB), io: io({ writtenBytes: 100 * MB, writtenChars: 0, writeCalls: 0 }) },
      ],
      suspects: [suspect(100, [file(3, '/var/lib/db', 1)])],
    });
    expect(sda.culprits[0]).toMatchObject({ activity: 'mmap' });
    expect(sda.culprits[0]).not.toHaveProperty('ioSizeBytes');
  });

  test('fifty small processes that are only summed have no name to give', () => {
    const sda = judged({
      disks: [saturated('sda')],
      rest: [{ count: 50, parentPid: 1200, command: 'sh', readBytes: 0, writtenBytes: 100 * MB, cancelledBytes: 0 }],
    });
    expect(sda).toMatchObject({ culprits: [], othersShare: 1, unexplainedShare: 0 });
  });

  test('a writer that has gone leaves no culprit: the load is unexplained and said to be', () => {
    const finding = triage(host({ disks: [saturated('sda')], processes: [process(7, 'sshd', { io: io({}) })] }));
    expect(diskOf(finding, 'sda')).toMatchObject({ culprits: [], othersShare: 0, unexplainedShare: 1 });
    expect(finding.summary).toMatch(/no process that was seen explains its load/);
  });

  test('sync, blocked for the whole window, is a victim', () => {
    const sync = process(500, 'sync', { blockedSamples: 20, state: 'D', io: io({}) });
    const sda = judged({ disks: [saturated('sda')], processes: [logger.process, sync], suspects: [logger.suspect] });
    expect(pids(sda.culprits)).toEqual([100]);
    expect(pids(sda.victims)).toEqual([500]);
  });

  test('a process whose io is unreadable is no culprit and no victim: it is a lead, with what was seen of it', () => {
    const hidden = process(600, 'mysqld', { seen: 'unreadable', blockedSamples: 20 });
    const finding = triage(host({ privilege: 'user', disks: [saturated('sda')], processes: [hidden] }));
    expect(diskOf(finding, 'sda')).toMatchObject({ culprits: [], victims: [] });
    expect(finding.summary).toMatch(
      /saturated .* culprit is not visible to this user: log in as root or allow sudo -n; waiting on it: mysqld 600\.$/,
    );
    expect(finding.explanations).toEqual([
      {
        kind: 'unreadable-waiters',
        summary:
          'Waiting on sda: mysqld 600. Whether that is the cause of its load or suffers from it cannot be seen without root.',
        evidence: [
          'mysqld 600: waits on the disk, seen blocked in 20 samples; what it moves could not be read (/proc/600/io)',
        ],
      },
    ]);
  });

  test('on a disk that is not saturated such a process is no lead to anything', () => {
    const hidden = process(600, 'mysqld', { seen: 'unreadable', blockedSamples: 20 });
    const finding = triage(host({ privilege: 'user', disks: [healthy('sda')], processes: [hidden] }));
    expect(finding.explanations).toEqual([]);
    expect(finding.summary).not.toContain('mysqld');
  });
});

describe('which file', () => {
  test.each([
    [true, '(deleted, still open)'],
    [false, 'fd 3 is /var/log/app.log.1'],
  ])('a rotated log: deleted %s', (deleted, said) => {
    const rotated = file(3, '/var/log/app.log.1', 1, { deleted, movedBytes: 100 * MB });
    const sda = judged({ disks: [saturated('sda')], processes: [logger.process], suspects: [suspect(100, [rotated])] });
    expect(sda.culprits[0]?.files).toEqual([{ path: '/var/log/app.log.1', fd: 3, deleted, share: 1 }]);
    expect(sda.culprits[0]?.evidence.join('\n')).toContain(said);
  });

  test('the file in use is named, not the others that are open', () => {
    const idle = file(4, '/var/lib/idle.db', 1, { movedBytes: 0 });
    const sda = judged({
      disks: [saturated('sda')],
      processes: [logger.process],
      suspects: [suspect(100, [idle, log])],
    });
    expect(sda.culprits[0]?.files.map(({ path }) => path)).toEqual(['/var/log/app.log']);
  });

  test('a file that is open to read is not what a writer writes', () => {
    const read = file(4, '/etc/passwd', 1, {
      mode: { reads: true, writes: false, direct: false, sync: false, append: false },
    });
    const sda = judged({ disks: [saturated('sda')], processes: [logger.process], suspects: [suspect(100, [read])] });
    expect(sda.culprits[0]?.files ?? []).toEqual([]);
  });

  test('without mnt_id (3.10) the longest mountpoint above the path decides', () => {
    const { mountId: _, ...old } = file(3, '/data/app.log', 2, { movedBytes: 100 * MB });
    const samples = { processes: [logger.process], suspects: [suspect(100, [old])] };
    expect(judged({ ...samples, disks: [saturated('sdb')] }, 'sdb').culprits).toMatchObject([
      { pid: 100, confidence: 'high' },
    ]);
    expect(judged({ ...samples, disks: [saturated('sda'), healthy('sdb')] }).culprits).toEqual([]);
  });

  test('a suspect with another start time is another process: nothing of it is told of this one', () => {
    const sda = judged({
      disks: [saturated('sda')],
      processes: [logger.process],
      suspects: [{ ...logger.suspect, startTicks: 5, program: 'old.py' }],
    });
    expect(sda.culprits).toMatchObject([{ pid: 100, files: [] }]);
    expect(sda.culprits[0]).not.toHaveProperty('program');
    expect(sda.culprits[0]?.confidence).not.toBe('high');
  });

  test('of two suspects that had the same pid in turn each process gets its own', () => {
    const sda = judged({
      disks: [saturated('sda')],
      processes: [logger.process],
      suspects: [logger.suspect, { ...suspect(100, []), startTicks: 5 }],
    });
    expect(sda.culprits).toMatchObject([{ pid: 100, confidence: 'high', files: [{ path: '/var/log/app.log' }] }]);
  });
});

describe('what is inferred is said to be', () => {
  test('load that no file places is only inferred, and never "high"', () => {
    const sda = judged({ disks: [saturated('sda')], processes: [logger.process], suspects: [suspect(100, [])] });
    expect(sda.culprits).toMatchObject([{ pid: 100, measured: false, files: [] }]);
    expect(sda.culprits[0]?.confidence).not.toBe('high');
    expect(sda.culprits[0]?.evidence.join('\n')).toMatch(/inferred: it was not seen at work on a file of sda/);
  });

  test('where most is explained by nobody, who is placed is named with low confidence', () => {
    const sda = judged({
      disks: [saturated('sda')],
      processes: [writer(100, 'python', 40 * MB)],
      suspects: [logger.suspect],
    });
    expect(sda).toMatchObject({ unexplainedShare: 0.6, culprits: [{ pid: 100, share: 0.4, confidence: 'low' }] });
    expect(sda.culprits[0]?.evidence.join('\n')).toMatch(/60 % of the disk's bytes are explained by no process/);
  });

  test('a process that has ended is not named with high confidence', () => {
    const gone = { ...logger.process, seen: 'gone' as const };
    const sda = judged({ disks: [saturated('sda')], processes: [gone], suspects: [logger.suspect] });
    expect(sda.culprits[0]?.confidence).not.toBe('high');
    expect(sda.culprits[0]?.evidence).toContain('ended inside the window: last values seen');
  });

  test('limits of what was seen are in the finding', () => {
    expect(triage(host({ limits: ['212 of 300 processes unreadable'] })).limits).toEqual([
      '212 of 300 processes unreadable',
    ]);
  });
});

describe('layers are blamed once', () => {
  const block = (name: string, number: string, slaves: string[], more = {}) => ({
    name,
    number,
    slaves,
    partitions: new Map<string, string>(),
    ...more,
  });

  test('a loop device on a file: the upper process once, on the disk below, with the layer in its stack', () => {
    const base = host();
    const finding = triage(
      host({
        disks: [saturated('sdb'), saturated('loop0', { number: '7:0' })],
        blockDevices: [...base.blockDevices, block('loop0', '7:0', [], { backingFile: '/data/disk.img' })],
        mounts: [
          ...base.mounts,
          {
            id: 9,
            number: '7:0',
            root: '/',
            mountpoint: '/slow',
            fsType: 'ext4',
            source: '/dev/loop0',
            superOptions: '',
          },
        ],
        processes: [
          writer(100, 'python', 100 * MB),
          kernelThread(70, 'loop0', { io: io({ writtenBytes: 130 * MB }) }),
          kernelThread(71, 'kworker/u4:1-loop0', { io: io({ writtenBytes: 130 * MB }) }),
        ],
        suspects: [suspect(100, [file(3, '/slow/app.log', 9, { movedBytes: 100 * MB })])],
      }),
    );
    expect(finding.disks.map(({ device }) => device)).toEqual(['sdb']);
    expect(diskOf(finding, 'sdb')).toMatchObject({
      stack: ['loop0'],
      mountpoints: ['/data', '/slow'],
      culprits: [{ pid: 100, share: 1, confidence: 'high', files: [{ path: '/slow/app.log' }] }],
    });
    expect(pids(diskOf(finding, 'sdb').carriers)).toEqual([70, 71]);
  });

  test('a loop device that is slow while the disk below it is not is blamed itself', () => {
    const base = host();
    const finding = triage(
      host({
        disks: [healthy('sdb'), saturated('loop0', { number: '7:0' })],
        blockDevices: [...base.blockDevices, block('loop0', '7:0', [], { backingFile: '/data/disk.img' })],
      }),
    );
    expect(finding.disks.map(({ device, verdict }) => [device, verdict])).toEqual([
      ['loop0', 'saturated'],
      ['sdb', 'healthy'],
    ]);
  });

  test('dm over a partition: the disk once, the file of the logical volume', () => {
    const base = host();
    const finding = triage(
      host({
        disks: [
          saturated('sda', { number: '8:0' }),
          saturated('sda1', { number: '8:1' }),
          saturated('dm-0', { number: '253:0' }),
        ],
        blockDevices: [...base.blockDevices, block('dm-0', '253:0', ['sda1'], { dmName: 'vg-root' })],
        mounts: [
          {
            id: 9,
            number: '253:0',
            root: '/',
            mountpoint: '/',
            fsType: 'xfs',
            source: '/dev/mapper/vg-root',
            superOptions: '',
          },
        ],
        processes: [logger.process],
        suspects: [suspect(100, [{ ...log, mountId: 9 }])],
      }),
    );
    expect(finding.disks).toMatchObject([
      { device: 'sda', stack: ['dm-0'], mountpoints: ['/'], culprits: [{ pid: 100, share: 1 }] },
    ]);
  });

  test('a mirror: each half is blamed on the same process, the md device is not blamed besides', () => {
    const base = host();
    const finding = triage(
      host({
        disks: [saturated('sda'), saturated('sdb'), saturated('md0', { number: '9:0' })],
        blockDevices: [...base.blockDevices, block('md0', '9:0', ['sda', 'sdb'])],
        mounts: [
          { id: 9, number: '9:0', root: '/', mountpoint: '/', fsType: 'xfs', source: '/dev/md0', superOptions: '' },
        ],
        processes: [logger.process],
        suspects: [suspect(100, [{ ...log, mountId: 9 }])],
      }),
    );
    expect(finding.disks.map(({ device, culprits }) => [device, pids(culprits)])).toEqual([
      ['sda', [100]],
      ['sdb', [100]],
    ]);
  });

  test('an idle loop or memory device is not a disk of the report', () => {
    expect(
      triage(host({ disks: [healthy('sda'), healthy('loop3'), healthy('zram0')] })).disks.map(({ device }) => device),
    ).toEqual(['sda']);
  });
});

describe('a disk that hangs', () => {
  test('has for its queue the requests that are in flight, since a kernel counts those that complete', () => {
    const still = { writes: 0, writeBytes: 0, writeMs: 0, weightedMs: 0, inFlight: 12 };
    const finding = triage(
      host({
        disks: [saturated('sda', { ...still, ioMs: 5000 })],
        ticks: new Map([['sda', ticks('sda', () => still)]]),
      }),
    );
    expect(diskOf(finding, 'sda')).toMatchObject({ verdict: 'hung', queueDepth: 12 });
  });

  test('has no culprit, whoever wrote before; who waits is a victim', () => {
    const finding = triage(
      host({
        disks: [saturated('sda', { writes: 20, writeBytes: 10 * MB })],
        ticks: new Map([['sda', ticks('sda', (i) => (i < 4 ? {} : { writes: 0, writeBytes: 0, writeMs: 0 }))]]),
        processes: [{ ...logger.process, blockedSamples: 20 }],
        suspects: [logger.suspect],
      }),
    );
    expect(diskOf(finding, 'sda')).toMatchObject({ verdict: 'hung', culprits: [] });
    expect(pids(diskOf(finding, 'sda').victims)).toEqual([100]);
    expect(finding.summary).toMatch(/^sda hangs: .*a fault of the device or its path, not of a process\.$/);
    expect(finding.score).toBeGreaterThanOrEqual(90);
  });
});

describe('the host as a whole', () => {
  test('the worst disk comes first and gives the verdict', () => {
    const finding = triage(
      host({
        disks: [
          healthy('sda'),
          saturated('sdb'),
          healthy('sdc', { ioMs: 4000 }),
          saturated('sdd', { elapsedMs: 400, ioMs: 400 }),
          saturated('sde', { writes: 0, writeBytes: 0, writeMs: 0 }),
        ],
        blockDevices: ['sda', 'sdb', 'sdc', 'sdd', 'sde'].map((name, i) => block5(name, i)),
        ticks: new Map([['sde', ticks('sde', () => ({ writes: 0, writeBytes: 0, writeMs: 0 }))]]),
      }),
    );
    expect(finding.disks.map(({ device, verdict }) => [device, verdict])).toEqual([
      ['sde', 'hung'],
      ['sdb', 'saturated'],
      ['sdd', 'inconclusive'],
      ['sdc', 'busy'],
      ['sda', 'healthy'],
    ]);
    expect(finding.verdict).toBe('hung');
  });

  test('no disk that could be read is inconclusive, not healthy', () => {
    expect(triage(host())).toMatchObject({ verdict: 'inconclusive', disks: [], summary: 'No disk could be judged.' });
  });

  test('a healthy disk carries no timeline, a saturated one at most 60 points', () => {
    const many = new Map(
      ['sda', 'sdb'].map((name) => [name, Array.from({ length: 10 }, () => ticks(name, () => ({}))).flat()]),
    );
    const finding = triage(host({ disks: [saturated('sda'), healthy('sdb')], ticks: many }));
    expect(diskOf(finding, 'sda').timeline?.length).toBeLessThanOrEqual(60);
    expect(diskOf(finding, 'sdb')).not.toHaveProperty('timeline');
  });

  test('names that a host sent are kept as they are: encoding is for those who show them', () => {
    const evil = '\u001b[2J<img onerror>\u202e';
    const sda = judged({
      disks: [saturated('sda')],
      processes: [writer(100, evil, 100 * MB)],
      suspects: [logger.suspect],
    });
    expect(sda.culprits[0]?.command).toBe(evil);
  });
});

function block5(name: string, index: number) {
  return { name, number: `8:${index * 16}`, rotational: true, slaves: [], partitions: new Map<string, string>() };
}

describe('any host at all', () => {
  test('triage never throws, and its finding is one', () => {
    fc.assert(
      fc.property(anyHost, (samples) => {
        const parsed = findingSchema.safeParse(triage(samples));
        expect(parsed.error?.issues ?? []).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('shares, othersShare and unexplainedShare add up to 1 on every disk', () => {
    fc.assert(
      fc.property(anyHost, (samples) => {
        for (const { culprits, othersShare, unexplainedShare } of triage(samples).disks)
          expect(culprits.reduce((sum, { share }) => sum + share, othersShare + unexplainedShare)).toBeCloseTo(1, 9);
      }),
      { numRuns: 500 },
    );
  });

  test('they do so when every share would be rounded up', () => {
    for (const parts of [
      [16_665.5, 33_335, 33_335, 16_664.5],
      [20_000.5, 20_000.5, 20_000.5, 20_000.5, 19_998],
    ]) {
      const sda = judged({
        disks: [saturated('sda', { writeBytes: 100_000 })],
        processes: parts.map((bytes, i) => writer(100 + i, 'w', bytes)),
        suspects: parts.map((_, i) => suspect(100 + i, [log])),
      });
      expect(sda.culprits.reduce((sum, { share }) => sum + share, sda.othersShare + sda.unexplainedShare)).toBeCloseTo(
        1,
        9,
      );
    }
  });

  test('no kernel thread is a culprit, and nobody is both culprit and victim', () => {
    fc.assert(
      fc.property(anyHost, (samples) => {
        const threads = new Set(samples.processes.filter((p) => p.isKernelThread).map((p) => `${p.pid} ${p.command}`));
        const others = new Set(samples.processes.filter((p) => !p.isKernelThread).map((p) => `${p.pid} ${p.command}`));
        for (const disk of triage(samples).disks) {
          for (const { pid, command } of disk.culprits) {
            const name = `${pid} ${command}`;
            expect(threads.has(name) && !others.has(name)).toBe(false);
          }
          const culprits = new Set(pids(disk.culprits));
          expect(disk.victims.some(({ pid }) => culprits.has(pid))).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('who is not sure says why, and a backlog is part of what is unexplained', () => {
    fc.assert(
      fc.property(anyHost, (samples) => {
        for (const { culprits, unexplainedShare, backlogShare = 0 } of triage(samples).disks) {
          expect(backlogShare).toBeLessThanOrEqual(unexplainedShare);
          for (const { confidence, evidence } of culprits)
            expect(/^not sure: ./m.test(evidence.join('\n'))).toBe(confidence !== 'high');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('only a saturated disk has culprits, and "high" always has a file or device to show', () => {
    fc.assert(
      fc.property(anyHost, (samples) => {
        for (const disk of triage(samples).disks) {
          if (disk.verdict !== 'saturated') expect(disk.culprits).toEqual([]);
          for (const { confidence, evidence } of disk.culprits)
            if (confidence === 'high') expect(evidence.join('\n')).not.toMatch(/^inferred/m);
        }
      }),
      { numRuns: 300 },
    );
  });
});
