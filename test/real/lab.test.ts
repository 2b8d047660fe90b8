import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { mountsBelow, readDirtyLimits, run, swapFiles } from '../lab/kernel.ts';
import { pidsInNetns, pidsWithToken } from '../lab/processes.ts';
import { restoreLeftovers } from '../lab/restore.ts';
import { openLab, withLab } from '../lab/session.ts';
import { createHealthyDisk, createSlowDisk, SLOW_DISK_NEEDS, withSlowDisk } from '../lab/slow-disk.ts';
import { type Fleet, withFleet } from '../lab/uml.ts';
import { UML_NEEDS } from '../lab/uml-base.ts';
import { busyPercentBetween, sampleOf, untilBusy, watchDisk } from '../lab/watch-disk.ts';
import { bufferedWriter, crowd, directReader, fsyncVictim, prepareFile, rotatingLogger } from '../lab/workloads.ts';
import { needs } from '../needs.ts';

const slowDiskNeed = needs(...SLOW_DISK_NEEDS);
const umlNeed = needs(...UML_NEEDS);
const MIB = 1024 * 1024;
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Everything that the laboratory may change on this machine. */
function machineState() {
  const throttles = ['read_bps', 'write_bps', 'read_iops', 'write_iops'].map((limit) =>
    readFileSync(`/sys/fs/cgroup/blkio/blkio.throttle.${limit}_device`, 'latin1'),
  );
  return { loops: run('losetup', '-a'), throttles, dirty: readDirtyLimits(), folders: labFolders() };
}

function labFolders() {
  return readdirSync('/tmp').filter((name) => /^whodisk-lab-[0-9a-f]{24}$/.test(name));
}

/** Opens the laboratory in a process of its own, does `uses` there and sends it a signal; answers the token of the use. */
async function killedRun(uses: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<string> {
  return withLab(async (lab) => {
    const labFolder = fileURLToPath(new URL('../lab', import.meta.url));
    const script = join(lab.folder, 'killed-run.mjs');
    cpSync(join(labFolder, 'uml'), join(lab.folder, 'uml'), { recursive: true });
    const contents = `
      import { spawn } from 'node:child_process';
      import { openLab } from './session.ts';
      import { createSlowDisk } from './slow-disk.ts';
      import { createFleet } from './uml.ts';
      const lab = openLab();
      ${uses}
      console.log(lab.token);
      setInterval(() => {}, 1000);`;
    const stdin = { contents, resolveDir: labFolder, loader: 'ts' } as const;
    buildSync({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: script, logLevel: 'error' });
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = new Promise<string>((resolve) => child.once('close', () => resolve('')));
    const said = new Promise<string>((resolve) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1').trim()));
    });
    const token = await Promise.race([said, closed]);
    expect(token).toMatch(/^[0-9a-f]{24}$/);
    child.kill(signal);
    await closed;
    expect(child.signalCode).toBe(signal);
    return token;
  });
}

