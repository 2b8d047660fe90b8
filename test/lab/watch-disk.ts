/** Checks the premise of a test while it is being measured: was that disk as busy as it had to be? */
import { readFileSync } from 'node:fs';

export interface WatchedDisk {
  /** Of the intervals between two samples, 500 ms each. */
  readonly minBusyPercent: number;
  readonly meanBusyPercent: number;
  readonly maxInFlight: number;
  readonly writeBytesPerSecond: number;
  readonly readBytesPerSecond: number;
  /** Mean over all requests; absent where none completed. */
  readonly awaitMs?: number;
  readonly samples: number;
}

interface Sample {
  readonly atMs: number;
  readonly inFlight: number;
  readonly busyMs: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly completed: number;
  /** Discards, which kernels before 4.18 do not count. */
  readonly discarded: number;
  /** Of all completed requests together. */
  readonly waitedMs: number;
}

const INTERVAL_MS = 500;
const SECTOR = 512;

/** One line of /proc/diskstats (Documentation/admin-guide/iostats.rst); `text` may come from another machine. */
export function sampleOf(text: string, device: string, atMs: number): Sample {
  const fields = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find((candidate) => candidate[2] === device);
  if (fields === undefined) throw new Error(`no ${device} in /proc/diskstats`);
  const field = (index: number) => Number(fields[index + 2]);
  return {
    atMs,
    readBytes: field(3) * SECTOR,
    writtenBytes: field(7) * SECTOR,
    completed: field(1) + field(5),
    discarded: field(12) || 0,
    waitedMs: field(4) + field(8),
    inFlight: field(9),
    busyMs: field(10),
  };
}

/** Share of the time between two samples in which the disk had something to do. */
export function busyPercentBetween(from: Sample, to: Sample): number {
  return Math.min(100, (100 * (to.busyMs - from.busyMs)) / (to.atMs - from.atMs));
}

/** Begins to sample; `stop` ends it and says what was seen. */
export function watchDisk(device: string): { readonly stop: () => WatchedDisk } {
  const samples: Sample[] = [];
  const take = () => samples.push(sampleOf(readFileSync('/proc/diskstats', 'latin1'), device, performance.now()));
  take();
  const timer = setInterval(take, INTERVAL_MS);
  const stop = (): WatchedDisk => {
    clearInterval(timer);
    const first = samples[0];
    let previous = first;
    let minBusyPercent = 100;
    let last = first;
    for (const sample of samples.slice(1)) {
      if (previous !== undefined) minBusyPercent = Math.min(minBusyPercent, busyPercentBetween(previous, sample));
      previous = sample;
      last = sample;
    }
    if (first === undefined || last === undefined || last === first) throw new Error('watched for less than 500 ms');
    const completed = last.completed - first.completed;
    const seconds = (last.atMs - first.atMs) / 1000;
    return {
      minBusyPercent,
      meanBusyPercent: busyPercentBetween(first, last),
      maxInFlight: Math.max(...samples.map(({ inFlight }) => inFlight)),
      writeBytesPerSecond: (last.writtenBytes - first.writtenBytes) / seconds,
      readBytesPerSecond: (last.readBytes - first.readBytes) / seconds,
      ...(completed > 0 && { awaitMs: (last.waitedMs - first.waitedMs) / completed }),
      samples: samples.length,
    };
  };
  return { stop };
}

/** Waits until the disk was at least 95 % busy for two seconds on end; throws when it is not within 30 s. */
export async function untilBusy(device: string): Promise<void> {
  const look = () => sampleOf(readFileSync('/proc/diskstats', 'latin1'), device, performance.now());
  const deadline = performance.now() + 30_000;
  let busyIntervals = 0;
  for (let from = look(); busyIntervals * INTERVAL_MS < 2000; ) {
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    const to = look();
    busyIntervals = busyPercentBetween(from, to) >= 95 ? busyIntervals + 1 : 0;
    from = to;
    if (to.atMs > deadline) throw new Error(`${device} was not saturated within 30 s`);
  }
}
