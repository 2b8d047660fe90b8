/** The `ticks` frames: what each whole device did from one tick to the next. The format is the bundle's own. */

import { SECTOR_BYTES } from '../triage/disk-activity.ts';
import type { DiskTick } from '../triage/samples.ts';

/** A tick as it came: `uptimeMs`, and the devices that changed or have requests in flight. */
interface Tick {
  readonly uptimeMs: number;
  readonly devices: ReadonlyMap<string, readonly number[]>;
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
  const names = [...new Set(list.flatMap((tick) => [...tick.devices.keys()]))];
  const ticks = new Map<string, DiskTick[]>();
  let malformed = badLines + backwards(list, startUptimeMs) + Math.max(0, names.length - MAX_DEVICES);
  for (const device of names.slice(0, MAX_DEVICES)) {
    const points: DiskTick[] = [];
    let previousMs = startUptimeMs;
    for (const tick of list) {
      const elapsedMs = tick.uptimeMs - previousMs;
      if (elapsedMs <= 0) continue;
      previousMs = tick.uptimeMs;
      const values = tick.devices.get(device) ?? [0, 0, 0, 0, 0, 0, 0, 0, 0];
      if (values.some((value) => value < 0)) {
        malformed++;
        continue;
      }
      const [reads, readSectors, readMs, writes, writeSectors, writeMs, inFlight, ioMs, weightedMs] = values as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      points.push({
        device,
        atMs: tick.uptimeMs - startUptimeMs,
        elapsedMs,
        reads,
        readBytes: readSectors * SECTOR_BYTES,
        readMs,
        writes,
        writeBytes: writeSectors * SECTOR_BYTES,
        writeMs,
        inFlight,
        ioMs,
        weightedMs,
      });
    }
    ticks.set(device, points);
  }
  return { ticks, malformed };
}

function backwards(list: readonly Tick[], startUptimeMs: number): number {
  let latestMs = startUptimeMs;
  let count = 0;
  for (const { uptimeMs } of list) {
    if (uptimeMs < latestMs) count++;
    latestMs = Math.max(latestMs, uptimeMs);
  }
  return count;
}

function readTicks(text: string): { list: Tick[]; malformed: number } {
  const list: { uptimeMs: number; devices: Map<string, number[]> }[] = [];
  let malformed = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const time = /^T (\d{1,10})\.(\d{2})$/.exec(line);
    const device = /^(\S{1,64})((?: -?\d{1,15}){9})$/.exec(line);
    if (time && list.length < MAX_TICKS)
      list.push({ uptimeMs: Number(time[1]) * 1000 + Number(time[2]) * 10, devices: new Map() });
    else if (device && list.length > 0)
      list.at(-1)?.devices.set(device[1] as string, (device[2] as string).trim().split(' ').map(Number));
    else malformed++;
  }
  return { list, malformed };
}
