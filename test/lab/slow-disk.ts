/**
 * Disks for tests: one that is really slow for every issuer, kernel threads included, and one that is not.
 *
 * The slow one is two stacked loops: the outer one carries a blkio throttle, the inner one, on a file inside it, is the
 * disk under test. The inner one then shows what a slow disk shows in /proc/diskstats: 100 % busy, a queue, long waits.
 * (On the throttled device itself the requests wait before they are counted.)
 */
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Need } from '../need-providers.ts';
import { deviceNumber, readDirtyLimits, run, throttle, throttleRequests, writeDirtyLimits } from './kernel.ts';
import { readLedgers } from './ledger.ts';
import { type Lab, withLab } from './session.ts';

const MIB = 1024 * 1024;
/**
 * Low enough that a 300 MB write waits for the disk instead of vanishing in the page cache. The background limit is far
 * below the other one, or the flusher rests, and the disk idles, while a writer prepares its next write.
 */
export const LOWERED = { dirty_bytes: String(256 * MIB), dirty_background_bytes: String(4 * MIB) };
/** Not 0, which would be "no limit"; small enough that nothing completes while a test looks. */
const HUNG_BYTES_PER_SECOND = 1;

export interface TestDisk {
  /** The kernel's name: "loop1". */
  readonly device: string;
  readonly mountpoint: string;
}

export interface SlowDisk extends TestDisk {
  /** The throttled loop below it. */
  readonly outer: string;
  /** Bytes a second, for reads and writes each; "hang": nothing completes any more; "unlimited" to prepare files. */
  readonly setRate: (rate: number | 'hang' | 'unlimited') => void;
  /** Requests a second, reads and writes each: what stops those who flush again and again but write little. */
  readonly setRequests: (perSecond: number | 'unlimited') => void;
}

export interface SlowDiskOptions {
  readonly bytesPerSecond: number;
  /** Names the mount point. */
  readonly label?: string;
  /** Size of the disk; its file is sparse. */
  readonly sizeMb?: number;
}

/**
 * What a slow disk needs. cgroup v2 would not do: its io.max does not hold for the root group, so not for every issuer.
 */
export const SLOW_DISK_NEEDS = ['root', 'cgroup-v1-blkio', 'mount', 'e2fsprogs', 'python3'] as const satisfies Need[];

/** Makes a disk of `file`, which must not be there yet: attached to a loop and with an ext4 on it. Answers its name. */
export function attach(lab: Lab, file: string, sizeMb: number, directIo: boolean): string {
  const backing = join(realpathSync(join(file, '..')), file.slice(file.lastIndexOf('/') + 1));
  writeFileSync(backing, '', { mode: 0o600, flag: 'wx' });
  run('truncate', '-s', `${sizeMb}M`, backing);
  lab.note({ kind: 'loop', backing });
  const device = run('losetup', `--direct-io=${directIo ? 'on' : 'off'}`, '-f', '--show', backing).slice(
    '/dev/'.length,
  );
  // Lazy initialisation would be a load of its own, by a kernel thread, for minutes.
  run('mkfs.ext4', '-q', '-E', 'nodiscard,lazy_itable_init=0,lazy_journal_init=0', `/dev/${device}`);
  return device;
}

/** Mounts it at a folder that is made where it is missing. */
export function mount(lab: Lab, device: string, mountpoint: string): void {
  mkdirSync(mountpoint, { recursive: true });
  lab.note({ kind: 'mount', path: mountpoint });
  // A journal commit every second, not every five: so the journal's thread is at work in any window.
  run('mount', '-o', 'commit=1', `/dev/${device}`, mountpoint);
}

/** Lowers vm.dirty_bytes and vm.dirty_background_bytes until the last use that lowered them has ended. */
function lowerDirtyLimits(lab: Lab): void {
  // Where another use has lowered them already, what was there before is what it found.
  const noted = readLedgers().flatMap(({ changes }) => changes.filter((change) => change.kind === 'dirty-limits'));
  lab.note({ kind: 'dirty-limits', before: noted[0]?.before ?? readDirtyLimits() });
  writeDirtyLimits(LOWERED);
}

export function createSlowDisk(lab: Lab, options: SlowDiskOptions): SlowDisk {
  const { bytesPerSecond, label = 'slow', sizeMb = 2500 } = options;
  const below = join(lab.folder, `${label}-below`);
  const outer = attach(lab, join(lab.folder, `${label}-outer.img`), sizeMb + 500, true);
  mount(lab, outer, below);
  const device = attach(lab, join(below, 'inner.img'), sizeMb, true);
  const mountpoint = join(lab.folder, label);
  mount(lab, device, mountpoint);
  lowerDirtyLimits(lab);
  const number = deviceNumber(outer);
  lab.note({ kind: 'throttle', device: number, backing: join(realpathSync(lab.folder), `${label}-outer.img`) });
  const setRate: SlowDisk['setRate'] = (rate) => {
    throttle(number, rate === 'hang' ? HUNG_BYTES_PER_SECOND : rate === 'unlimited' ? 0 : Math.round(rate));
  };
  const setRequests: SlowDisk['setRequests'] = (perSecond) => {
    throttleRequests(number, perSecond === 'unlimited' ? 0 : Math.round(perSecond));
  };
  setRate(bytesPerSecond);
  return { device, outer, mountpoint, setRate, setRequests };
}

/** A disk that keeps up with anything: a loop on a file in memory. */
export function createHealthyDisk(
  lab: Lab,
  options: { readonly label?: string; readonly sizeMb?: number } = {},
): TestDisk {
  const { label = 'healthy', sizeMb = 1000 } = options;
  const memory = join(lab.folder, `${label}-memory`);
  mkdirSync(memory);
  lab.note({ kind: 'mount', path: memory });
  run('mount', '-t', 'tmpfs', '-o', `size=${sizeMb + 50}M,mode=700`, 'whodisk-lab', memory);
  const device = attach(lab, join(memory, 'disk.img'), sizeMb, false);
  const mountpoint = join(lab.folder, label);
  mount(lab, device, mountpoint);
  return { device, mountpoint };
}

/** A slow disk for as long as `use` runs; everything is put back afterwards, whatever happened. */
export function withSlowDisk<T>(options: SlowDiskOptions, use: (disk: SlowDisk, lab: Lab) => Promise<T>): Promise<T> {
  return withLab(async (lab) => use(createSlowDisk(lab, options), lab));
}
