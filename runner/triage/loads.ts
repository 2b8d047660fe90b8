/**
 * What every process, or family of short-lived ones, puts on which device: placed there by what was seen, or allotted for want of
 * that. Reads are counted as they are submitted, buffered writes as pages become dirty. Kernel threads carry I/O for others and have
 * no load of their own. (Documentation/filesystems/proc.rst 3.3)
 */
import type { Draft } from '../proc/draft.ts';
import type { DeviceTree } from './device-tree.ts';
import { type Account, accountsOf, type Family } from './families.ts';
import { isIdle, type Look, looksOf, writesDirectly } from './looks.ts';
import {
  type Direction,
  NO_DEVICE,
  type PlacedFile,
  type Placement,
  placementOf,
  UNKNOWN_DEVICE,
} from './placement.ts';
import type { DiskActivity, HostSamples, IoDelta, ProcessActivity, Suspect } from './samples.ts';

/** Bytes a second by whole device. */
export type ByDevice = ReadonlyMap<string, number>;

/** Where a load goes: `placed` by what was seen, `allotted` for want of that and never beyond what nobody else explains. */
export interface Spread {
  readonly bytesPerSecond: number;
  readonly placed: ByDevice;
  readonly allotted: ByDevice;
  /** What would be allotted if there were no bound: it tells how sure the allotment is of its device. */
  readonly wanted: ByDevice;
}

const NOWHERE: ByDevice = new Map();

/** One process's load, or that of a family of short-lived ones, on every device. */
export interface ProcessLoad {
  readonly process: ProcessActivity;
  readonly suspect?: Suspect;
  readonly files: readonly PlacedFile[];
  readonly directWrites: boolean;
  readonly read: Spread;
  readonly write: Spread;
  /** Children that came and went, summed up in this row. */
  readonly family?: Family;
  /** How many processes the row sums up. */
  readonly count: number;
}

/** What somebody moves in one direction, while it is found out where that goes. */
interface Flow {
  readonly placement: Placement;
  readonly spread: Draft<Spread>;
  readonly waits: Waits;
}

/** Whether somebody was seen blocked again and again, never, or so seldom that it says nothing. */
type Waits = 'often' | 'never' | 'unclear';

const OFTEN = 3;

function waitsOf({ process, family }: Account): Waits {
  const samples = family ? family.blockedSamples : process.blockedSamples;
  return samples >= OFTEN ? 'often' : samples === 0 && family ? 'never' : 'unclear';
}

/** A line in a log does not make a process one that did what it is charged. */
const AT_WORK_PART = 0.1;

const chargedBytes = (io: IoDelta): Record<Direction, number> => ({
  read: io.readBytes,
  write: Math.max(0, io.writtenBytes - io.cancelledBytes),
});

const DIRECTIONS = ['read', 'write'] as const;

/**
 * Loads of all processes on all devices; `activities` are those of whole devices, `saturated` the names of those that keep whoever uses
 * them waiting.
 */
export function processLoads(
  samples: HostSamples,
  tree: DeviceTree,
  activities: readonly DiskActivity[],
  saturated: readonly string[] = [],
): ProcessLoad[] {
  const own = ownTraffic(activities, tree);
  const seconds = Math.max(samples.processWindowMs, 1) / 1000;
  const trafficBytes = DIRECTIONS.reduce((sum, direction) => sum + sumOf(own[direction]) * seconds, 0);
  const looks = looksOf(samples.suspects, tree);
  const seenAtWork = (process: ProcessActivity): boolean => {
    const look = looks.at(process);
    if (!look || !process.io) return false;
    const { suspect, files } = look;
    const bytes = chargedBytes(process.io);
    return DIRECTIONS.some(
      (direction) =>
        bytes[direction] > 0 && placementOf(suspect, files, direction, bytes[direction]).seenPart >= AT_WORK_PART,
    );
  };
  const looksIdle = (process: ProcessActivity): boolean => {
    const look = looks.at(process);
    return look !== undefined && isIdle(process, look);
  };
  const loads: ProcessLoad[] = [];
  const flows: Record<Direction, Flow[]> = { read: [], write: [] };
  for (const account of accountsOf(samples, seenAtWork, looksIdle, trafficBytes)) {
    const { io } = account.process;
    if (!io) continue;
    const look = account.family ? looks.among(account.family.pids) : looks.at(account.process);
    const bytes = chargedBytes(io);
    const spreadIn = (direction: Direction): Spread => {
      const flow = flowOf(bytes[direction], direction, look, seconds, waitsOf(account));
      if (bytes[direction] > 0) flows[direction].push(flow);
      return flow.spread;
    };
    loads.push(loadOf(account, look, { read: spreadIn('read'), write: spreadIn('write') }));
  }
  for (const direction of DIRECTIONS) {
    for (const flow of flows[direction]) place(flow);
    allot(flows[direction], own[direction], saturated);
  }
  return loads;
}

