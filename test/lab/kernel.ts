/** The few pieces of kernel state that the laboratory changes: loop devices, mounts, throttles, dirty limits. Synchronous. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Runs a program to its end; its stderr is in the message of the error. */
export function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** Loop devices ("loop3") that stand on `backing`; a file that was removed meanwhile counts too. */
export function loopsOn(backing: string): string[] {
  return readdirSync('/sys/block').filter((name) => {
    const file = backingOf(name);
    return file === backing || file === `${backing} (deleted)`;
  });
}

/** The file below a loop device, Documentation/ABI/testing/sysfs-block-loop; undefined where nothing is attached. */
export function backingOf(device: string): string | undefined {
  try {
    return readFileSync(`/sys/block/${device}/loop/backing_file`, 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}

/** "7:3" of loop3. */
export function deviceNumber(device: string): string {
  return readFileSync(`/sys/block/${device}/dev`, 'latin1').trim();
}

/** Mount points at `path` and below it, deepest last. */
export function mountsBelow(path: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((mountpoint) => mountpoint === path || mountpoint.startsWith(`${path}/`));
}

const BLKIO = '/sys/fs/cgroup/blkio';

/** Limits reads and writes each for all issuers; 0 lifts the limit (Documentation/admin-guide/cgroup-v1/blkio-controller.rst). */
export function throttle(device: string, bytesPerSecond: number): void {
  for (const direction of ['read', 'write']) {
    writeFileSync(`${BLKIO}/blkio.throttle.${direction}_bps_device`, `${device} ${bytesPerSecond}`);
  }
}

/** Limits requests a second, reads and writes each; 0 lifts the limit. */
export function throttleRequests(device: string, perSecond: number): void {
  for (const direction of ['read', 'write']) {
    writeFileSync(`${BLKIO}/blkio.throttle.${direction}_iops_device`, `${device} ${perSecond}`);
  }
}

/** Files that the kernel swaps to, proc(5). */
export function swapFiles(): string[] {
  return readFileSync('/proc/swaps', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s/)[0] ?? '')
    .filter(Boolean);
}

const DIRTY = ['dirty_bytes', 'dirty_ratio', 'dirty_background_bytes', 'dirty_background_ratio'] as const;

export function readDirtyLimits(): Record<string, string> {
  return Object.fromEntries(DIRTY.map((name) => [name, readFileSync(`/proc/sys/vm/${name}`, 'latin1').trim()]));
}

/** Sets the limits: of each pair bytes/ratio the one that is not 0, since writing one clears the other (admin-guide/sysctl/vm.rst). */
export function writeDirtyLimits(limits: Readonly<Record<string, string>>): void {
  for (const name of DIRTY) {
    const value = limits[name];
    if (value !== undefined && value !== '0') writeFileSync(`/proc/sys/vm/${name}`, value);
  }
}
