/** What iostat says, as triage takes it: a device's reports as points of its timeline, and their sum as its window. */
import type { BlockDevice } from '../proc/sys-block.ts';
import { sumOfTicks } from '../triage/disk-activity.ts';
import type { DiskActivity, DiskTick } from '../triage/samples.ts';
import { diskOfPartition, isDisk, numberOfDisk } from './device-names.ts';
import type { Iostat } from './iostat.ts';
import { type Layers, layersOf } from './layers.ts';

export interface CapturedDisks {
  readonly activities: readonly DiskActivity[];
  /** Where there are several reports. */
  readonly ticks: ReadonlyMap<string, readonly DiskTick[]>;
  readonly blockDevices: readonly BlockDevice[];
  readonly layers: Layers;
  /** Whole devices. */
  readonly listed: readonly string[];
  /** The only disk, where iostat was not asked for some of them. */
  readonly onlyDisk?: string;
  readonly windowMs: number;
}

/** More than any host has. Layers are compared with each of them. */
const MAX_DEVICES = 1024;

export function disksOf(iostat: readonly Iostat[]): CapturedDisks {
  const ticks = new Map<string, DiskTick[]>();
  let windowMs = 0;
  for (const report of iostat.flatMap(({ reports }) => reports)) {
    windowMs += report.disks[0]?.elapsedMs ?? 0;
    for (const disk of report.disks) {
      const tick = { ...disk, atMs: windowMs, inFlight: disk.inFlight ?? 0 };
      const earlier = ticks.get(disk.device);
      if (earlier) earlier.push(tick);
      else if (ticks.size < MAX_DEVICES) ticks.set(disk.device, [tick]);
    }
  }
  const activities = [...ticks.values()].map(summed).filter((activity) => activity !== undefined);
  const names = new Set(ticks.keys());
  const whole = activities.filter(({ device }) => diskOfPartition(device, names) === undefined);
  const isPicked = iostat.some((part) => part.isPicked);
  const layers = layersOf(whole, isPicked);
  const real = whole.filter(({ device }) => isDisk(device));
  const [only] = real;
  return {
    activities,
    ticks: new Map([...ticks].filter(([, points]) => points.length > 1)),
    blockDevices: whole.map(({ device }) => blockDevice(device, layers)),
    layers,
    listed: whole.map(({ device }) => device),
    ...(only && real.length === 1 && !isPicked && { onlyDisk: only.device }),
    windowMs,
  };
}

/** With what the sum of ticks leaves out since the bundle's ticks do not have it. */
function summed(ticks: readonly DiskTick[]): DiskActivity | undefined {
  const activity = sumOfTicks(ticks);
  if (!activity) return undefined;
  const sum = (field: 'discards' | 'discardBytes' | 'discardMs' | 'flushes' | 'flushMs') => {
    const values = ticks.map((tick) => tick[field]).filter((value) => value !== undefined);
    return values.length === 0 ? {} : { [field]: values.reduce((total, value) => total + value, 0) };
  };
  return {
    ...activity,
    ...sum('discards'),
    ...sum('discardBytes'),
    ...sum('discardMs'),
    ...sum('flushes'),
    ...sum('flushMs'),
  };
}

function blockDevice(name: string, { below }: Layers): BlockDevice {
  const number = numberOfDisk(name);
  const lower = below.get(name);
  return {
    name,
    slaves: lower === undefined ? [] : [lower],
    partitions: partitionsOf(name, number),
    ...(number !== undefined && { number }),
  };
}

/** Documentation/admin-guide/devices.txt: fifteen partitions follow a SCSI disk. kworkers name whom they write for by such numbers. */
function partitionsOf(name: string, number: string | undefined): Map<string, string> {
  const [major, minor] = (number ?? '').split(':');
  if (!name.startsWith('sd') || major === undefined || minor === undefined) return new Map();
  return new Map(Array.from({ length: 15 }, (_, i) => [`${name}${i + 1}`, `${major}:${Number(minor) + i + 1}`]));
}