function flowOf(bytes: number, direction: Direction, look: Look | undefined, seconds: number, waits: Waits): Flow {
  return {
    placement: look && bytes > 0 ? placementOf(look.suspect, look.files, direction, bytes) : UNKNOWN,
    spread: { bytesPerSecond: bytes / seconds, placed: NOWHERE, allotted: NOWHERE, wanted: NOWHERE },
    waits,
  };
}

const UNKNOWN: Placement = { seenPart: 0, weights: new Map(), devices: [] };

function loadOf(
  { process, family, count }: Account,
  look: Look | undefined,
  { read, write }: Record<Direction, Spread>,
): ProcessLoad {
  const files = look?.files ?? [];
  const directWrites = look !== undefined && writesDirectly(look);
  const load: Draft<ProcessLoad> = { process, files, directWrites, read, write, count };
  if (look) load.suspect = look.suspect;
  if (family) load.family = family;
  return load;
}

function place({ placement: { seenPart, weights }, spread }: Flow): void {
  const seen = seenPart * spread.bytesPerSecond;
  if (seen > 0) spread.placed = new Map(Array.from(weights, ([device, weight]) => [device, weight * seen]));
}

/** What a device does for itself: its traffic without that of the layers which stand on it. Bytes a second. */
function ownTraffic(
  activities: readonly DiskActivity[],
  tree: DeviceTree,
): Readonly<Record<Direction, ReadonlyMap<string, number>>> {
  const own = { read: new Map<string, number>(), write: new Map<string, number>() };
  for (const { device, readBytes, writeBytes, elapsedMs } of activities) {
    own.read.set(device, readBytes / (elapsedMs / 1000));
    own.write.set(device, writeBytes / (elapsedMs / 1000));
  }
  for (const { device, readBytes, writeBytes, elapsedMs } of activities) {
    const lower = tree.below(device);
    // Only the layer right below carries it once; further down it is already inside that layer's own figure.
    const direct = lower.filter((name) => !lower.some((other) => other !== name && tree.below(other).includes(name)));
    for (const name of direct) {
      take(own.read, name, readBytes / (elapsedMs / 1000) / direct.length);
      take(own.write, name, writeBytes / (elapsedMs / 1000) / direct.length);
    }
  }
  return own;
}

function take(traffic: Map<string, number>, device: string, bytesPerSecond: number): void {
  traffic.set(device, Math.max(0, (traffic.get(device) ?? 0) - bytesPerSecond));
}

/**
 * Load without a known place goes to the devices in proportion to the traffic that no placed load explains, and never beyond it:
 * what was seen comes first.
 */
function allot(flows: readonly Flow[], own: ByDevice, saturated: readonly string[]): void {
  const residual = new Map(own);
  for (const { spread } of flows) {
    for (const [device, bytes] of spread.placed) take(residual, device, bytes);
  }
  const anywhere = [...residual.keys()];
  // Whoever uses a saturated disk is kept waiting: who was seen to wait uses the only one, who never was uses another.
  const others = anywhere.filter((device) => !saturated.includes(device) && (residual.get(device) ?? 0) > 0);
  const anyOf: Record<Waits, readonly string[]> = {
    often: saturated.length === 1 ? saturated : anywhere,
    never: others.length > 0 ? others : anywhere,
    unclear: anywhere,
  };
  const wanted = new Map<string, number>();
  for (const { placement, spread, waits } of flows) {
    const { seenPart, devices } = placement;
    const bytes = (1 - seenPart) * spread.bytesPerSecond;
    // It may all have gone to a server or to a disk that is not known: better unexplained than laid at a known disk's door.
    if (bytes === 0 || devices.includes(NO_DEVICE) || devices.includes(UNKNOWN_DEVICE)) continue;
    spread.wanted = partsOf(bytes, devices.length > 0 ? devices : anyOf[waits], residual);
    for (const [device, part] of spread.wanted) wanted.set(device, (wanted.get(device) ?? 0) + part);
  }
  for (const { spread } of flows) {
    if (spread.wanted.size === 0) continue;
    const allotted = new Map<string, number>();
    for (const [device, part] of spread.wanted) {
      const scale = Math.min(1, (residual.get(device) ?? 0) / (wanted.get(device) as number));
      allotted.set(device, part * scale);
    }
    spread.allotted = allotted;
  }
}

/** `bytes` in proportion to what is left on each of the devices; those that get nothing are left out. */
function partsOf(bytes: number, devices: readonly string[], residual: ByDevice): ByDevice {
  const sum = devices.reduce((total, device) => total + (residual.get(device) ?? 0), 0);
  if (sum === 0) return NOWHERE;
  const parts = new Map<string, number>();
  for (const device of devices) {
    const part = (bytes * (residual.get(device) ?? 0)) / sum;
    if (part !== 0) parts.set(device, part);
  }
  return parts;
}

const sumOf = (map: ByDevice): number => [...map.values()].reduce((sum, bytes) => sum + bytes, 0);
