/** Two /proc/diskstats samples → what each device did in between. */
import type { DiskCounters } from '../proc/diskstats.ts';
import type { Draft } from '../proc/draft.ts';
import type { DiskActivity } from './samples.ts';

export const SECTOR_BYTES = 512;

/** The kernel prints times as unsigned int (block/genhd.c, jiffies_to_msecs): at a queue of 40 they wrap every 30 hours. */
const MS_WRAP = 2n ** 32n;

/**
 * undefined where a counter went backwards (hot-plug, driver reset): such a pair has no rate.
 * Without an earlier line the device counts from zero, which is how it starts.
 */
export function diskActivity(
  before: DiskCounters | undefined,
  after: DiskCounters,
  elapsedMs: number,
): DiskActivity | undefined {
  let wentBack = false;
  const since = (later: bigint, earlier: bigint | undefined): number => {
    const difference = later - (earlier ?? 0n);
    if (difference < 0n) wentBack = true;
    return Number(difference);
  };
  const msSince = (later: bigint, earlier: bigint | undefined): number => {
    const wraps = earlier !== undefined && later < earlier && earlier < MS_WRAP;
    return since(wraps ? later + MS_WRAP : later, earlier);
  };
  const activity: Draft<DiskActivity> = {
    device: after.device,
    number: after.number,
    elapsedMs,
    reads: since(after.readsCompleted, before?.readsCompleted),
    readBytes: since(after.sectorsRead, before?.sectorsRead) * SECTOR_BYTES,
    readMs: msSince(after.readMs, before?.readMs),
    writes: since(after.writesCompleted, before?.writesCompleted),
    writeBytes: since(after.sectorsWritten, before?.sectorsWritten) * SECTOR_BYTES,
    writeMs: msSince(after.writeMs, before?.writeMs),
    ioMs: msSince(after.ioMs, before?.ioMs),
    weightedMs: msSince(after.weightedMs, before?.weightedMs),
    inFlight: after.inFlight,
  };
  if (after.discardsCompleted !== undefined) {
    activity.discards = since(after.discardsCompleted, before?.discardsCompleted);
  }
  if (after.sectorsDiscarded !== undefined) {
    activity.discardBytes = since(after.sectorsDiscarded, before?.sectorsDiscarded) * SECTOR_BYTES;
  }
  if (after.discardMs !== undefined) activity.discardMs = msSince(after.discardMs, before?.discardMs);
  if (after.flushesCompleted !== undefined) activity.flushes = since(after.flushesCompleted, before?.flushesCompleted);
  if (after.flushMs !== undefined) activity.flushMs = msSince(after.flushMs, before?.flushMs);
  return wentBack || elapsedMs <= 0 ? undefined : activity;
}

/** The sum of a device's ticks: what is left of a window whose second sample never came. */
export function sumOfTicks(ticks: readonly DiskActivity[]): DiskActivity | undefined {
  const [first] = ticks;
  if (!first) return undefined;
  const sum = (
    field: 'elapsedMs' | 'reads' | 'readBytes' | 'readMs' | 'writes' | 'writeBytes' | 'writeMs' | 'ioMs' | 'weightedMs',
  ) => ticks.reduce((total, tick) => total + tick[field], 0);
  const inFlight = ticks.at(-1)?.inFlight;
  return {
    device: first.device,
    ...(first.number !== undefined && { number: first.number }),
    elapsedMs: sum('elapsedMs'),
    reads: sum('reads'),
    readBytes: sum('readBytes'),
    readMs: sum('readMs'),
    writes: sum('writes'),
    writeBytes: sum('writeBytes'),
    writeMs: sum('writeMs'),
    ioMs: sum('ioMs'),
    weightedMs: sum('weightedMs'),
    ...(inFlight !== undefined && { inFlight }),
  };
}
