/** Processes that are one culprit, and those that are not; what their cgroup has counted. */
import { describe, expect, test } from 'vitest';
import { file, host, io, MB, process, saturated, saturatedByReads, suspect, writer } from '../../test/host-samples.ts';
import type { Disk } from './finding.ts';
import type { HostSamples, Suspect } from './samples.ts';
import { triage } from './triage.ts';

function judged(more: Partial<HostSamples>): { sda: Disk; summary: string } {
  const finding = triage(host({ disks: [saturated('sda')], ...more }));
  const sda = finding.disks.find(({ device }) => device === 'sda');
  if (!sda) throw new Error('no sda');
  return { sda, summary: finding.summary };
}
const pids = (disk: Disk) => disk.culprits.map((culprit) => culprit.pids);
const writes = (pid: number, bytes: number, more: Partial<Suspect> = {}) =>
  suspect(pid, [file(3, `/srv/out-${pid}`, 1, { movedBytes: bytes })], more);
const child = (pid: number, parentPid: number, command: string, bytes: number) => ({
  ...writer(pid, command, bytes),
  parentPid,
});
const ID = 'c0ffee123456';
const inContainer = { cgroup: { path: `/docker/${ID}`, container: ID } };

describe('one culprit', () => {
  test('the workers of a server, whose children bear its own name', () => {
    const server = process(600, 'served', { io: io({}) });
    const workers = [601, 602, 603, 604].map((pid) => child(pid, 600, 'served', 25 * MB));
    const { sda, summary } = judged({
      processes: [server, ...workers],
      suspects: workers.map(({ pid }) => writes(pid, 25 * MB)),
    });
    expect(sda.culprits).toMatchObject([
      { pid: null, group: 'workers', parent: { pid: 600, command: 'served' }, share: 1 },
    ]);
    expect(pids(sda)).toEqual([[601, 602, 603, 604]]);
    expect(summary).toContain('served (4 processes of served 600)');
  });

  test('not where one of the workers does nearly all of it: that one is named', () => {
    const [busy, ...others] = [601, 602, 603].map((pid) => child(pid, 600, 'encode', pid === 601 ? 97 * MB : 1 * MB));
    const processes = busy === undefined ? [] : [busy, ...others];
    const { sda } = judged({
      processes,
      suspects: processes.map(({ pid }) => writes(pid, pid === 601 ? 97 * MB : 1 * MB)),
    });
    expect(sda?.culprits[0]).toMatchObject({ pid: 601, pids: [601] });
    expect(sda?.culprits[0]).not.toHaveProperty('group');
  });

  test('a pool of three or more that something else has started', () => {
    const pool = [601, 602, 603].map((pid) => child(pid, 600, 'encode', 33 * MB));
    const { sda } = judged({ processes: pool, suspects: pool.map(({ pid }) => writes(pid, 33 * MB)) });
    expect(pids(sda)).toEqual([[601, 602, 603]]);
  });

  test('different programs of one container', () => {
    const { sda } = judged({
      processes: [child(10, 5, 'app', 60 * MB), child(11, 5, 'logger', 40 * MB)],
      suspects: [writes(10, 60 * MB, inContainer), writes(11, 40 * MB, inContainer)],
    });
    expect(sda.culprits).toMatchObject([{ group: 'container', container: ID, command: 'app', pids: [10, 11] }]);
  });

  test('processes of one name in one unit', () => {
    const cgroup = { cgroup: { path: '/system.slice/app.service', unit: 'app.service' } };
    const { sda } = judged({
      processes: [child(10, 1, 'app', 50 * MB), child(11, 1, 'app', 50 * MB)],
      suspects: [writes(10, 50 * MB, cgroup), writes(11, 50 * MB, cgroup)],
    });
    expect(sda.culprits).toMatchObject([{ group: 'unit', unit: 'app.service', pids: [10, 11] }]);
  });
});

