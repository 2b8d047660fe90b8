/** One disk's load in the unit that wears it out: bytes, flushes asked for, or operations; grouped, and as measured as can be. */
import type { DeviceTree } from './device-tree.ts';
import { discardClaims, isDiscardBound } from './discard-claims.ts';
import { flushClaims, isFlushBound } from './flush-claims.ts';
import { groupRows } from './group-rows.ts';
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
  /** Many flushes, and nobody was met who asks for them: bytes do not tell. */
  readonly flushBound: boolean;
}

/** Most of what the disk does is explained by bytes of processes: who renames a file meanwhile is not asked. */
const EXPLAINED = 0.5;

export function accountOf(
  activity: DiskActivity,
  samples: HostSamples,
  loads: readonly ProcessLoad[],
  tree: DeviceTree,
  only: boolean,
): Account {
  const devices = [activity.device, ...tree.above(activity.device)];
  const ledger = ledgerOf(activity, loads, tree);
  const flushBound = isFlushBound(activity);
  const sources = sourcesOf(samples);
  const account = (rows: readonly LedgerRow[], single: readonly LedgerRow[], bound = false): Account => {
    const grouped = groupRows(rows, samples);
    const explained = grouped.reduce((sum, { share }) => sum + share, 0);
    return { rows: grouped, single, unexplainedShare: Math.max(0, 1 - explained), flushBound: bound };
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
    if (claims.length > 0) return account(claims, [...claims, ...ledger.rows]);
  }
  const rows = measuredRows(groupRows(ledger.rows, samples), activity);
  const explainedShare = rows.reduce((sum, { share }) => sum + share, 0);
  if (explainedShare < EXPLAINED) {
    const place = {
      device: activity.device,
      devices,
      only,
      explainedShare,
      meanWriteBytes: activity.writeBytes / Math.max(1, activity.writes),
    };
    const claims = metadataClaims(loads, tree, place);
    if (claims.length > 0) return account([...claims, ...rows], [...claims, ...ledger.rows]);
  }
  return {
    rows,
    single: ledger.rows,
    unexplainedShare: Math.max(0, 1 - explainedShare),
    flushBound,
  };
}