describe.skipIf(slowDiskNeed.skip)('the slow disk', () => {
  test('is at least 95 % busy at its rate under a buffered writer, and nothing is left of it afterwards', async () => {
    restoreLeftovers();
    const before = machineState();
    await withSlowDisk({ bytesPerSecond: 20 * MIB }, async (disk, lab) => {
      const writer = await bufferedWriter(lab, join(disk.mountpoint, 'file'));
      await untilBusy(disk.device);
      const watch = watchDisk(disk.device);
      await wait(6000);
      const seen = watch.stop();
      await writer.stop();
      expect(seen.minBusyPercent).toBeGreaterThanOrEqual(95);
      expect(seen.maxInFlight).toBeGreaterThan(1);
      expect(seen.writeBytesPerSecond).toBeGreaterThan(10 * MIB);
      expect(seen.writeBytesPerSecond).toBeLessThan(40 * MIB);
    });
    expect(machineState()).toEqual(before);
  }, 60_000);

  test('is as busy under a direct reader', async () => {
    await withSlowDisk({ bytesPerSecond: 20 * MIB, sizeMb: 600 }, async (disk, lab) => {
      disk.setRate('unlimited');
      prepareFile(join(disk.mountpoint, 'read-me'), 400);
      disk.setRate(20 * MIB);
      const reader = await directReader(lab, join(disk.mountpoint, 'read-me'));
      await untilBusy(disk.device);
      const watch = watchDisk(disk.device);
      await wait(4000);
      const seen = watch.stop();
      await reader.stop();
      expect(seen.meanBusyPercent).toBeGreaterThanOrEqual(95);
      expect(seen.readBytesPerSecond).toBeGreaterThan(10 * MIB);
    });
  }, 60_000);

  test('hangs when told to, with requests in flight and none done, and still comes down', async () => {
    const before = machineState();
    await withSlowDisk({ bytesPerSecond: 20 * MIB, sizeMb: 600 }, async (disk, lab) => {
      await bufferedWriter(lab, join(disk.mountpoint, 'file'), { fileBytes: 200 * MIB });
      await fsyncVictim(lab, join(disk.mountpoint, 'small'));
      await untilBusy(disk.device);
      disk.setRate('hang');
      await wait(1500);
      const watch = watchDisk(disk.device);
      await wait(3000);
      const seen = watch.stop();
      expect(seen.minBusyPercent).toBeGreaterThanOrEqual(95);
      expect(seen.maxInFlight).toBeGreaterThan(0);
      expect(seen.writeBytesPerSecond).toBe(0);
    });
    expect(machineState()).toEqual(before);
  }, 90_000);

  test('leaves a healthy disk beside it alone', async () => {
    await withSlowDisk({ bytesPerSecond: 20 * MIB, sizeMb: 1300 }, async (disk, lab) => {
      const healthy = createHealthyDisk(lab, { sizeMb: 300 });
      await rotatingLogger(lab, join(disk.mountpoint, 'logtest.txt'), 100 * MIB);
      await bufferedWriter(lab, join(healthy.mountpoint, 'file'), { fileBytes: 200 * MIB, bytesPerSecond: 60 * MIB });
      await untilBusy(disk.device);
      const slow = watchDisk(disk.device);
      const fast = watchDisk(healthy.device);
      await wait(4000);
      expect(slow.stop().minBusyPercent).toBeGreaterThanOrEqual(95);
      expect(fast.stop().meanBusyPercent).toBeLessThan(50);
    });
  }, 60_000);

  test('is put back by the next use when its run was killed', async () => {
    restoreLeftovers();
    const before = machineState();
    const token = await killedRun(`
      const disk = createSlowDisk(lab, { bytesPerSecond: 1024, sizeMb: 300 });
      spawn('dd', ['if=/dev/zero', 'of=' + disk.mountpoint + '/file', 'bs=1M', 'count=100'],
        { detached: true, stdio: 'ignore', env: { ...process.env, WHODISK_LAB: lab.token } });
      await new Promise((resolve) => setTimeout(resolve, 1000));`);
    expect(machineState()).not.toEqual(before);
    expect(pidsWithToken(token)).toHaveLength(1);

    openLab().close();
    expect(machineState()).toEqual(before);
    expect(pidsWithToken(token)).toEqual([]);
    expect(mountsBelow(`/tmp/whodisk-lab-${token}`)).toEqual([]);
  }, 60_000);

  test('with swap on it, a control group and a setting is put back by the next use when its run was killed', async () => {
    const setting = '/proc/sys/kernel/task_delayacct';
    const settingBefore = readFileSync(setting, 'latin1').trim();
    const before = machineState();
    const token = await killedRun(`
      const { mkdirSync, writeFileSync } = await import('node:fs');
      const { execFileSync } = await import('node:child_process');
      const disk = createSlowDisk(lab, { bytesPerSecond: 100e6, sizeMb: 300 });
      disk.setRequests(50);
      lab.note({ kind: 'sysctl', name: 'kernel/task_delayacct', before: '${settingBefore}' });
      writeFileSync('${setting}', '${settingBefore === '0' ? 1 : 0}');
      const path = disk.mountpoint + '/swapfile';
      execFileSync('dd', ['if=/dev/zero', 'of=' + path, 'bs=1M', 'count=20', 'status=none']);
      execFileSync('chmod', ['600', path]);
      execFileSync('mkswap', [path]);
      lab.note({ kind: 'swap', path });
      execFileSync('swapon', [path]);
      const group = '/sys/fs/cgroup/blkio/whodisk-lab-' + lab.token + '-group';
      lab.note({ kind: 'cgroup', path: group });
      mkdirSync(group);`);
    expect(swapFiles()).toContain(`/tmp/whodisk-lab-${token}/slow/swapfile`);
    expect(readFileSync(setting, 'latin1').trim()).not.toBe(settingBefore);

    openLab().close();
    expect(swapFiles().join()).not.toContain(token);
    expect(existsSync(`/sys/fs/cgroup/blkio/whodisk-lab-${token}-group`)).toBe(false);
    expect(readFileSync(setting, 'latin1').trim()).toBe(settingBefore);
    expect(machineState()).toEqual(before);
  }, 60_000);

  test('is put back at once when its run is interrupted or terminated', async () => {
    const before = machineState();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      await killedRun('createSlowDisk(lab, { bytesPerSecond: 1024, sizeMb: 100 });', signal);
      expect(machineState()).toEqual(before);
    }
  }, 60_000);

  test('comes down when a test fails in the middle', async () => {
    const before = machineState();
    const failing = withSlowDisk({ bytesPerSecond: 20 * MIB, sizeMb: 300 }, async (_disk, lab) => {
      await crowd(lab, lab.folder, { sleepers: 20, writers: 5 });
      expect(pidsWithToken(lab.token)).toHaveLength(26);
      throw new Error('a test that failed');
    });
    await expect(failing).rejects.toThrow('a test that failed');
    expect(machineState()).toEqual(before);
  }, 60_000);

  test('two uses at a time restore the dirty limits once both have ended', async () => {
    const before = machineState();
    const first = openLab();
    const second = openLab();
    createSlowDisk(first, { bytesPerSecond: 20 * MIB, sizeMb: 100 });
    createSlowDisk(second, { bytesPerSecond: 20 * MIB, sizeMb: 100 });
    first.close();
    expect(readDirtyLimits()['dirty_bytes']).toBe(String(256 * MIB));
    second.close();
    expect(machineState()).toEqual(before);
    expect(existsSync(first.folder)).toBe(false);
  }, 60_000);
});

