/** What is said beside the disks: limits of cgroups, servers, steal, idleness, the backlog, ceilings and the page cache. */
import { describe, expect, test } from 'vitest';
import {
  file,
  healthy,
  host,
  io,
  MB,
  process,
  saturated,
  saturatedByReads,
  suspect,
  ticks,
  writer,
} from '../../test/host-samples.ts';
import type { CpuTicks } from '../proc/cpu-stat.ts';
import { volumeOf } from './ceiling.ts';
import type { Counted, HostSamples } from './samples.ts';
import { triage } from './triage.ts';

const GB = 1024 * MB;
const kinds = (more: Partial<HostSamples>) => triage(host(more)).explanations.map(({ kind }) => kind);
const saidOf = (more: Partial<HostSamples>, kind: string) =>
  triage(host(more)).explanations.find((each) => each.kind === kind);

describe('held back by its own cgroup', () => {
  const limited = suspect(10, [file(3, '/srv/out', 1, { movedBytes: 10 * MB })], {
    cgroupLimits: { io: [{ number: '8:0', direction: 'write', of: 'bytes', perSecond: 2 * MB }] },
  });
  const disks = [healthy('sda', { number: '8:0', writeBytes: 10 * MB })];

  test('is said with the limit and the disk, which is fine', () => {
    const held = { ...writer(10, 'batch', 10 * MB), blockedSamples: 12 };
    expect(saidOf({ disks, processes: [held], suspects: [limited] }, 'cgroup-limit')?.summary).toBe(
      'batch 10 is throttled by its own cgroup: it writes at the limit of 2 MB/s on sda, which is not saturated.',
    );
  });

  test('is not said where what it writes was seen to go to another disk', () => {
    const elsewhere = suspect(10, [file(3, '/data/out', 2, { movedBytes: 10 * MB })], {
      cgroupLimits: { io: [{ number: '8:0', direction: 'write', of: 'bytes', perSecond: 2 * MB }] },
    });
    const held = { ...writer(10, 'batch', 10 * MB), blockedSamples: 12 };
    expect(kinds({ disks: [...disks, healthy('sdb')], processes: [held], suspects: [elsewhere] })).toEqual([]);
  });

  test.each([
    ['far below the limit', { ...writer(10, 'batch', MB), blockedSamples: 12 }],
    ['never seen to wait', { ...writer(10, 'batch', 10 * MB), blockedSamples: 0 }],
  ])('is not said of one %s', (_, free) => {
    expect(kinds({ disks, processes: [free], suspects: [limited] })).toEqual([]);
  });
});

test('a reader under a full memory limit, whose cache cannot hold what it reads', () => {
  const reader = process(10, 'scan', { blockedSamples: 5, io: io({ readBytes: 100 * MB }) });
  const cgroupLimits = { io: [], memoryLimitBytes: 64 * MB, memoryBytes: 63 * MB };
  const said = saidOf(
    {
      disks: [healthy('sda')],
      processes: [reader],
      suspects: [suspect(10, [], { cgroupLimits })],
      meminfo: new Map([['MemTotal', GB]]),
    },
    'memory-limit',
  );
  expect(said?.summary).toMatch(/under a memory limit of 64 MB that is full/);
});

describe('a server that does not answer', () => {
  const stuck = process(20, 'ls', { blockedSamples: 15, io: io({}) });
  const looks = (stack: string[]) => suspect(20, [], { stacks: [{ count: 4, value: stack }] });

  test('is told from a disk by where the process waits', () => {
    const said = saidOf(
      {
        disks: [healthy('sda')],
        processes: [stuck],
        suspects: [looks(['rpc_wait_bit_killable', '__rpc_execute', 'nfs4_proc_getattr'])],
      },
      'remote-file-system',
    );
    expect(said?.summary).toBe(
      'ls 20 waits for a network or user-space file system that does not answer (/mnt/nfs), not for a disk.',
    );
  });

  test('is said to answer slowly where it was waited for in some looks only', () => {
    const slow = { ...stuck, blockedSamples: 3 };
    const suspects = [looks(['rpc_wait_bit_killable'])];
    expect(saidOf({ disks: [healthy('sda')], processes: [slow], suspects }, 'remote-file-system')?.summary).toMatch(
      /file system that answers slowly/,
    );
  });

  test('is not said of who waits for a disk', () => {
    expect(
      kinds({ disks: [healthy('sda')], processes: [stuck], suspects: [looks(['io_schedule', 'ext4_file_read_iter'])] }),
    ).toEqual([]);
  });
});

