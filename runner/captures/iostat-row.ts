/** One row of iostat -x → what a device did in one interval, whatever its columns are called in that version. */
import type { Draft } from '../proc/draft.ts';
import type { DiskActivity } from '../triage/samples.ts';
import { quantityOf } from './quantity.ts';
import type { Titles } from './table.ts';

const SECTOR_BYTES = 512;

/** Per second, milliseconds and percent, as printed. */
export interface IostatRow {
  readonly device: string;
  readonly cell: (title: string, unit?: number) => number | undefined;
}

/** undefined where a word is no figure. */
export function rowOf(titles: Titles, words: readonly string[]): IostatRow | undefined {
  const device = words[titles.indexOf('Device')] ?? '';
  const cell = (title: string, unit?: number): number | undefined => {
    const at = titles.indexOf(title);
    return at < 0 ? undefined : quantityOf(words[at], unit);
  };
  const isWhole = titles.every((title, i) => title === 'Device' || (quantityOf(words[i]) ?? -1) >= 0);
  return isWhole && device !== '' ? { device, cell } : undefined;
}

/** What happened in an interval of so many seconds. */
export function activityOf({ device, cell }: IostatRow, seconds: number): DiskActivity {
  const moved = (way: 'r' | 'w' | 'd'): number =>
    seconds *
    (cell(`${way}kB/s`, 1024) ??
      cell(`${way}MB/s`, 1024 ** 2) ??
      cell(`${way}sec/s`, SECTOR_BYTES) ??
      cell(`${way}Blk/s`, SECTOR_BYTES) ??
      0);
  const [reads, writes] = [(cell('r/s') ?? 0) * seconds, (cell('w/s') ?? 0) * seconds];
  const both = cell('await') ?? 0;
  const readMs = reads * (cell('r_await') ?? both);
  const writeMs = writes * (cell('w_await') ?? both);
  const queue = cell('aqu-sz') ?? cell('avgqu-sz');
  // Little's law: what is under way on average is what comes in a second times how long it stays.
  const weightedMs = queue === undefined ? readMs + writeMs : queue * 1000 * seconds;
  const busyPercent = Math.min(100, cell('%util') ?? 0);
  const activity: Draft<DiskActivity> = {
    device,
    elapsedMs: seconds * 1000,
    reads,
    readBytes: moved('r'),
    readMs,
    writes,
    writeBytes: moved('w'),
    writeMs,
    ioMs: busyPercent * 10 * seconds,
    weightedMs,
    inFlight: inFlight(
      reads + writes + (cell('d/s') ?? 0) + (cell('f/s') ?? 0),
      busyPercent,
      weightedMs / 1000 / seconds,
    ),
  };
  const [discards, flushes] = [cell('d/s'), cell('f/s')];
  if (discards !== undefined) {
    activity.discards = discards * seconds;
    activity.discardBytes = moved('d');
    activity.discardMs = discards * seconds * (cell('d_await') ?? 0);
  }
  if (flushes !== undefined) {
    activity.flushes = flushes * seconds;
    activity.flushMs = flushes * seconds * (cell('f_await') ?? 0);
  }
  return activity;
}

const BUSY_PERCENT = 90;

/** A device that is busy while nothing completes has a request that is stuck, whether or not it is counted into the queue yet. */
const inFlight = (completed: number, busyPercent: number, queue: number): number =>
  Math.max(Math.round(queue), completed === 0 && busyPercent >= BUSY_PERCENT ? 1 : 0);
