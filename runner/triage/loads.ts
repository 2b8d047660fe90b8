/**
 * What every process, or family of short-lived ones, puts on which device: placed there by what was seen, or allotted for want of
 * that. Reads are counted as they are submitted, buffered writes as pages become dirty. Kernel threads carry I/O for others and have
 * no load of their own. (Documentation/filesystems/proc.rst 3.3)
 */
import type { DeviceTree } from './device-tree.ts';
import { type Account, accountsOf, type Family } from './families.ts';
import {
  type Direction,
  fileCalls,
  NO_DEVICE,
  type PlacedFile,
  type Placement,
  placeFiles,
  placementOf,
  UNKNOWN_DEVICE,
  useOf,
} from './placement.ts';
import type { DiskActivity, HostSamples, IoDelta, OpenFile, ProcessActivity, Suspect } from './samples.ts';

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

interface Draft {
  readonly load: Omit<ProcessLoad, Direction>;
  readonly placement: Record<Direction, Placement>;
  readonly spread: Record<Direction, DraftSpread>;
}

interface DraftSpread extends Spread {
  readonly placed: Map<string, number>;
  readonly allotted: Map<string, number>;
  readonly wanted: Map<string, number>;
}

/** A process that was looked at closely, and where its files are. */
interface Look {
  readonly suspect: Suspect;
  readonly files: readonly PlacedFile[];
}

/** A line in a log does not make a process one that did what it is charged. */
const AT_WORK_PART = 0.1;

const chargedBytes = (io: IoDelta): Record<Direction, number> => ({
  read: io.readBytes,
  write: Math.max(0, io.writtenBytes - io.cancelledBytes),
});

export const DIRECTIONS = ['read', 'write'] as const;

/** Loads of all processes on all devices; `activities` are those of whole devices. */
export function processLoads(
  samples: HostSamples,
  tree: DeviceTree,
  activities: readonly DiskActivity[],
): ProcessLoad[] {
  const own = { read: ownTraffic(activities, tree, 'read'), write: ownTraffic(activities, tree, 'write') };
  const seconds = Math.max(samples.processWindowMs, 1) / 1000;
  const trafficBytes = DIRECTIONS.reduce((sum, direction) => sum + sumOf(own[direction]) * seconds, 0);
  const looks = samples.suspects.map((suspect): Look => ({ suspect, files: placeFiles(suspect, tree) }));
  const lookAt = ({ pid, startTicks }: ProcessActivity): Look | undefined =>
    looks.find(({ suspect }) => isSame(suspect, pid, startTicks));
  const seenAtWork = (process: ProcessActivity): boolean => {
    const look = lookAt(process);
    if (!look || !process.io) return false;
    const { suspect, files } = look;
    const bytes = chargedBytes(process.io);
    return DIRECTIONS.some(
      (direction) =>
        bytes[direction] > 0 && placementOf(suspect, files, direction, bytes[direction]).seenPart >= AT_WORK_PART,
    );
  };
  const looksIdle = (process: ProcessActivity): boolean => {
    const look = lookAt(process);
    return look !== undefined && isIdle(process, look);
  };
  const drafts = accountsOf(samples, seenAtWork, looksIdle, trafficBytes).flatMap((account) =>
    draftOf(account, account.family ? lookAmong(account.family.pids, looks) : lookAt(account.process), seconds),
  );
  for (const direction of DIRECTIONS) {
    for (const { placement, spread } of drafts) {
      const { seenPart, weights } = placement[direction];
      const seen = seenPart * spread[direction].bytesPerSecond;
      for (const [device, weight] of weights) if (seen > 0) spread[direction].placed.set(device, weight * seen);
    }
    allot(drafts, direction, own[direction]);
  }
  return drafts.map(({ load, spread }) => ({ ...load, ...spread }));
}

/** Fewer looks than this may all have missed it. */
const ENOUGH_LOOKS = 4;

/** On a saturated disk whoever loads it is sooner or later met blocked, or in a call on a file. */
function isIdle(process: ProcessActivity, { suspect, files }: Look): boolean {
  // A ring of io_uring is no file, but what waits in it may be for one.
  const works = fileCalls(suspect, files).length > 0 || suspect.calls.some(({ value }) => value.kind === 'io-submit');
  return suspect.samples >= ENOUGH_LOOKS && process.blockedSamples === 0 && suspect.blockedThreads === 0 && !works;
}

const isUsed = (file: OpenFile, suspect: Suspect): boolean =>
  useOf(file, suspect, 'read') + useOf(file, suspect, 'write') > 0;

