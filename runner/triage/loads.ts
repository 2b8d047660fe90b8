/**
 * What every process, or family of short-lived ones, puts on which device: placed there by what was seen, or allotted for want of
 * that. Reads are counted as they are submitted, buffered writes as pages become dirty. Kernel threads carry I/O for others and have
 * no load of their own. (Documentation/filesystems/proc.rst 3.3)
 */
import type { Draft } from '../proc/draft.ts';
import type { DeviceTree } from './device-tree.ts';
import { type Account, accountsOf, type Family } from './families.ts';
import { isIdle, type Look, looksOf, writesDirectly } from './looks.ts';
import { ownTraffic, take } from './own-traffic.ts';
import {
  type Counted,
  type Direction,
  NO_DEVICE,
  type PlacedFile,
  type Placement,
  placementOf,
  UNKNOWN_DEVICE,
} from './placement.ts';
import { remoteFunction } from './remote-wait.ts';
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
    const { io } = process;
    const bytes = chargedBytes(io);
    return DIRECTIONS.some(
      (direction) =>
        bytes[direction] > 0 &&
        placementOf(suspect, files, direction, bytes[direction], callsOf(io, direction)).seenPart >= AT_WORK_PART,
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
    const { family } = account;
    const look = family
      ? looks.among(samples.processes.filter(({ pid }) => family.pids.includes(pid)))
      : looks.at(account.process);
    const bytes = chargedBytes(io);
    const spreadIn = (direction: Direction): Spread => {
      const flow = flowOf(
        { bytes: bytes[direction], counted: callsOf(io, direction) },
        direction,
        look,
        seconds,
        waitsOf(account),
      );
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

/** What goes through a ring or a map is in no counter of these. */
const callsOf = (io: IoDelta, direction: Direction): Counted =>
  direction === 'read'
    ? { calls: io.readCalls, chars: io.readChars }
    : { calls: io.writeCalls, chars: io.writtenChars };

/** What somebody is charged in one direction of the window, and with how many calls. */
interface Charge {
  readonly bytes: number;
  readonly counted: Counted;
}

function flowOf(
  { bytes, counted }: Charge,
  direction: Direction,
  look: Look | undefined,
  seconds: number,
  waits: Waits,
): Flow {
  return {
    placement: look && bytes > 0 ? placementIn(look, direction, { bytes, counted }) : UNKNOWN,
    spread: { bytesPerSecond: bytes / seconds, placed: NOWHERE, allotted: NOWHERE, wanted: NOWHERE },
    waits,
  };
}

/** Bytes for a server are charged as those for a disk are: of whoever waits for one the rest may all be there. */
function placementIn({ suspect, files }: Look, direction: Direction, { bytes, counted }: Charge): Placement {
  const placement = placementOf(suspect, files, direction, bytes, counted);
  if (remoteFunction(suspect) === undefined) return placement;
  return { ...placement, devices: [...placement.devices, NO_DEVICE] };
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
  // Whoever uses a saturated disk is kept waiting: who was seen to wait uses one of those, who never was uses another.
  const others = anywhere.filter((device) => !saturated.includes(device) && (residual.get(device) ?? 0) > 0);
  const anyOf: Record<Waits, readonly string[]> = {
    often: saturated.length > 0 ? saturated : anywhere,
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
