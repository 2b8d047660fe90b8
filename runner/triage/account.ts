/** One disk's load in the unit that wears it out: bytes, flushes asked for, or operations; grouped, and as measured as can be. */
import { drainedBytes } from './backlog.ts';
import type { DeviceTree } from './device-tree.ts';
import { discardClaims, isDiscardBound } from './discard-claims.ts';
import { flushClaims, isFlushBound } from './flush-claims.ts';
import { groupRows } from './group-rows.ts';
import { mayBeInferred } from './inferred.ts';
import { journalBytes } from './journal.ts';
import { type Ledger, type LedgerRow, ledgerOf } from './ledger.ts';
import type { ProcessLoad } from './loads.ts';
import { measuredRows } from './measured-rows.ts';
import { metadataClaims } from './metadata-claims.ts';
import type { DiskActivity, HostSamples } from './samples.ts';
import { sourcesOf } from './sources.ts';
import { isSwapBound, swapClaims, swapShare } from './swap-claims.ts';

export interface Account extends Ledger {
  /** Every single process that adds to it, before it is grouped. */
  readonly single: readonly LedgerRow[];
  /** Of its bytes, what was waiting in memory before the window and has been written in it; 0 where that is not known. */
  readonly drainedShare: number;
  /** Many flushes, and nobody was met who asks for them: bytes do not tell. */
  readonly flushBound: boolean;
}

/** Most of what the disk does is explained by bytes of processes: who renames a file meanwhile is not asked. */
const EXPLAINED = 0.5;

/** Less of a load that can be of names is not worth asking who changes them. */
const MUCH_LEFT = 0.25;

/** What a journal writes: small blocks, or what its thread is charged for. */
const SMALL_WRITE_BYTES = 128 * 1024;
const OF_JOURNAL = 0.2;

/** A file system whose journal has no thread of its own says nothing. */
function journalDoubt(journal: number, { writeBytes }: DiskActivity, otherJournals: number): string | undefined {
  if (otherJournals > journal) return 'the journal of another disk is charged for more';
  return journal > 0 && journal < writeBytes * OF_JOURNAL
    ? 'most of what the disk writes does not go through its journal'
    : undefined;
}

/** What strangers may have put here, for want of a better place, tells nothing against whoever is met at work. */
const toldOf = (rows: readonly LedgerRow[]): LedgerRow[] => rows.filter((row) => row.isPlaced || mayBeInferred(row));
const sharesOf = (rows: readonly LedgerRow[]): number => rows.reduce((sum, { share }) => sum + share, 0);

const writesOf = ({ rows }: Ledger): number => rows.reduce((sum, row) => sum + row.writeBytesPerSecond, 0);

export const isExplainedByBytes = (activity: DiskActivity, loads: readonly ProcessLoad[], tree: DeviceTree): boolean =>
  sharesOf(toldOf(ledgerOf(activity, loads, tree).rows)) >= EXPLAINED;

/** What else of the host is in trouble. */
export interface Trouble {
  /** No other disk is. */
  readonly only: boolean;
  /** No other one is of which bytes of processes explain less than half. */
  readonly onlyUnexplained: boolean;
}

export function accountOf(
  activity: DiskActivity,
  samples: HostSamples,
  loads: readonly ProcessLoad[],
  tree: DeviceTree,
  { only, onlyUnexplained }: Trouble,
): Account {
  const devices = [activity.device, ...tree.above(activity.device)];
  const ofStack = new Set([...devices, ...tree.below(activity.device)]);
  const ledger = ledgerOf(activity, loads, tree);
  const flushBound = isFlushBound(activity);
  const diskBytes = activity.readBytes + activity.writeBytes;
  const addedTo = (disk: DiskActivity): number =>
    (writesOf(disk === activity ? ledger : ledgerOf(disk, loads, tree)) * disk.elapsedMs) / 1000;
  const drained = drainedBytes(samples, activity, tree, addedTo);
  const ofDisk = (bytes: number): number => (only && diskBytes > 0 ? Math.min(1, bytes / diskBytes) : 0);
  const drainedShare = ofDisk(drained.atLeast);
  const sources = sourcesOf(samples);
  const account = (rows: readonly LedgerRow[], single: readonly LedgerRow[], bound = false): Account => {
    const grouped = groupRows(rows, samples);
    const unexplainedShare = Math.max(0, 1 - sharesOf(grouped));
    return { rows: grouped, single, unexplainedShare, drainedShare, flushBound: bound };
  };

  if (flushBound) {
    const claims = flushClaims(loads, ledger.rows, activity, devices, sources);
    if (claims.length > 0) return account(claims, [...claims, ...ledger.rows]);
  }
  const swapped = swapShare(samples, activity, devices, tree);
  if (isSwapBound(swapped)) {
    const claims = swapClaims(samples, loads, swapped);
    // Whoever needs its pages back is charged for reading them: no load of its own making.
    const others = ledger.rows.filter((row) => row.isPlaced && !claims.some(({ load }) => load === row.load));
    const left = Math.max(0, 1 - swapped);
    const sum = others.reduce((total, { share }) => total + share, 0);
    const scaled = others.map((row) => ({ ...row, share: sum > left ? (row.share * left) / sum : row.share }));
    return account([...claims, ...scaled], [...claims, ...scaled]);
  }
  if (isDiscardBound(activity)) {
    const claims = discardClaims(loads, activity, devices, sources);
    // Who writes beside it has its part of what is no discard.
    const left = Math.max(0, 1 - sharesOf(claims));
    const others = toldOf(ledger.rows).filter((row) => !claims.some(({ load }) => load === row.load));
    const scaled = others.map((row) => ({ ...row, share: row.share * left }));
    if (claims.length > 0) return account([...claims, ...scaled], [...claims, ...ledger.rows]);
  }
  const rows = measuredRows(groupRows(ledger.rows, samples), activity);
  const told = toldOf(rows);
  const known = Math.min(1, sharesOf(told) + ofDisk(drained.atMost));
  // What is read for names is charged to whoever reads it: only what is written can be theirs.
  const leftShare = Math.min(1 - known, diskBytes > 0 ? activity.writeBytes / diskBytes : 1);
  if (known < EXPLAINED && leftShare >= MUCH_LEFT) {
    const journal = journalBytes(samples.processes, devices);
    const others = samples.disks.map(({ device }) => device).filter((device) => !ofStack.has(tree.wholeDevice(device)));
    const otherJournals = journalBytes(samples.processes, others);
    const place = {
      device: activity.device,
      devices,
      only,
      onlyUnexplained,
      leftShare,
      isOfJournal:
        activity.writeBytes <= activity.writes * SMALL_WRITE_BYTES || journal >= activity.writeBytes * OF_JOURNAL,
      journalDoubt: journalDoubt(journal, activity, otherJournals),
    };
    const claims = metadataClaims(loads, tree, place);
    if (claims.length > 0) return account([...claims, ...told], [...claims, ...ledger.rows]);
  }
  return {
    rows,
    single: ledger.rows,
    unexplainedShare: Math.max(0, 1 - sharesOf(rows)),
    drainedShare,
    flushBound,
  };
}