function draftOf({ process, family, count }: Account, look: Look | undefined, seconds: number): Draft[] {
  const { io } = process;
  if (!io) return [];
  const { suspect, files } = look ?? { files: [] };
  const bytes = chargedBytes(io);
  const place = (direction: Direction): Placement =>
    suspect ? placementOf(suspect, files, direction, bytes[direction]) : UNKNOWN;
  const empty = (direction: Direction): DraftSpread => ({
    bytesPerSecond: bytes[direction] / seconds,
    placed: new Map(),
    allotted: new Map(),
    wanted: new Map(),
  });
  return [
    {
      load: {
        process,
        ...(suspect && { suspect }),
        ...(family && { family }),
        files,
        directWrites: suspect !== undefined && writesDirectly(suspect, files),
        count,
      },
      placement: { read: place('read'), write: place('write') },
      spread: { read: empty('read'), write: empty('write') },
    },
  ];
}

const UNKNOWN: Placement = { seenPart: 0, weights: new Map(), devices: [] };

/** A member of a family that was looked at closely shows what the others do: the one with files on a disk first. */
function lookAmong(pids: readonly number[], looks: readonly Look[]): Look | undefined {
  const members = looks.filter(({ suspect }) => pids.includes(suspect.pid));
  return members.find(({ suspect, files }) => files.some(({ file }) => isUsed(file, suspect))) ?? members[0];
}

/** Another process may have got the number meanwhile: pid and start name a process. */
export function suspectOf({ pid, startTicks }: ProcessActivity, suspects: readonly Suspect[]): Suspect | undefined {
  return suspects.find((suspect) => isSame(suspect, pid, startTicks));
}

const isSame = (suspect: Suspect, pid: number, startTicks: number | undefined): boolean =>
  suspect.pid === pid && (startTicks ?? suspect.startTicks) === suspect.startTicks;

function writesDirectly(suspect: Suspect, files: readonly PlacedFile[]): boolean {
  const writable = files.filter(({ file }) => file.mode?.writes);
  const used = writable.filter(({ file }) => useOf(file, suspect, 'write') > 0);
  const relevant = used.length > 0 ? used : writable;
  return relevant.length > 0 && relevant.every(({ file }) => file.mode?.direct);
}

/** What a device does for itself: its traffic without that of the layers which stand on it. Bytes a second. */
function ownTraffic(activities: readonly DiskActivity[], tree: DeviceTree, direction: Direction): Map<string, number> {
  const total = new Map(
    activities.map((a) => [a.device, (direction === 'read' ? a.readBytes : a.writeBytes) / (a.elapsedMs / 1000)]),
  );
  const own = new Map(total);
  for (const [device, bytes] of total) {
    const lower = tree.below(device);
    // Only the layer right below carries it once; further down it is already inside that layer's own figure.
    const direct = lower.filter((name) => !lower.some((other) => other !== name && tree.below(other).includes(name)));
    for (const name of direct) own.set(name, Math.max(0, (own.get(name) ?? 0) - bytes / direct.length));
  }
  return own;
}

/**
 * Load without a known place goes to the devices in proportion to the traffic that no placed load explains, and never beyond it:
 * what was seen comes first.
 */
function allot(drafts: readonly Draft[], direction: Direction, own: ByDevice): void {
  const residual = new Map(own);
  for (const { spread } of drafts) {
    for (const [device, bytes] of spread[direction].placed)
      residual.set(device, Math.max(0, (residual.get(device) ?? 0) - bytes));
  }
  const wanted = new Map<string, number>();
  for (const { placement, spread } of drafts) {
    const { seenPart, devices } = placement[direction];
    const bytes = (1 - seenPart) * spread[direction].bytesPerSecond;
    // It may all have gone to a server or to a disk that is not known: better unexplained than laid at a known disk's door.
    if (bytes === 0 || devices.includes(NO_DEVICE) || devices.includes(UNKNOWN_DEVICE)) continue;
    const candidates = devices.length > 0 ? devices : [...residual.keys()];
    const sum = candidates.reduce((total, device) => total + (residual.get(device) ?? 0), 0);
    if (sum === 0) continue;
    for (const device of candidates) {
      const part = (bytes * (residual.get(device) ?? 0)) / sum;
      if (part === 0) continue;
      spread[direction].wanted.set(device, part);
      wanted.set(device, (wanted.get(device) ?? 0) + part);
    }
  }
  for (const { spread } of drafts) {
    for (const [device, part] of spread[direction].wanted) {
      const scale = Math.min(1, (residual.get(device) ?? 0) / (wanted.get(device) as number));
      spread[direction].allotted.set(device, part * scale);
    }
  }
}

const sumOf = (map: ByDevice): number => [...map.values()].reduce((sum, bytes) => sum + bytes, 0);
