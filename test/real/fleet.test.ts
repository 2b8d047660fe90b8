import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../runner/report.ts';
import { type Lab, openLab } from '../lab/session.ts';
import { createFleet, type Fleet } from '../lab/uml.ts';
import { UML_NEEDS } from '../lab/uml-base.ts';
import { busyPercentBetween, sampleOf } from '../lab/watch-disk.ts';
import { needs } from '../needs.ts';
import { diskOf, hostOf, reportOf, WHODISK } from './whodisk-command.ts';

const need = needs(...UML_NEEDS);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe.skipIf(need.skip)('a sweep of three hosts, each with a kernel and a disk of its own', () => {
  let lab: Lab;
  let fleet: Fleet;
  let names: string[];

  beforeAll(async () => {
    lab = openLab();
    fleet = await createFleet(lab, { hosts: 3 });
    names = fleet.addresses.map((address) => `root@${address}`);
  }, 240_000);

  afterAll(() => lab?.close(), 60_000);

  async function sweep(): Promise<Report> {
    const options = ['--identity', fleet.identity, '--known-hosts', fleet.knownHosts, '--json'];
    return reportOf(await fleet.run(process.execPath, [WHODISK, ...names, ...options]));
  }

  /** Share of the time of `during` in which the data disk of a host was busy, by that host's own counters. */
  async function busyPercentWhile<T>(
    host: number,
    during: () => Promise<T>,
  ): Promise<{ busyPercent: number; result: T }> {
    const look = async () => {
      const { stdout } = await fleet.exec(host, 'cat /proc/uptime /proc/diskstats');
      return sampleOf(stdout, 'ubdb', Number(stdout.split(' ')[0]) * 1000);
    };
    const from = await look();
    const result = await during();
    return { busyPercent: busyPercentBetween(from, await look()), result };
  }

  test('calls all of them healthy while nothing happens', async () => {
    const report = await sweep();
    expect(report.hosts.map(({ host, verdict }) => `${host} ${verdict}`).sort()).toEqual(
      names.map((name) => `${name} healthy`),
    );
  }, 60_000);

  test('ranks the saturated one first, names its writer and its file, and calls the others healthy', async () => {
    fleet.slow(2, 10);
    const group = '/sys/fs/cgroup/backup.service';
    await fleet.exec(
      2,
      `mkdir -p ${group}; (echo 0 >${group}/cgroup.procs; exec nohup dd if=/dev/zero of=/data/big-file bs=1M count=900) >/dev/null 2>&1 & sleep 1`,
    );
    const pid = Number((await fleet.exec(2, 'pgrep -x dd')).stdout);
    await wait(3000);
    const { busyPercent, result: report } = await busyPercentWhile(2, sweep);
    expect(busyPercent).toBeGreaterThanOrEqual(90);

    const [first, ...others] = report.hosts;
    expect(first).toMatchObject({ host: names[1], rank: 1, status: 'swept', verdict: 'saturated', privilege: 'root' });
    expect(others.map(({ verdict }) => verdict)).toEqual(['healthy', 'healthy']);
    const disk = diskOf(hostOf(report, names[1] ?? ''), 'ubdb');
    expect(disk).toMatchObject({ verdict: 'saturated', mountpoints: ['/data'] });
    expect(disk.culprits).toMatchObject([{ pid, command: 'dd', unit: 'backup.service', activity: 'buffered-write' }]);
    // The kernel's own count, flusher included: the one witness that is not inferred.
    expect(disk.culprits[0]?.evidence.join('\n')).toMatch(/its cgroup \/backup\.service wrote \d.* on ubdb/);
    expect(disk.culprits[0]?.files[0]).toMatchObject({ path: '/data/big-file', deleted: false });
    expect(others.flatMap(({ disks }) => disks.flatMap(({ culprits }) => culprits))).toEqual([]);
  }, 60_000);

  test('calls the one whose disk no longer answers hung, blames no process, and still gets in', async () => {
    fleet.slow(2, 'stop');
    await wait(1000);
    const report = await sweep();
    const [first, ...others] = report.hosts;
    expect(first).toMatchObject({ host: names[1], rank: 1, verdict: 'hung' });
    expect(diskOf(hostOf(report, names[1] ?? ''), 'ubdb')).toMatchObject({ verdict: 'hung', culprits: [] });
    expect(others.map(({ verdict }) => verdict)).toEqual(['healthy', 'healthy']);
  }, 60_000);
});