describe('the CPUs', () => {
  const zero: CpuTicks = {
    cpu: 0,
    user: 0n,
    nice: 0n,
    system: 0n,
    idle: 0n,
    iowait: 0n,
    irq: 0n,
    softirq: 0n,
    steal: 0n,
  } as CpuTicks;
  const cpu = (more: Partial<CpuTicks>) => ({ start: [zero], end: [{ ...zero, ...more }] });

  test('iowait of a host whose disks are fine is idleness', () => {
    const said = saidOf({ disks: [healthy('sda')], cpu: cpu({ idle: 10n, iowait: 490n }) }, 'idle-iowait');
    expect(said?.summary).toMatch(/^The iowait is idle time: cpu0 counts 98 % of it while no disk is saturated/);
  });
  test('iowait of a disk that is at work most of the time is not, though it keeps up', () => {
    expect(kinds({ disks: [healthy('sda', { ioMs: 4200 })], cpu: cpu({ idle: 10n, iowait: 490n }) })).toEqual([]);
  });
  test('iowait of a saturated disk is not', () => {
    expect(kinds({ disks: [saturated('sda')], cpu: cpu({ idle: 10n, iowait: 490n }) })).toEqual([]);
  });
  test('steal is said with its figure', () => {
    expect(saidOf({ disks: [healthy('sda')], cpu: cpu({ idle: 300n, steal: 200n }) }, 'steal')?.summary).toMatch(
      /for 40 % of the window/,
    );
  });
});

describe('the backlog', () => {
  const left = (bytes: number) =>
    new Map([
      ['Dirty', bytes - 12 * MB],
      ['Writeback', 12 * MB],
    ]);

  test('of a writer that has gone is told with the time that it takes', () => {
    const finding = triage(
      host({ disks: [saturated('sda')], meminfo: left(212 * MB), meminfoAtStart: left(312 * MB) }),
    );
    expect(finding.summary).toMatch(
      /; its writer has gone, or is not seen or charged; it drains 212 MB, falling by 20 MB\/s; about 11 s if nothing is added\.$/,
    );
    expect(finding.backlog).toEqual({
      bytes: 212 * MB,
      changeBytesPerSecond: -20 * MB,
      writtenBytesPerSecond: 20 * MB,
      drainSeconds: 10.6,
    });
    expect(finding.explanations).toMatchObject([{ kind: 'backlog' }]);
  });
  test('that grows although nobody was seen to add to it is not called draining', () => {
    const finding = triage(
      host({ disks: [saturated('sda')], meminfo: left(212 * MB), meminfoAtStart: left(179 * MB) }),
    );
    const text = 'it has 212 MB to write, rising by 6.6 MB/s; about 11 s if nothing is added.';
    expect(finding.summary).toMatch(new RegExp(`its writer has gone, or is not seen or charged; ${text}$`));
    // A row of the ranking cuts what is longer.
    expect(Buffer.byteLength(finding.summary)).toBeLessThanOrEqual(180);
    expect(finding.explanations[0]?.summary).toBe(`Nobody that was seen adds to sda; ${text}`);
  });
  test('that hardly changes has no trend, and no end but where nothing is added', () => {
    const finding = triage(
      host({ disks: [saturated('sda')], meminfo: left(212 * MB), meminfoAtStart: left(211 * MB) }),
    );
    expect(finding.explanations[0]?.summary).toBe(
      'Nobody that was seen adds to sda; it drains 212 MB; about 11 s if nothing is added.',
    );
  });
  test('beside a culprit is told with its trend: whoever feeds it does not let it drain', () => {
    const writer = process(10, 'logger', { blockedSamples: 5, io: io({ writtenBytes: 100 * MB }) });
    const looks = suspect(10, [file(3, '/srv/log', 1, { movedBytes: 100 * MB })]);
    const said = (before: number) =>
      triage(
        host({
          disks: [saturated('sda')],
          processes: [writer],
          suspects: [looks],
          meminfo: left(212 * MB),
          meminfoAtStart: left(before * MB),
        }),
      ).explanations.find(({ kind }) => kind === 'backlog')?.summary;
    expect(said(179)).toBe('sda has a backlog: 212 MB to write, rising by 6.6 MB/s; about 11 s if nothing is added.');
    expect(said(252)).toBe('sda has a backlog: 212 MB to write, falling by 8 MB/s; about 11 s if nothing is added.');
  });
  test('of a few megabytes is none', () => {
    expect(kinds({ disks: [saturated('sda')], meminfo: left(13 * MB) })).toEqual([]);
  });
});

