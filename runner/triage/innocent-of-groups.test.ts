/** Hosts on which what is counted or grouped would name somebody who only stands beside the one. */
import { describe, expect, test } from 'vitest';
import { judged, met, names, READS } from '../../test/host-judged.ts';
import { file, healthy, io, MB, process, saturated, suspect, writer } from '../../test/host-samples.ts';

const disk = saturated('sda', { number: '8:0' });
const traffic = (writtenBytes: number, elapsedMs = 3000) => [{ number: '8:0', readBytes: 0, writtenBytes, elapsedMs }];
const session = { path: '/user.slice/user-0.slice/session-1.scope', unit: 'session-1.scope' };

describe('what a cgroup has counted', () => {
  test('is not the load of who is left in a session whose writer has gone', () => {
    const { sda } = judged({
      disks: [disk],
      processes: [process(50, 'bash', { io: io({ writtenBytes: 4096 }), blockedSamples: 3 })],
      suspects: [
        suspect(50, [file(3, '/root/.bash_history', 1, { movedBytes: 4096 })], {
          cgroup: session,
          cgroupTraffic: traffic(60 * MB),
        }),
      ],
    });
    expect(names(sda)).toEqual([]);
    expect(sda.unexplainedShare).toBeGreaterThan(0.9);
  });

  test('nor that of the one of its processes that was looked at, where the other one wrote', () => {
    const { sda } = judged({
      disks: [disk],
      processes: [
        process(50, 'tail', { io: io({ readBytes: MB }), blockedSamples: 2 }),
        process(51, 'dd', { io: io({ writtenBytes: 100 * MB }), blockedSamples: 18 }),
      ],
      suspects: [
        suspect(50, [file(3, '/var/x', 1, { movedBytes: MB, mode: READS })], {
          cgroup: session,
          cgroupTraffic: traffic(60 * MB),
        }),
      ],
    });
    expect(sda.culprits).toMatchObject([{ pid: 51 }]);
  });

  test('nor that of a cgroup with others below it, which it counts too', () => {
    const { sda } = judged({
      disks: [disk],
      processes: [writer(50, 'parent', 45 * MB), writer(51, 'child', 55 * MB)],
      suspects: [
        suspect(50, [file(3, '/a', 1, { movedBytes: 45 * MB })], {
          cgroup: { path: '/app' },
          cgroupTraffic: traffic(54 * MB),
        }),
        suspect(51, [file(3, '/b', 1, { movedBytes: 55 * MB })], { cgroup: { path: '/app/below' } }),
      ],
    });
    expect(sda.culprits).toMatchObject([
      { pid: 51, measured: false },
      { pid: 50, measured: false },
    ]);
  });

  test('on another device says nothing of this one', () => {
    const { sda } = judged({
      disks: [disk, healthy('sdb', { number: '8:16' })],
      processes: [writer(50, 'app', 100 * MB), writer(51, 'dd', 100 * MB)],
      suspects: [
        suspect(50, [file(3, '/data/x', 2, { movedBytes: 100 * MB })], {
          cgroup: { path: '/docker/a', container: 'aaaaaaaaaaaa' },
          cgroupTraffic: [{ number: '8:16', readBytes: 0, writtenBytes: 60 * MB, elapsedMs: 3000 }],
        }),
        suspect(51, [file(3, '/big', 1, { movedBytes: 100 * MB })]),
      ],
    });
    expect(sda.culprits).toMatchObject([{ pid: 51, share: 1 }]);
  });
});

describe('workers', () => {
  test('two scripts of other names are no pool of the one that flushes', () => {
    const script = (pid: number, bytes: number, writeCalls: number) =>
      process(pid, 'python3', { parentPid: 40, blockedSamples: 9, io: io({ writtenBytes: bytes, writeCalls }) });
    const { sda } = judged({
      disks: [
        saturated('sda', { writes: 1000, writeBytes: 12 * MB, writeMs: 90_000, weightedMs: 90_000, flushes: 500 }),
      ],
      processes: [script(50, 10 * MB, 500), script(51, MB, 10), script(52, MB, 10)],
      suspects: [
        suspect(50, [file(5, '/srv/x', 1, { movedBytes: MB })], {
          program: 'a.py',
          calls: [met('sync', 'fsync', 15, { fd: 5 })],
        }),
        suspect(51, [file(5, '/data/y', 2, { movedBytes: MB })], { program: 'b.py' }),
        suspect(52, [file(5, '/data/z', 2, { movedBytes: MB })], { program: 'c.py' }),
      ],
    });
    expect(sda.culprits).toMatchObject([{ pids: [50] }]);
  });
});

