/**
 * What waits in memory to be written: dirty pages and those under writeback (Documentation/filesystems/proc.rst, meminfo). It outlives
 * its writer: a disk may have to write for a minute after the program has ended, and whoever calls sync() waits for all of it.
 */
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

function waiting(meminfo: ReadonlyMap<string, number> | undefined): number | undefined {
  const [dirty, writeback] = [meminfo?.get('Dirty'), meminfo?.get('Writeback')];
  return dirty === undefined && writeback === undefined ? undefined : (dirty ?? 0) + (writeback ?? 0);
}

/** A second's work or less is no backlog. */
const MIN_SECONDS = 1;
const MIN_BYTES = 8 * 1024 * 1024;

/** "draining: 212 MB left, about 11 s"; undefined where little is left. */
export function drainText({ bytes, drainSeconds }: Backlog): string | undefined {
  if (drainSeconds === undefined || drainSeconds < MIN_SECONDS || bytes < MIN_BYTES) return undefined;
  return `draining: ${inBytes(bytes)} left, about ${Math.round(drainSeconds)} s`;
}

export function drainEvidence({ bytes, changeBytesPerSecond, writtenBytesPerSecond }: Backlog): string[] {
  const change = changeBytesPerSecond ?? 0;
  const trend = change < 0 ? 'falling' : 'rising';
  return [
    `${inBytes(bytes)} dirty or under writeback (/proc/meminfo)${changeBytesPerSecond === undefined ? '' : `, ${trend} by ${inRate(Math.abs(change))}`}`,
    `the disk writes ${inRate(writtenBytesPerSecond)} (/proc/diskstats)`,
  ];
}
