/**
 * What waits in memory to be written: dirty pages and those under writeback (Documentation/filesystems/proc.rst, meminfo). It outlives
 * its writer: a disk may have to write for a minute after the program has ended, and whoever calls sync() waits for all of it.
 */
import type { DeviceTree } from './device-tree.ts';
import type { Backlog } from './finding.ts';
import type { DiskActivity, HostSamples } from './samples.ts';
import { rounded } from './timeline.ts';
import { inBytes, inRate } from './words.ts';

/** undefined where /proc/meminfo says nothing of it. `disks` are those that the backlog may be for, each counted once. */
export function backlogOf(samples: HostSamples, disks: readonly DiskActivity[]): Backlog | undefined {
  const bytes = waiting(samples.meminfo);
  if (bytes === undefined) return undefined;
  const before = waiting(samples.meminfoAtStart);
  const elapsedMs = Math.max(...disks.map((disk) => disk.elapsedMs), 0);
  const writtenBytesPerSecond = rounded(
    disks.reduce((sum, disk) => sum + (disk.writeBytes * 1000) / disk.elapsedMs, 0),
  );
  return {
    bytes,
    ...(before !== undefined &&
      elapsedMs > 0 && { changeBytesPerSecond: rounded(((bytes - before) * 1000) / elapsedMs) }),
    writtenBytesPerSecond,
    ...(writtenBytesPerSecond > 0 && { drainSeconds: rounded(bytes / writtenBytesPerSecond) }),
  };
}

/**
 * What was waiting when the window opened and is not any more: bytes that this disk wrote without anybody adding them meanwhile. The
 * host counts them for all its disks at once, so that others may have written them. `addedTo`: what processes added to a disk in the
 * window; no byte was both added and waiting.
 */
export function drainedBytes(
  { disks, meminfo, meminfoAtStart }: HostSamples,
  activity: DiskActivity,
  tree: DeviceTree,
  addedTo: (disk: DiskActivity) => number,
): { readonly atLeast: number; readonly atMost: number } {
  const drained = (waiting(meminfoAtStart) ?? 0) - (waiting(meminfo) ?? Number.POSITIVE_INFINITY);
  if (!(drained > 0)) return { atLeast: 0, atMost: 0 };
  const { device, writeBytes } = activity;
  const ofStack = new Set([device, ...tree.below(device), ...tree.above(device)]);
  const isOtherDisk = (name: string): boolean =>
    !ofStack.has(name) && tree.wholeDevice(name) === name && tree.below(name).length === 0;
  const notAdded = (disk: DiskActivity): number => Math.max(0, disk.writeBytes - addedTo(disk));
  const byOthers = disks.reduce((sum, disk) => (isOtherDisk(disk.device) ? sum + notAdded(disk) : sum), 0);
  return {
    atLeast: Math.min(notAdded(activity), Math.max(0, drained - byOthers)),
    atMost: Math.min(writeBytes, drained),
  };
}

function waiting(meminfo: ReadonlyMap<string, number> | undefined): number | undefined {
  const [dirty, writeback] = [meminfo?.get('Dirty'), meminfo?.get('Writeback')];
  return dirty === undefined && writeback === undefined ? undefined : (dirty ?? 0) + (writeback ?? 0);
}

/** A second's work or less is no backlog. */
const MIN_SECONDS = 1;
const MIN_BYTES = 8 * 1024 * 1024;

/** Less than this of what the disk writes is no trend. */
const TREND = 0.05;

/** By how much it grows or shrinks, where that is worth a word. */
function trendText({ changeBytesPerSecond = 0, writtenBytesPerSecond }: Backlog): string {
  if (Math.abs(changeBytesPerSecond) <= TREND * writtenBytesPerSecond) return '';
  return `, ${changeBytesPerSecond < 0 ? 'falling' : 'rising'} by ${inRate(Math.abs(changeBytesPerSecond))}`;
}

/** How it goes on; undefined where little is left. */
function courseText(backlog: Backlog): string | undefined {
  const { bytes, drainSeconds } = backlog;
  if (drainSeconds === undefined || drainSeconds < MIN_SECONDS || bytes < MIN_BYTES) return undefined;
  return `${trendText(backlog)}; about ${Math.round(drainSeconds)} s if nothing is added`;
}

/** "backlog: 212 MB to write, rising by 6.6 MB/s; about 11 s if nothing is added"; undefined where little is left. */
export function backlogText(backlog: Backlog): string | undefined {
  const course = courseText(backlog);
  return course && `backlog: ${inBytes(backlog.bytes)} to write${course}`;
}

/**
 * Of one that nobody is seen to feed: "it drains 212 MB, falling by 20 MB/s; about 11 s if nothing is added", but where it grows all the same
 * "it has 212 MB to write, ...". One that stays as it is may drain, too: what is written to a loop device waits once more, for the disk
 * that its file is on.
 */
export function drainText(backlog: Backlog): string | undefined {
  const course = courseText(backlog);
  const isGrowing = (backlog.changeBytesPerSecond ?? 0) > 0 && trendText(backlog) !== '';
  const amount = inBytes(backlog.bytes);
  return course && `it ${isGrowing ? `has ${amount} to write` : `drains ${amount}`}${course}`;
}

export function drainEvidence({ bytes, changeBytesPerSecond, writtenBytesPerSecond }: Backlog): string[] {
  const change = changeBytesPerSecond ?? 0;
  const trend = change < 0 ? 'falling' : 'rising';
  return [
    `${inBytes(bytes)} dirty or under writeback (/proc/meminfo)${changeBytesPerSecond === undefined ? '' : `, ${trend} by ${inRate(Math.abs(change))}`}`,
    `the disk writes ${inRate(writtenBytesPerSecond)} (/proc/diskstats)`,
  ];
}