describe('the ceiling', () => {
  const disk = (at: Parameters<typeof ticks>[1], model?: string) =>
    triage(
      host({
        disks: [saturated('sda')],
        ticks: new Map([['sda', ticks('sda', at)]]),
        blockDevices: [{ name: 'sda', slaves: [], partitions: new Map(), ...(model !== undefined && { model }) }],
      }),
    ).disks[0];

  test('of bytes, flat while requests queue, on a volume that is known', () => {
    expect(disk(() => ({}), 'Amazon Elastic Block Store')?.ceiling).toEqual({
      of: 'bytes',
      perSecond: 20 * MB,
      volume: 'Amazon EBS volume',
      summary: '20 MB/s, flat: a limit of the volume (Amazon EBS volume), not of the program',
    });
  });
  test('of operations, where they are small', () => {
    expect(disk(() => ({ writes: 25, writeBytes: 25 * 4096 }))?.ceiling).toMatchObject({
      of: 'operations',
      perSecond: 100,
    });
  });
  test('there is none where the throughput goes up and down', () => {
    expect(disk((i) => ({ writeBytes: (i % 8 < 4 ? 8 : 2) * MB }))?.ceiling).toBeUndefined();
  });
  test.each([['Samsung SSD 980'], [undefined]])('%s is no volume of a cloud', (model) =>
    expect(volumeOf(model)).toBeUndefined(),
  );
});

