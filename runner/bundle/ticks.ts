/** The `ticks` frames: what each whole device did from one tick to the next. The format is the bundle's own. */

import { SECTOR_BYTES } from '../triage/disk-activity.ts';
import type { DiskTick } from '../triage/samples.ts';

/** What a device did since the tick before. */
interface Counters {
  readonly reads: number;
  readonly readSectors: number;
  readonly readMs: number;
  readonly writes: number;
  readonly writeSectors: number;
  readonly writeMs: number;
  readonly inFlight: number;
  readonly ioMs: number;
  readonly weightedMs: number;
}

const IDLE: Counters = {
  reads: 0,
  readSectors: 0,
  readMs: 0,
  writes: 0,
  writeSectors: 0,
  writeMs: 0,
  inFlight: 0,
  ioMs: 0,
  weightedMs: 0,
};

/** A tick as it came: `uptimeMs`, and the devices that changed or have requests in flight; `undefined` where a counter went back. */
interface Tick {
  readonly uptimeMs: number;
  readonly devices: ReadonlyMap<string, Counters | undefined>;
}

/** More than a minute at ten a second is not ours. */
const MAX_TICKS = 1000;
/** Every device gets a point for every tick: unbounded, a megabyte of short names would become gigabytes of points. */
const MAX_DEVICES = 256;

/**
 * `startUptimeMs` is the opening of the window. A device that a tick does not list did nothing and has nothing in flight, which is
 * a point of its timeline too. A tick that goes back in time, or a difference below zero, is left out and counted.
 */
export function parseTicks(text: string, startUptimeMs: number): { ticks: Map<string, DiskTick[]>; malformed: number } {
  const { list, malformed: badLines } = readTicks(text);
  const names = new Set<string>();
  for (const { devices } of list) for (const device of devices.keys()) names.add(device);
  const ticks = new Map<string, DiskTick[]>();
  let malformed = badLines + backwards(list, startUptimeMs) + Math.max(0, names.size - MAX_DEVICES);
  for (const device of names) {
    if (ticks.size >= MAX_DEVICES) break;
    const points: DiskTick[] = [];
    let previousMs = startUptimeMs;
    for (const { uptimeMs, devices } of list) {
      const elapsedMs = uptimeMs - previousMs;
      if (elapsedMs <= 0) continue;
      previousMs = uptimeMs;
      const counters = devices.has(device) ? devices.get(device) : IDLE;
      if (counters) points.push(pointOf(device, uptimeMs - startUptimeMs, elapsedMs, counters));
      else malformed++;
    }
    ticks.set(device, points);
  }
  return { ticks, malformed };
}

const pointOf = (device: string, atMs: number, elapsedMs: number, counters: Counters): DiskTick => ({
  device,
  atMs,
  elapsedMs,
  reads: counters.reads,
  readBytes: counters.readSectors * SECTOR_BYTES,
  readMs: counters.readMs,
  writes: counters.writes,
  writeBytes: counters.writeSectors * SECTOR_BYTES,
  writeMs: counters.writeMs,
  inFlight: counters.inFlight,
  ioMs: counters.ioMs,
  weightedMs: counters.weightedMs,
});

function backwards(list: readonly Tick[], startUptimeMs: number): number {
  let latestMs = startUptimeMs;
  let count = 0;
  for (const { uptimeMs } of list) {
    if (uptimeMs < latestMs) count++;
    latestMs = Math.max(latestMs, uptimeMs);
  }
  return count;
}

const TIME = /^T (\d{1,10})\.(\d{2})$/;
const DEVICE = /^\S{1,64}(?: -?\d{1,15}){9}$/;
const BELOW_ZERO = / -0*[1-9]/;

function readTicks(text: string): { list: Tick[]; malformed: number } {
  const list: Tick[] = [];
  let devices: Map<string, Counters | undefined> | undefined;
  let malformed = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const time = line.startsWith('T ') ? TIME.exec(line) : null;
    if (time && list.length < MAX_TICKS) {
      devices = new Map();
      list.push({ uptimeMs: Number(time[1]) * 1000 + Number(time[2]) * 10, devices });
    } else if (devices && DEVICE.test(line)) {
      const fields = line.split(' ');
      devices.set(fields[0] as string, BELOW_ZERO.test(line) ? undefined : countersOf(fields));
    } else malformed++;
  }
  return { list, malformed };
}

/** `fields`: the device and nine numbers. */
const countersOf = (fields: readonly string[]): Counters => ({
  reads: Number(fields[1]),
  readSectors: Number(fields[2]),
  readMs: Number(fields[3]),
  writes: Number(fields[4]),
  writeSectors: Number(fields[5]),
  writeMs: Number(fields[6]),
  inFlight: Number(fields[7]),
  ioMs: Number(fields[8]),
  weightedMs: Number(fields[9]),
});
