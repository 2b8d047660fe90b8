import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Disk } from '../../runner/triage/finding.ts';
import { type Lab, openLab } from '../lab/session.ts';
import { createHealthyDisk, createSlowDisk, SLOW_DISK_NEEDS } from '../lab/slow-disk.ts';
import { untilBusy, type WatchedDisk, watchDisk } from '../lab/watch-disk.ts';
import { rotatingLogger, shortLivedChildren, type Workload } from '../lab/workloads.ts';
import { needs } from '../needs.ts';
import { diskOf, reportOf, runWhodisk } from './whodisk-command.ts';

const need = needs(...SLOW_DISK_NEEDS);
const MIB = 1024 * 1024;

/** What this machine says of one of its disks, and whether that was saturated all the while. */
async function sweepHere(device: string): Promise<{ disk: Disk; premise: WatchedDisk }> {
  const watch = watchDisk(device);
  const [host] = reportOf(await runWhodisk(['--json'])).hosts;
  const premise = watch.stop();
  if (host === undefined) throw new Error('the report has no host');
  return { disk: diskOf(host, device), premise };
}

describe.skipIf(need.skip)('short-lived children that saturate a disk together', () => {
  let lab: Lab;
  let parent: Workload;
  let disk: Disk;
  let premise: WatchedDisk;

  beforeAll(async () => {
    lab = openLab();
    const slow = createSlowDisk(lab, { bytesPerSecond: 20 * MIB, sizeMb: 800 });
    parent = await shortLivedChildren(lab, slow.mountpoint, 15);
    await untilBusy(slow.device);
    ({ disk, premise } = await sweepHere(slow.device));
  }, 60_000);

  afterAll(() => lab?.close(), 60_000);

  test('are the culprit as a group, under the parent that starts them', () => {
    expect(premise.minBusyPercent).toBeGreaterThanOrEqual(95);
    expect(disk.verdict).toBe('saturated');
    expect(disk.culprits).toMatchObject([{ pid: null, command: 'dd', parent: { pid: parent.pid, command: 'sh' } }]);
  });

  test('are not at the same time its victims', () => {
    expect(disk.victims.filter(({ command }) => command === 'dd')).toEqual([]);
  });
});

describe.skipIf(need.skip)('short-lived children that write to another disk than the saturated one', () => {
  let lab: Lab;
  let logger: Workload;
  let disk: Disk;
  let premise: WatchedDisk;

  beforeAll(async () => {
    lab = openLab();
    const slow = createSlowDisk(lab, { bytesPerSecond: 20 * MIB });
    const healthy = createHealthyDisk(lab, { sizeMb: 300 });
    await shortLivedChildren(lab, healthy.mountpoint, 10);
    logger = await rotatingLogger(lab, join(slow.mountpoint, 'logtest.txt'));
    await untilBusy(slow.device);
    ({ disk, premise } = await sweepHere(slow.device));
  }, 60_000);

  afterAll(() => lab?.close(), 60_000);

  test('are not blamed for it, nor is their parent, which is charged for them', () => {
    expect(premise.minBusyPercent).toBeGreaterThanOrEqual(95);
    expect(disk.verdict).toBe('saturated');
    expect(disk.culprits.map(({ pid }) => pid)).toEqual([logger.pid]);
  });
});
