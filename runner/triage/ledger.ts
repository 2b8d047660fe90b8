/**
 * The ledger: for each device, its own bytes against the sum of what is attributed to processes.
 *
 * Reads and direct writes reach the disk while they are counted. Buffered writes are counted when a page becomes dirty, so they
 * share what the disk wrote beyond the direct writes, in proportion. What nobody accounts for is published as unexplained.
 * Kernel threads carry I/O for others and have no row. (Documentation/filesystems/proc.rst 3.3; mm/page-writeback.c)
 */
import type { DeviceTree } from './device-tree.ts';
import { type Account, accountsOf, type Family } from './families.ts';
import {
  type Direction,
  NO_DEVICE,
  type PlacedFile,
  type Placement,
  placeFiles,
  placementOf,
  useOf,
} from './placement.ts';
import type { DiskActivity, HostSamples, OpenFile, ProcessActivity, Suspect } from './samples.ts';

/** One process's load, in bytes a second, on every device: what was placed there by evidence, or allotted for want of it. */
export interface ProcessLoad {
  readonly process: ProcessActivity;
  readonly suspect?: Suspect;
  readonly files: readonly PlacedFile[];
  readonly readsBy: Placement['how'];
  readonly writesBy: Placement['how'];
  readonly directWrites: boolean;
  readonly reads: ReadonlyMap<string, number>;
  readonly writes: ReadonlyMap<string, number>;
  /** Children that came and went, summed up in this row. */
  readonly family?: Family;
  /** How many processes the row sums up. */
  readonly count: number;
}

export interface LedgerRow {
  readonly load: ProcessLoad;
  readonly readBytesPerSecond: number;
  readonly writeBytesPerSecond: number;
  /** 0..1 of the disk's bytes. */
  readonly share: number;
  /** The device was named by an open file, not allotted. */
  readonly isPlaced: boolean;
  /** How much of all its load goes to this disk: 1 where it can be nowhere else. */
  readonly ownPart: number;
}

export interface Ledger {
  /** Largest share first. */
  readonly rows: readonly LedgerRow[];
  readonly unexplainedShare: number;
}

interface Draft {
  readonly load: Omit<ProcessLoad, 'reads' | 'writes'>;
  readonly placement: Record<Direction, Placement>;
  readonly bytesPerSecond: Record<Direction, number>;
  readonly placed: Record<Direction, Map<string, number>>;
}

/** Loads of all processes on all devices; `activities` are those of whole devices. */
export function processLoads(
  samples: HostSamples,
  tree: DeviceTree,
  activities: readonly DiskActivity[],
): ProcessLoad[] {
  const drafts = draftsOf(samples, tree);
  for (const direction of ['read', 'write'] as const) {
    for (const draft of drafts) {
      const placement = draft.placement[direction];
      if (placement.how !== 'files') continue;
      for (const [device, weight] of placement.weights)
        draft.placed[direction].set(device, weight * draft.bytesPerSecond[direction]);
    }
    allot(drafts, direction, ownTraffic(activities, tree, direction));
  }
  return drafts.map((draft) => ({ ...draft.load, reads: draft.placed.read, writes: draft.placed.write }));
}

function draftsOf(samples: HostSamples, tree: DeviceTree): Draft[] {
  const seconds = Math.max(samples.processWindowMs, 1) / 1000;
  const worksItself = (process: ProcessActivity): boolean => {
    const suspect = suspectOf(process, samples.suspects);
    return suspect !== undefined && placeFiles(suspect, tree).some(({ file }) => isUsed(file, suspect));
  };
  return accountsOf(samples, worksItself).flatMap((account) => draftOf(account, samples, tree, seconds));
}

const isUsed = (file: OpenFile, suspect: Suspect): boolean =>
  useOf(file, suspect, 'read') + useOf(file, suspect, 'write') > 0;

function draftOf(account: Account, samples: HostSamples, tree: DeviceTree, seconds: number): Draft[] {
  const { process, family, count } = account;
  if (!process.io) return [];
  const suspect = family ? suspectAmong(family.pids, samples, tree) : suspectOf(process, samples.suspects);
  const files = suspect ? placeFiles(suspect, tree) : [];
  const placement = {
    read: suspect ? placementOf(suspect, files, 'read') : UNKNOWN,
    write: suspect ? placementOf(suspect, files, 'write') : UNKNOWN,
  };
  return [
    {
      load: {
        process,
        ...(suspect && { suspect }),
        ...(family && { family }),
        files,
        readsBy: placement.read.how,
        writesBy: placement.write.how,
        directWrites: suspect !== undefined && writesDirectly(suspect, files),
        count,
      },
      placement,
      bytesPerSecond: {
        read: process.io.readBytes / seconds,
        write: Math.max(0, process.io.writtenBytes - process.io.cancelledBytes) / seconds,
      },
      placed: { read: new Map(), write: new Map() },
    },
  ];
}