test('of two jobs of one name in one unit, the one that does nearly all is named alone', () => {
  const cgroup = { path: '/system.slice/cron.service', unit: 'cron.service' };
  const { sda } = judged({
    disks: [disk],
    processes: [writer(50, 'sh', 95 * MB), writer(51, 'sh', 5 * MB)],
    suspects: [
      suspect(50, [file(3, '/a', 1, { movedBytes: 95 * MB })], { cgroup }),
      suspect(51, [file(3, '/b', 1, { movedBytes: 5 * MB })], { cgroup }),
    ],
  });
  expect(sda.culprits).toMatchObject([{ pid: 50, pids: [50] }]);
});

describe('families', () => {
  const family = (parentPid: number, name: string, bytes: number, blockedSamples: number) => [
    process(parentPid, `${name}-parent`, { io: io({ writtenBytes: bytes * 4 }) }),
    ...[1, 2, 3, 4].map((i) =>
      process(parentPid * 10 + i, name, {
        parentPid,
        seen: 'gone',
        blockedSamples,
        io: io({ writtenBytes: bytes }),
      }),
    ),
  ];

  test('of two of which one only waits, the one that writes is named', () => {
    const { sda } = judged({
      disks: [disk],
      processes: [...family(40, 'writes', 25 * MB, 2), ...family(41, 'waits', 4096, 5)],
    });
    expect(sda.culprits.map(({ command }) => command)).toEqual(['writes']);
  });

  test('who wait on one saturated disk and write a little are not named for the load of another', () => {
    const { sda } = judged({
      disks: [disk, saturated('sdb')],
      processes: [...family(41, 'waits', MB, 5), writer(60, 'copy', 100 * MB)],
      suspects: [suspect(60, [file(3, '/data/x', 2, { movedBytes: 100 * MB })])],
    });
    expect(sda.culprits).toEqual([]);
  });
});

describe('processes that are not who they seem', () => {
  test('a number that belonged to somebody else does not lend its files', () => {
    const { sda } = judged({
      disks: [disk, healthy('sdb')],
      processes: [writer(50, 'new', 100 * MB)],
      suspects: [suspect(50, [file(3, '/big', 1, { movedBytes: 100 * MB })], { startTicks: 3 })],
    });
    expect(sda.culprits.filter(({ confidence }) => confidence === 'high')).toEqual([]);
    expect(JSON.stringify(sda)).not.toContain('/big');
  });

  test('nor to a family that had a member of that number', () => {
    const child = (pid: number) =>
      process(pid, 'sh', { parentPid: 40, seen: 'gone', io: io({ writtenBytes: 30 * MB }), blockedSamples: 1 });
    const { sda } = judged({
      disks: [disk, healthy('sdb')],
      processes: [process(40, 'make', { io: io({}) }), child(201), child(202), child(203)],
      suspects: [suspect(201, [file(3, '/big', 1, { movedBytes: 30 * MB })], { startTicks: 3 })],
    });
    expect(JSON.stringify(sda)).not.toContain('/big');
  });

  test('one look at a process is not enough to be sure of it', () => {
    const { sda } = judged({
      disks: [disk],
      processes: [process(50, 'once', { blockedSamples: 1, io: io({ writtenBytes: 4096 }) })],
      suspects: [
        suspect(50, [file(3, '/srv/x', 1)], {
          samples: 1,
          calls: [met('metadata', 'rename', 1), met('sync', 'fsync', 1, { fd: 3 })],
        }),
      ],
    });
    expect(names(sda)).toEqual([]);
  });
});
