/** Whether a situation really was what it was built to be, over the whole of a measurement. */
import { readFileSync } from 'node:fs';
import { parseCpuStat } from '../../../runner/proc/cpu-stat.ts';
import { parseMeminfo } from '../../../runner/proc/meminfo.ts';
import { parsePressure } from '../../../runner/proc/pressure.ts';
import { parseVmstat } from '../../../runner/proc/vmstat.ts';
import { cpuOf } from '../../../runner/triage/cpu.ts';
import { watchDisk } from '../../lab/watch-disk.ts';
import { blockedProcesses } from './blocked.ts';

/** Of the disk that the situation is about, of the one beside it, of the host. */
export interface Measured {
  readonly meanBusyPercent: number;
  readonly minBusyPercent: number;
  readonly maxInFlight: number;
  readonly writeBytesPerSecond: number;
  readonly readBytesPerSecond: number;
  /** Absent where there is no other disk. */
  readonly otherBusyPercent?: number;
  readonly otherWriteBytesPerSecond?: number;
  readonly otherAwaitMs?: number;
  /** Of the CPU that waits the most. */
  readonly iowaitPercent: number;
  /** Time in which somebody waited for I/O, as pressure stall information has it. */
  readonly pressurePercent: number;
  readonly swappedPagesPerSecond: number;
  readonly dirtyBytesBefore: number;
  readonly dirtyBytesAfter: number;
  /** The most processes that were seen to wait in D at a time. */
  readonly mostBlocked: number;
}

interface Bound {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export type Bounds<T> = { readonly [Key in keyof T]?: Bound };

/** What does not hold, a sentence each. A figure that could not be had holds nothing. */
export function premiseProblems<T extends object>(measured: T, bounds: Bounds<T>): string[] {
  return Object.entries(bounds as Record<string, Bound>).flatMap(
    ([key, { atLeast = -Infinity, atMost = Infinity }]) => {
      const value = measured[key as keyof T] as number | undefined;
      if (value !== undefined && value >= atLeast && value <= atMost) return [];
      const wanted = [atLeast > -Infinity && `at least ${atLeast}`, atMost < Infinity && `at most ${atMost}`];
      const seen = value === undefined ? 'not known' : Math.round(value * 10) / 10;
      return [`${key} was ${seen}, not ${wanted.filter(Boolean).join(' and ')}`];
    },
  );
}

const BLOCKED_INTERVAL_MS = 250;

/** Begins to measure; `stop` says what was seen since. */
export function watchSituation(device: string, other: string | undefined): { readonly stop: () => Measured } {
  const disk = watchDisk(device);
  const beside = other === undefined ? undefined : watchDisk(other);
  const before = hostCounters();
  const startedAt = performance.now();
  let mostBlocked = 0;
  const timer = setInterval(() => {
    mostBlocked = Math.max(mostBlocked, blockedProcesses());
  }, BLOCKED_INTERVAL_MS);
  const stop = (): Measured => {
    clearInterval(timer);
    const { meanBusyPercent, minBusyPercent, maxInFlight, writeBytesPerSecond, readBytesPerSecond } = disk.stop();
    const otherDisk = beside?.stop();
    const after = hostCounters();
    const elapsedMs = performance.now() - startedAt;
    return {
      meanBusyPercent,
      minBusyPercent,
      maxInFlight,
      writeBytesPerSecond,
      readBytesPerSecond,
      ...(otherDisk !== undefined && {
        otherBusyPercent: otherDisk.meanBusyPercent,
        otherWriteBytesPerSecond: otherDisk.writeBytesPerSecond,
        ...(otherDisk.awaitMs !== undefined && { otherAwaitMs: otherDisk.awaitMs }),
      }),
      iowaitPercent: Math.max(...(cpuOf(before.cpu, after.cpu)?.perCpu ?? []).map((cpu) => cpu.iowaitPercent), 0),
      pressurePercent: (100 * Number(after.waitedUs - before.waitedUs)) / (elapsedMs * 1000),
      swappedPagesPerSecond: (1000 * Number(after.swapped - before.swapped)) / elapsedMs,
      dirtyBytesBefore: before.dirtyBytes,
      dirtyBytesAfter: after.dirtyBytes,
      mostBlocked,
    };
  };
  return { stop };
}

function hostCounters() {
  const read = (file: string): string => readFileSync(`/proc/${file}`, 'latin1');
  const vmstat = parseVmstat(read('vmstat'));
  const meminfo = parseMeminfo(read('meminfo'));
  return {
    cpu: parseCpuStat(read('stat')),
    waitedUs: parsePressure(read('pressure/io'))?.someUs ?? 0n,
    swapped: (vmstat.get('pswpin') ?? 0n) + (vmstat.get('pswpout') ?? 0n),
    dirtyBytes: (meminfo.get('Dirty') ?? 0) + (meminfo.get('Writeback') ?? 0),
  };
}
