/**
 * The ledger: for each device, its own bytes against the sum of what is attributed to processes.
 *
 * Reads and direct writes reach the disk while they are counted. Buffered writes are counted when a page becomes dirty, so they
 * share what the disk wrote beyond the direct writes, in proportion. What nobody accounts for is published as unexplained.
 * Kernel threads carry I/O for others and have no row. (Documentation/filesystems/proc.rst 3.3; mm/page-writeback.c)
 */
import type { DeviceTree } from './device-tree.ts';
import type { Culprit } from './finding.ts';
import type { ByDevice, ProcessLoad } from './loads.ts';
import type { DiskActivity } from './samples.ts';

/** What a row is known by where bytes do not tell: flushes asked for, files renamed, memory swapped, blocks discarded. */
export interface Claim {
  readonly shareOf: Culprit['shareOf'];
  readonly activity: Culprit['activity'];
  readonly confidence: Culprit['confidence'];
  readonly evidence: readonly string[];
  /** What is missing where it is not sure. */
  readonly lacks: readonly string[];
  /** Of one that swaps: resident and swapped. */
  readonly memoryBytes?: number;
  /** A folder where no open file tells. */
  readonly folder?: string;
}

/** Several processes that are one culprit. */
export interface Group {
  readonly kind: 'container' | 'unit' | 'workers';
  readonly pids: readonly number[];
  readonly parent?: { readonly pid: number; readonly command: string };
}

export interface LedgerRow {
  readonly load: ProcessLoad;
  /** What of its load is on this disk. */
  readonly readBytesPerSecond: number;
  readonly writeBytesPerSecond: number;
  /** 0..1 of the disk's bytes. */
  readonly share: number;
  /** Most of it was seen to go to this disk, not allotted. */
  readonly isPlaced: boolean;
  /** How much of all its load goes to this disk: 1 where it can be nowhere else. */
  readonly ownPart: number;
  readonly claim?: Claim;
  readonly group?: Group;
  /** Its cgroup, of which nobody else is known, counted it: io.stat. */
  readonly countedBy?: string;
}

export interface Ledger {
  /** Largest share first. */
  readonly rows: readonly LedgerRow[];
  readonly unexplainedShare: number;
}

/** What of a load is on the disk, in bytes a second. */
interface Entry {
  readonly load: ProcessLoad;
  readonly reads: number;
  readonly writes: number;
  /** Those that were seen to go there. */
  readonly placedReads: number;
  readonly placedWrites: number;
}

/** The account of one device: loads on it and on whatever stands on it, against its own counters. */
export function ledgerOf(activity: DiskActivity, loads: readonly ProcessLoad[], tree: DeviceTree): Ledger {
  const devices = [activity.device, ...tree.above(activity.device)];
  const seconds = activity.elapsedMs / 1000;
  const diskReads = activity.readBytes / seconds;
  const diskWrites = activity.writeBytes / seconds;
  const on = (map: ByDevice): number => {
    let sum = 0;
    if (map.size > 0) for (const device of devices) sum += map.get(device) ?? 0;
    return sum;
  };
  const entries: Entry[] = [];
  let [allReads, direct, buffered] = [0, 0, 0];
  for (const load of loads) {
    const [placedReads, placedWrites] = [on(load.read.placed), on(load.write.placed)];
    const reads = placedReads + on(load.read.allotted);
    const writes = placedWrites + on(load.write.allotted);
    if (reads + writes <= 0) continue;
    entries.push({ load, reads, writes, placedReads, placedWrites });
    allReads += reads;
    if (load.directWrites) direct += writes;
    else buffered += writes;
  }
  const readScale = allReads > diskReads ? diskReads / allReads : 1;
  const directScale = direct > diskWrites ? diskWrites / direct : 1;
  const leftForBuffered = Math.max(0, diskWrites - direct);
  const bufferedScale = buffered > leftForBuffered ? leftForBuffered / buffered : 1;
  const diskBytes = diskReads + diskWrites;

  const rows: LedgerRow[] = [];
  for (const { load, reads, writes, placedReads, placedWrites } of entries) {
    const carried = reads * readScale + writes * (load.directWrites ? directScale : bufferedScale);
    const mayBeHere = placedReads + on(load.read.wanted) + (placedWrites + on(load.write.wanted));
    rows.push({
      load,
      readBytesPerSecond: reads,
      writeBytesPerSecond: writes,
      share: diskBytes > 0 ? carried / diskBytes : 0,
      ownPart: mayBeHere / Math.max(1, load.read.bytesPerSecond + load.write.bytesPerSecond),
      isPlaced: placedReads + placedWrites >= (reads + writes) / 2,
    });
  }
  rows.sort((a, b) => b.share - a.share || a.load.process.pid - b.load.process.pid);
  const explained = rows.reduce((sum, { share }) => sum + share, 0);
  return { rows, unexplainedShare: Math.max(0, 1 - explained) };
}