describe('the page cache', () => {
  const meminfo = new Map([
    ['MemTotal', 8 * GB],
    ['MemAvailable', 6 * GB],
    ['Cached', 2 * GB],
  ]);
  const reader = process(10, 'scan', { blockedSamples: 5, io: io({ readBytes: 100 * MB }) });
  const looks = suspect(10, [file(3, '/srv/table', 1, { movedBytes: 100 * MB })]);

  test('goes to whoever reads and writes through it, and is reasonable', () => {
    const dirtyLimits = { backgroundPages: 1000, pages: 2000 };
    expect(
      triage(host({ disks: [healthy('sda')], processes: [reader], suspects: [looks], meminfo, dirtyLimits })).pageCache,
    ).toEqual({
      dirtyBackgroundLimitBytes: 4_096_000,
      dirtyLimitBytes: 8_192_000,
      uses: [
        'scan 10 passes 20 MB/s through it, to /srv/table',
        'reasonable: 2 GB, 25 % of memory; what is cached is given back when it is needed',
      ],
    });
  });
  test('is not given back where it is shared memory', () => {
    const shared = new Map([...meminfo, ['Shmem', GB] as const]);
    expect(triage(host({ disks: [healthy('sda')], meminfo: shared })).pageCache?.uses).toEqual([
      'reasonable: 2 GB, 25 % of memory; what is cached is given back when it is needed, but for 1 GB of shared memory and tmpfs',
    ]);
  });
  test('is not used by whoever reads past it, nor does a family bear the number of its parent', () => {
    const direct = { reads: true, writes: true, direct: true, sync: false, append: false };
    const past = suspect(10, [file(3, '/srv/table', 1, { mode: direct })]);
    const child = (pid: number) =>
      process(pid, 'gzip', { parentPid: 20, seen: 'gone', blockedSamples: 2, io: io({ writtenBytes: 50 * MB }) });
    const families = [process(20, 'sh', { io: io({ writtenBytes: 100 * MB }) }), child(201), child(202)];
    const { pageCache } = triage(
      host({
        disks: [healthy('sda')],
        processes: [reader, ...families],
        suspects: [past, suspect(201, [])],
        meminfo,
      }),
    );
    expect(pageCache?.uses).toContain('gzip (children of sh 20) passes 20 MB/s through it');
    expect(pageCache?.uses.join()).not.toContain('scan');
  });
  test('is too small where what was thrown out comes back', () => {
    const reclaim = { scannedPagesPerSecond: 9000, refaultedPagesPerSecond: 2560 };
    expect(triage(host({ disks: [healthy('sda')], meminfo, reclaim })).pageCache?.uses[0]).toMatch(
      /^too small for what is read: .* 10 MB\/s come back/,
    );
  });
});

describe('sequential or random', () => {
  const at = (offsets: number[]): Counted<never>[] =>
    offsets.map(
      (offsetBytes) =>
        ({
          count: 1,
          value: { name: 'pread64', kind: 'read', fd: 3, lengthBytes: 16384, offsetBytes },
        }) as Counted<never>,
    );
  const patternOf = (offsets: number[]) => {
    const disk = saturated('sda', {
      reads: 800,
      readBytes: 100 * MB,
      readMs: 160_000,
      writes: 0,
      writeBytes: 0,
      writeMs: 0,
    });
    const reader = process(10, 'scan', { blockedSamples: 5, io: io({ readBytes: 100 * MB }) });
    const mode = { reads: true, writes: false, direct: false, sync: false, append: false };
    const suspects = [suspect(10, [file(3, '/srv/table', 1, { mode })], { calls: at(offsets) })];
    return triage(host({ disks: [disk], processes: [reader], suspects })).disks[0]?.culprits[0]?.pattern;
  };
  test('is told by where in the file its calls are', () => {
    expect(patternOf([MB, 20 * MB, 45 * MB, 90 * MB])).toBe('sequential');
    expect(patternOf([5 * GB, 20 * MB, 9 * GB, 2 * GB])).toBe('random');
    expect(patternOf([MB, 500 * MB, 2 * MB])).toBeUndefined();
    expect(patternOf([MB, 90 * MB, 20 * MB, 45 * MB])).toBeUndefined();
  });

  test('is told by how far plain calls move the position, which lseek() takes further than what was read', () => {
    const byPosition = (movedBytes: number) => {
      const reader = process(10, 'scan', { blockedSamples: 5, io: io({ readBytes: 100 * MB }) });
      const mode = { reads: true, writes: false, direct: false, sync: false, append: false };
      const calls: Counted<never>[] = [
        { count: 9, value: { name: 'read', kind: 'read', fd: 3, lengthBytes: 16384 } as never },
      ];
      const suspects = [suspect(10, [file(3, '/srv/table', 1, { mode, movedBytes })], { calls })];
      const disks = [saturatedByReads('sda')];
      return triage(host({ disks, processes: [reader], suspects })).disks[0]?.culprits[0]?.pattern;
    };
    expect(byPosition(60 * MB)).toBe('sequential');
    expect(byPosition(3 * GB)).toBe('random');
    expect(byPosition(400 * MB)).toBeUndefined();
    expect(byPosition(0)).toBeUndefined();
  });
});