describe.skipIf(umlNeed.skip)('User-Mode Linux hosts', () => {
  const busyOf = async (fleet: Fleet, host: number) => {
    const { stdout } = await fleet.exec(
      host,
      'cat /proc/diskstats; sleep 4; cut -d" " -f1 /proc/uptime; cat /proc/diskstats',
    );
    const halves = stdout.split(/^\d+\.\d+$/m);
    const [from, to] = [sampleOf(halves[0] ?? '', 'ubdb', 0), sampleOf(halves[1] ?? '', 'ubdb', 4000)];
    return busyPercentBetween(from, to);
  };

  test('each have a disk of their own: one is saturated, the others stay idle, and all of it comes down', async () => {
    const netnsBefore = run('ip', 'netns', 'list');
    const token = await withFleet({ hosts: 3 }, async (fleet, lab) => {
      expect((await fleet.exec(2, 'hostname; ls -d /data/lost+found')).stdout).toBe('h2\n/data/lost+found\n');
      fleet.slow(1, 10);
      await fleet.exec(1, 'nohup dd if=/dev/zero of=/data/x bs=1M count=900 >/dev/null 2>&1 &');
      await wait(3000);
      const busy = await Promise.all([1, 2, 3].map((host) => busyOf(fleet, host)));
      expect(busy[0]).toBeGreaterThanOrEqual(90);
      expect(busy.slice(1)).toEqual([0, 0]);

      fleet.slow(1, 'stop');
      await wait(1000);
      expect((await fleet.exec(1, 'echo still here')).stdout).toBe('still here\n');
      return lab.token;
    });
    expect(run('ip', 'netns', 'list')).toBe(netnsBefore);
    expect(pidsWithToken(token)).toEqual([]);
    expect(labFolders()).not.toContain(`whodisk-lab-${token}`);
  }, 240_000);

  test('are put back by the next use when their run was killed', async () => {
    const netnsBefore = run('ip', 'netns', 'list');
    const token = await killedRun('await createFleet(lab, { hosts: 1, memoryMb: 128, diskMb: 64 });');
    const netns = `/run/netns/whodisk-lab-${token}`;
    expect(pidsInNetns(netns).length).toBeGreaterThan(0);

    openLab().close();
    expect(pidsWithToken(token)).toEqual([]);
    expect(run('ip', 'netns', 'list')).toBe(netnsBefore);
    expect(labFolders()).not.toContain(`whodisk-lab-${token}`);
  }, 240_000);

  test('of two fleets at a time do not see each other', async () => {
    await withFleet({ hosts: 1, memoryMb: 128, diskMb: 64 }, (one) =>
      withFleet({ hosts: 1, memoryMb: 128, diskMb: 64 }, async (other) => {
        expect(one.addresses).toEqual(other.addresses);
        await one.exec(1, 'touch /data/mark');
        expect((await other.exec(1, 'ls /data')).stdout).toBe('lost+found\n');
      }),
    );
  }, 240_000);
});