const UNKNOWN: Placement = { how: 'unknown' };

/** A member of a family that was looked at closely shows what the others do: the one with files on a disk first. */
function suspectAmong(pids: readonly number[], samples: HostSamples, tree: DeviceTree): Suspect | undefined {
  const members = samples.suspects.filter(({ pid }) => pids.includes(pid));
  return members.find((member) => placeFiles(member, tree).some(({ device }) => device !== undefined)) ?? members[0];
}

/** Another process may have got the number meanwhile: pid and start name a process. */
export function suspectOf(process: ProcessActivity, suspects: readonly Suspect[]): Suspect | undefined {
  return suspects.find(
    ({ pid, startTicks }) => pid === process.pid && (process.startTicks ?? startTicks) === startTicks,
  );
}

function writesDirectly(suspect: Suspect, files: readonly PlacedFile[]): boolean {
  const writable = files.filter(({ file, device }) => device !== undefined && file.mode?.writes);
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

/** Load without a known place goes to the devices in proportion to the traffic that no placed load explains. */
function allot(drafts: readonly Draft[], direction: Direction, own: ReadonlyMap<string, number>): void {
  const residual = new Map(own);
  for (const draft of drafts) {
    for (const [device, bytes] of draft.placed[direction])
      residual.set(device, Math.max(0, (residual.get(device) ?? 0) - bytes));
  }
  for (const draft of drafts) {
    const placement = draft.placement[direction];
    const bytes = draft.bytesPerSecond[direction];
    if (placement.how === 'files' || bytes === 0) continue;
    // It may all have gone to a server: better unexplained than laid at a local disk's door.
    if (placement.how === 'among' && placement.devices.includes(NO_DEVICE)) continue;
    const devices = placement.how === 'among' ? placement.devices : [...residual.keys()];
    const sum = devices.reduce((total, device) => total + (residual.get(device) ?? 0), 0);
    if (sum === 0) continue;
    for (const device of devices) {
      const part = (bytes * (residual.get(device) ?? 0)) / sum;
      if (part > 0) draft.placed[direction].set(device, part);
    }
  }
}

const sumOf = (map: ReadonlyMap<string, number>): number => [...map.values()].reduce((sum, bytes) => sum + bytes, 0);

/** The account of one device: loads on it and on whatever stands on it, against its own counters. */
export function ledgerOf(activity: DiskActivity, loads: readonly ProcessLoad[], tree: DeviceTree): Ledger {
  const devices = [activity.device, ...tree.above(activity.device)];
  const seconds = activity.elapsedMs / 1000;
  const diskReads = activity.readBytes / seconds;
  const diskWrites = activity.writeBytes / seconds;
  const on = (map: ReadonlyMap<string, number>): number =>
    devices.reduce((sum, device) => sum + (map.get(device) ?? 0), 0);
  const entries = loads
    .map((load) => ({ load, reads: on(load.reads), writes: on(load.writes) }))
    .filter(({ reads, writes }) => reads + writes > 0);

  const allReads = entries.reduce((sum, { reads }) => sum + reads, 0);
  const direct = entries.reduce((sum, { load, writes }) => sum + (load.directWrites ? writes : 0), 0);
  const buffered = entries.reduce((sum, { load, writes }) => sum + (load.directWrites ? 0 : writes), 0);
  const readScale = allReads > diskReads ? diskReads / allReads : 1;
  const directScale = direct > diskWrites ? diskWrites / direct : 1;
  const leftForBuffered = Math.max(0, diskWrites - direct);
  const bufferedScale = buffered > leftForBuffered ? leftForBuffered / buffered : 1;
  const diskBytes = diskReads + diskWrites;

  const rows = entries
    .map(({ load, reads, writes }): LedgerRow => {
      const carried = reads * readScale + writes * (load.directWrites ? directScale : bufferedScale);
      return {
        load,
        readBytesPerSecond: reads,
        writeBytesPerSecond: writes,
        share: diskBytes > 0 ? carried / diskBytes : 0,
        ownPart: (reads + writes) / Math.max(1, sumOf(load.reads) + sumOf(load.writes)),
        isPlaced: (reads >= writes ? load.readsBy : load.writesBy) === 'files',
      };
    })
    .sort((a, b) => b.share - a.share || a.load.process.pid - b.load.process.pid);
  const explained = rows.reduce((sum, { share }) => sum + share, 0);
  return { rows, unexplainedShare: Math.max(0, 1 - explained) };
}