describe('two culprits, with their shares', () => {
  test('two copies of one program that one shell has started', () => {
    const two = [child(10, 5, 'copy', 50 * MB), child(11, 5, 'copy', 50 * MB)];
    const { sda } = judged({ processes: two, suspects: two.map(({ pid }) => writes(pid, 50 * MB)) });
    expect(pids(sda)).toEqual([[10], [11]]);
    expect(sda.culprits.map(({ share }) => share)).toEqual([0.5, 0.5]);
  });

  test('the jobs of one timer service, which are strangers to each other', () => {
    const cgroup = { cgroup: { path: '/system.slice/timer.service', unit: 'timer.service' } };
    const { sda } = judged({
      processes: [child(10, 5, 'backup', 50 * MB), child(11, 5, 'report', 50 * MB)],
      suspects: [writes(10, 50 * MB, cgroup), writes(11, 50 * MB, cgroup)],
    });
    expect(pids(sda)).toEqual([[10], [11]]);
  });
});

describe('what a cgroup has counted', () => {
  const traffic = (writtenBytes: number) => ({
    cgroup: { path: '/system.slice/app.service', unit: 'app.service' },
    cgroupTraffic: [{ number: '8:0', readBytes: 0, writtenBytes, elapsedMs: 2500 }],
  });
  const device = { disks: [saturated('sda', { number: '8:0' })] };

  test('is measured, and weighs more than what was dirtied', () => {
    const { sda } = judged({
      ...device,
      processes: [writer(10, 'app', 30 * MB), writer(11, 'other', 100 * MB)],
      suspects: [writes(10, 30 * MB, traffic(30 * MB)), writes(11, 100 * MB)],
    });
    expect(sda.culprits).toMatchObject([
      { pid: 10, measured: true, share: 0.6 },
      { pid: 11, measured: false },
    ]);
    expect(sda.culprits[1]?.share).toBeCloseTo(0.4);
    expect(sda.culprits[0]?.evidence.join()).toMatch(/counted by the kernel, not inferred: io.stat/);
  });

  test('is nobody’s measure where two that are no group share it', () => {
    const { sda } = judged({
      ...device,
      processes: [writer(10, 'app', 50 * MB), writer(11, 'other', 50 * MB)],
      suspects: [writes(10, 50 * MB, traffic(50 * MB)), writes(11, 50 * MB, traffic(50 * MB))],
    });
    expect(sda.culprits.map(({ measured }) => measured)).toEqual([false, false]);
  });
});

test('what is not sure says what is missing, what is sure does not', () => {
  const { sda } = judged({ processes: [writer(10, 'app', 100 * MB)], suspects: [writes(10, 100 * MB)] });
  expect(sda.culprits[0]?.confidence).toBe('high');
  expect(sda.culprits[0]?.evidence.join()).not.toContain('not sure');
  const unseen = suspect(10, [file(3, '/srv/out', 1)], {});
  const other = judged({ processes: [writer(10, 'app', 100 * MB)], suspects: [unseen] }).sda.culprits[0];
  expect(other?.confidence).toBe('medium');
  expect(other?.evidence.at(-1)).toBe('not sure: it was not seen at work on a file of this disk');
});

describe('a path inside of a container', () => {
  const mount = { root: '/', fsType: 'ext4', superOptions: 'rw', source: '/dev/sda1', number: '8:1' };
  const files = (mountId: number, path: string) => [file(3, path, mountId, { movedBytes: 100 * MB })];
  const found = (mounts: HostSamples['mounts'], path: string) =>
    judged({
      mounts: [...host().mounts, ...mounts],
      processes: [writer(10, 'app', 100 * MB)],
      suspects: [suspect(10, files(70, path), inContainer)],
    }).sda.culprits[0]?.files[0];

  test('of its overlay is below the upper directory on the host', () => {
    const superOptions = 'rw,lowerdir=/var/lib/docker/l,upperdir=/var/lib/docker/o/diff,workdir=/var/lib/docker/o/work';
    const overlay = {
      ...mount,
      id: 70,
      number: '0:60',
      mountpoint: '/',
      fsType: 'overlay',
      source: 'overlay',
      superOptions,
    };
    expect(found([overlay], '/app/out.log')).toMatchObject({
      path: '/app/out.log',
      inContainer: true,
      hostPath: '/var/lib/docker/o/diff/app/out.log',
    });
  });

  test('of an image that is only read lies in a layer that nobody knows', () => {
    const superOptions = 'rw,lowerdir=/var/lib/docker/l,upperdir=/var/lib/docker/o/diff,workdir=/var/lib/docker/o/work';
    const overlay = {
      ...mount,
      id: 70,
      number: '0:60',
      mountpoint: '/',
      fsType: 'overlay',
      source: 'overlay',
      superOptions,
    };
    const mode = { reads: true, writes: false, direct: false, sync: false, append: false };
    const { sda } = judged({
      disks: [saturatedByReads('sda')],
      mounts: [...host().mounts, overlay],
      processes: [process(10, 'app', { blockedSamples: 2, io: io({ readBytes: 100 * MB }) })],
      suspects: [suspect(10, [file(3, '/app/data', 70, { mode, movedBytes: 100 * MB })], inContainer)],
    });
    expect(sda.culprits[0]?.files).toEqual([expect.objectContaining({ path: '/app/data', inContainer: true })]);
    expect(sda.culprits[0]?.files[0]).not.toHaveProperty('hostPath');
  });

  test('of a volume is where the host has it', () => {
    const volume = { ...mount, id: 70, root: '/srv/volumes/pg', mountpoint: '/var/lib/data' };
    expect(found([volume], '/var/lib/data/base/1')).toMatchObject({ hostPath: '/srv/volumes/pg/base/1' });
  });

  test('of a mount that is not known is said to be inside, no more', () => {
    expect(found([], '/x')).toBeUndefined();
  });
});

