import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../runner/report.ts';
import { type Lab, openLab } from '../lab/session.ts';
import { createHealthyDisk, createSlowDisk, SLOW_DISK_NEEDS, type SlowDisk, type TestDisk } from '../lab/slow-disk.ts';
import { untilBusy, type WatchedDisk, watchDisk } from '../lab/watch-disk.ts';
import {
  bufferedWriter,
  directReader,
  fsyncVictim,
  idleSleeper,
  prepareFile,
  rotatingLogger,
  type Workload,
} from '../lab/workloads.ts';
import { needs } from '../needs.ts';
import { freePort, makeKey, SSHD_NEEDS, type Sshd, startSshd } from './sshd.ts';
import { diskOf, hostOf, reportOf, runWhodisk } from './whodisk-command.ts';

const need = needs(...SLOW_DISK_NEEDS, ...SSHD_NEEDS, 'passwd', 'sudo');
const MIB = 1024 * 1024;
const MESSAGE_BYTES = 300 * MIB;

describe.skipIf(need.skip)('a sweep over SSH of a disk that a rotating logger saturates', () => {
  let lab: Lab;
  let disk: SlowDisk;
  let logger: Workload;
  let victim: Workload;
  let plain: Sshd;
  let sudoer: Sshd;
  let premise: WatchedDisk;
  let report: Report;
  let exit: number;
  let diagnostics: string;
  const target = { root: '', plain: '', sudoer: '', down: '', unknown: '', changed: '' };

  beforeAll(async () => {
    lab = openLab();
    disk = createSlowDisk(lab, { bytesPerSecond: 20 * MIB });
    plain = await startSshd({ listenAddress: '0.0.0.0', user: {} });
    sudoer = await startSshd({ user: { sudo: 'nopasswd' } });
    const port = plain.port;
    target.root = `root@127.0.0.1:${port}`;
    target.plain = `${plain.user}@127.0.0.2:${port}`;
    target.sudoer = `${sudoer.user}@127.0.0.1:${sudoer.port}`;
    target.down = `root@127.0.0.1:${await freePort()}`;
    target.unknown = `root@127.0.0.3:${port}`;
    target.changed = `root@127.0.0.4:${port}`;

    makeKey(join(lab.folder, 'another_host_key'));
    const anotherKey = readFileSync(join(lab.folder, 'another_host_key.pub'), 'utf8');
    const key = plain.hostKeyLine.split(' ').slice(1).join(' ');
    const lines = [
      `[127.0.0.1]:${port} ${key}`,
      `[127.0.0.2]:${port} ${key}`,
      `[127.0.0.4]:${port} ${anotherKey.trim()}`,
      sudoer.hostKeyLine,
    ];
    const knownHosts = join(lab.folder, 'known_hosts');
    writeFileSync(knownHosts, `${lines.join('\n')}\n`);

    logger = await rotatingLogger(lab, join(disk.mountpoint, 'logtest.txt'), MESSAGE_BYTES);
    victim = await fsyncVictim(lab, join(disk.mountpoint, 'small'));
    await untilBusy(disk.device);
    const watch = watchDisk(disk.device);
    const said = await runWhodisk([
      ...Object.values(target),
      ...['--identity', plain.identity, '--identity', sudoer.identity, '--known-hosts', knownHosts, '--json'],
    ]);
    premise = watch.stop();
    exit = said.code;
    diagnostics = said.stderr;
    report = reportOf(said);
  }, 120_000);

  afterAll(async () => {
    lab?.close();
    await plain?.stop();
    await sudoer?.stop();
  }, 60_000);

  test('stands on a disk that was saturated while it was measured', () => {
    expect(premise.minBusyPercent).toBeGreaterThanOrEqual(95);
    expect(premise.maxInFlight).toBeGreaterThan(1);
  });

  describe('as root', () => {
    const slow = () => diskOf(hostOf(report, target.root), disk.device);

    test('says saturated of that disk, with its figures and its mount point', () => {
      expect(hostOf(report, target.root)).toMatchObject({ status: 'swept', privilege: 'root', verdict: 'saturated' });
      expect(slow()).toMatchObject({ verdict: 'saturated', kind: 'loop', mountpoints: [disk.mountpoint] });
      expect(slow().busyPercent).toBeGreaterThanOrEqual(95);
      expect(slow().queueDepth).toBeGreaterThan(1);
      expect(slow().writeAwaitMs).toBeGreaterThan(50);
      expect(slow().writeBytesPerSecond).toBeLessThan(40 * MIB);
      expect(slow().timeline?.length).toBeGreaterThan(5);
    });

    test('names the logger alone, with pid, program, file and the size of its writes', () => {
      const [culprit, ...others] = slow().culprits;
      expect(others).toEqual([]);
      expect(culprit).toMatchObject({
        pid: logger.pid,
        pids: [logger.pid],
        command: 'python3',
        program: expect.stringMatching(/(^|\/)rotating_logger\.py$/),
        user: 'root',
        activity: 'buffered-write',
        shareOf: 'bytes',
      });
      expect(culprit?.share).toBeGreaterThan(0.5);
      expect(culprit?.files[0]).toMatchObject({ path: join(disk.mountpoint, 'logtest.txt'), deleted: false });
      expect(culprit?.files[0]?.fd).toBeGreaterThan(2);
      expect(culprit?.ioSizeBytes).toBeGreaterThanOrEqual(MESSAGE_BYTES);
      expect(culprit?.ioSizeBytes).toBeLessThan(MESSAGE_BYTES + 1000);
      expect(culprit?.evidence.join('\n')).toMatch(/300|314/);
      expect(culprit?.advice).not.toBe('');
    });

    test('knows the process that only waits as a victim, and the kernel threads as carriers', () => {
      expect(slow().victims.map(({ pid }) => pid)).toContain(victim.pid);
      const carriers = slow().carriers.map(({ command }) => command);
      expect(carriers).toContainEqual(expect.stringMatching(/^kworker\//));
      expect(carriers).toContainEqual(expect.stringMatching(new RegExp(`^jbd2/${disk.device}-`)));
    });

    test('accounts for the whole load: the shares add up to one', () => {
      const named = slow().culprits.reduce((sum, { share }) => sum + share, 0);
      expect(named + slow().othersShare + slow().unexplainedShare).toBeCloseTo(1, 5);
    });

    test('blames the load once, not again on the layers below', () => {
      const blamed = hostOf(report, target.root).disks.filter(({ culprits }) => culprits.length > 0);
      expect(blamed.map(({ device }) => device)).toEqual([disk.device]);
      expect(diskOf(hostOf(report, target.root), disk.device).stack).toContain(disk.outer);
    });

    test('names host, disk, process and file in the sentence that sums it up', () => {
      const { summary } = hostOf(report, target.root);
      expect(summary).toContain(disk.device);
      expect(summary).toContain(String(logger.pid));
      expect(summary).toContain('logtest.txt');
    });
  });

  test('with sudo, finds the same as root and says that it used it', () => {
    const host = hostOf(report, target.sudoer);
    expect(host).toMatchObject({ status: 'swept', privilege: 'sudo', verdict: 'saturated' });
    expect(diskOf(host, disk.device).culprits).toMatchObject([{ pid: logger.pid, activity: 'buffered-write' }]);
  });

  test('as an unprivileged user, says saturated, names nobody and says what it could not see', () => {
    const host = hostOf(report, target.plain);
    expect(host).toMatchObject({ status: 'swept', privilege: 'user', verdict: 'saturated' });
    expect(diskOf(host, disk.device)).toMatchObject({ verdict: 'saturated', culprits: [], unexplainedShare: 1 });
    expect(host.limits.join('\n')).toMatch(/\d+ of \d+ processes unreadable/);
  });

  test.each([
    ['down', 'connect', 'refused'],
    ['unknown', 'hostkey', 'hostkey-unknown'],
    ['changed', 'hostkey', 'hostkey-changed'],
  ] as const)('a host that is %s ends as %s/%s, below the others, and harms none of them', (which, phase, kind) => {
    const host = hostOf(report, target[which]);
    expect(host).toMatchObject({ status: 'not-swept', verdict: 'inconclusive', failure: { phase, kind }, disks: [] });
    const saturated = report.hosts.filter(({ verdict }) => verdict === 'saturated').map(({ rank }) => rank);
    expect(saturated).toEqual([1, 2, 3]);
    expect(host.rank).toBeGreaterThan(3);
  });

  test('offers no key to a host whose own key is unknown or changed', () => {
    const log = plain.log();
    expect(log).toMatch(/Accepted publickey for root from 127/);
    expect(log.match(/Accepted publickey/g)).toHaveLength(2);
    expect(log).not.toMatch(/Failed publickey/);
  });

  test('counts them and exits 3, with nothing of a library on the terminal', () => {
    expect(report.sweep).toMatchObject({ targets: 6, swept: 3, notSwept: 3, windowSeconds: 5 });
    expect(exit).toBe(3);
    expect(diagnostics).not.toMatch(/Warning|deprecat/i);
  });
});

describe.skipIf(need.skip)('a sweep over SSH of a disk that a direct reader saturates, beside a busier one', () => {
  let lab: Lab;
  let disk: SlowDisk;
  let healthy: TestDisk;
  let reader: Workload;
  let writer: Workload;
  let sshd: Sshd;
  let premise: WatchedDisk;
  let healthyPremise: WatchedDisk;
  let report: Report;

  beforeAll(async () => {
    lab = openLab();
    disk = createSlowDisk(lab, { bytesPerSecond: 20 * MIB, sizeMb: 1300 });
    healthy = createHealthyDisk(lab, { sizeMb: 400 });
    sshd = await startSshd();
    disk.setRate('unlimited');
    prepareFile(join(disk.mountpoint, 'read-me'), 1000);
    disk.setRate(20 * MIB);
    reader = await directReader(lab, join(disk.mountpoint, 'read-me'));
    const options = { fileBytes: 300 * MIB, bytesPerSecond: 60 * MIB };
    writer = await bufferedWriter(lab, join(healthy.mountpoint, 'busy-file'), options);
    await untilBusy(disk.device);
    const watch = watchDisk(disk.device);
    const watchHealthy = watchDisk(healthy.device);
    const target = `root@127.0.0.1:${sshd.port}`;
    const said = await runWhodisk([target, '--identity', sshd.identity, '--known-hosts', sshd.knownHosts, '--json']);
    premise = watch.stop();
    healthyPremise = watchHealthy.stop();
    report = reportOf(said);
    await reader.stop();
  }, 120_000);

  afterAll(async () => {
    lab?.close();
    await sshd?.stop();
  }, 60_000);

  test('stands on a disk that was saturated while it was measured', () => {
    // The mean: one reader that waits for each answer leaves a gap now and then on a machine with other work.
    expect(premise.meanBusyPercent).toBeGreaterThanOrEqual(95);
    expect(premise.readBytesPerSecond).toBeGreaterThan(10 * MIB);
    expect(healthyPremise.writeBytesPerSecond).toBeGreaterThan(premise.readBytesPerSecond);
    expect(healthyPremise.meanBusyPercent).toBeLessThan(50);
  });

  test('names the reader, its file and the size of its reads', () => {
    const slow = diskOf(report.hosts[0] as Report['hosts'][number], disk.device);
    expect(slow.verdict).toBe('saturated');
    expect(slow.readAwaitMs).toBeGreaterThan(10);
    expect(slow.culprits).toMatchObject([{ pid: reader.pid, command: 'dd', activity: 'read', ioSizeBytes: MIB }]);
    expect(slow.culprits[0]?.files[0]?.path).toBe(join(disk.mountpoint, 'read-me'));
    expect(slow.culprits[0]?.share).toBeGreaterThan(0.8);
  });

  test('does not blame the busier writer on the other disk, which is not saturated', () => {
    const host = report.hosts[0] as Report['hosts'][number];
    const accused = host.disks.flatMap(({ culprits, victims }) => [...culprits, ...victims].map(({ pid }) => pid));
    expect(accused).not.toContain(writer.pid);
    const saturated = host.disks.filter(({ verdict }) => verdict === 'saturated');
    expect(saturated.map(({ device }) => device)).toEqual([disk.device]);
  });
});

describe.skipIf(need.skip)('a sweep over SSH of a host that idles', () => {
  let lab: Lab;
  let sshd: Sshd;

  beforeAll(async () => {
    lab = openLab();
    await idleSleeper(lab);
    sshd = await startSshd();
  });

  afterAll(async () => {
    lab?.close();
    await sshd?.stop();
  });

  test('says healthy and blames nobody', async () => {
    const target = `root@127.0.0.1:${sshd.port}`;
    const said = await runWhodisk([target, '--identity', sshd.identity, '--known-hosts', sshd.knownHosts, '--json']);
    const report = reportOf(said);
    expect(said.code).toBe(0);
    expect(report.hosts).toMatchObject([{ host: target, status: 'swept', verdict: 'healthy', rank: 1 }]);
    expect(report.hosts[0]?.disks.flatMap(({ culprits }) => culprits)).toEqual([]);
    expect(report.hosts[0]?.score).toBeLessThan(20);
    expect(report.sweep).toMatchObject({ status: 'complete', swept: 1, notSwept: 0 });
  });
});