describe('short-lived children whose files nobody saw', () => {
  const family = (parent: number, command: string, bytes: number, blockedSamples: number) => [
    process(parent, 'sh', { io: io({ writtenBytes: bytes }) }),
    ...[1, 2, 3].map((i) =>
      process(parent + i, command, {
        parentPid: parent,
        seen: 'gone',
        blockedSamples,
        io: io({ writtenBytes: bytes / 3 }),
      }),
    ),
  ];
  const disks = [
    saturated('sda'),
    { ...saturated('sdb'), writeBytes: 300 * MB, writeMs: 900, weightedMs: 900, ioMs: 900 },
  ];

  test('are on the saturated disk if they were kept waiting, and elsewhere if they never were', () => {
    const { sda } = judged({
      disks,
      processes: [...family(100, 'slowly', 100 * MB, 3), ...family(200, 'fast', 300 * MB, 0)],
    });
    expect(sda.culprits).toMatchObject([{ pid: null, command: 'slowly', group: 'short-lived', parent: { pid: 100 } }]);
  });

  test('are on the one of two saturated disks that somebody else does not explain', () => {
    const copy = writer(300, 'copy', 100 * MB);
    const { sda } = judged({
      disks: [saturated('sda'), saturated('sdb')],
      processes: [...family(100, 'slowly', 100 * MB, 3), copy],
      suspects: [suspect(300, [file(3, '/data/copy', 2, { movedBytes: 100 * MB })])],
    });
    expect(sda.culprits).toMatchObject([{ command: 'slowly', group: 'short-lived' }]);
    const either = judged({
      disks: [saturated('sda'), saturated('sdb')],
      processes: family(100, 'slowly', 100 * MB, 3),
    });
    expect(either.sda.culprits).toEqual([]);
  });

  test('are named beside the backlog that they add to, and how much of the load that is', () => {
    const waiting = (bytes: number) => new Map([['Writeback', bytes]]);
    const few = { disks: [saturated('sda')], processes: family(100, 'slowly', 40 * MB, 3) };
    const { sda, summary } = judged({ ...few, meminfoAtStart: waiting(100 * MB), meminfo: waiting(60 * MB) });
    expect(sda.culprits).toMatchObject([{ command: 'slowly', group: 'short-lived', share: 0.4, confidence: 'low' }]);
    expect(sda).toMatchObject({ unexplainedShare: 0.6, backlogShare: 0.4 });
    expect(summary).toContain(
      '60 % of its load is explained by no process that was seen, 40 % being a backlog from before; the largest known part: slowly',
    );
    const unexplained = judged({ ...few, meminfoAtStart: waiting(100 * MB), meminfo: waiting(100 * MB) }).sda;
    expect(unexplained.culprits).toEqual([]);
    expect(unexplained).not.toHaveProperty('backlogShare');
  });

  test('are not named where what their parent is charged was seen of none of them', () => {
    const [shell, ...children] = family(100, 'sleep', 100 * MB, 0);
    const idle = children.map((child) => ({ ...child, io: io({}) }));
    const { sda } = judged({ processes: [...(shell ? [shell] : []), ...idle] });
    expect(sda.culprits).toEqual([]);
  });
});
