/** How sure a name is, and what is missing where it is not. */
import type { DiskContext } from './disk-context.ts';
import type { Culprit } from './finding.ts';
import type { LedgerRow } from './ledger.ts';
import { inPercent } from './words.ts';

/** What a sceptic would still ask for; empty where nothing is missing. */
export function missingOf(row: LedgerRow, context: DiskContext): string[] {
  const { unexplainedShare, drainedShare = 0, flushBound, doubts = [] } = context;
  if (row.claim) return [...(row.claim.confidence === 'high' ? [] : row.claim.lacks), ...doubts];
  const drained = Math.min(drainedShare, unexplainedShare);
  const backlog = drained > 0.05 ? `, though ${inPercent(drained)} was waiting in memory when the window opened` : '';
  return [
    flushBound ? 'many flushes load this disk, and nobody was met who asks for them' : undefined,
    unexplainedShare > MOST_UNEXPLAINED
      ? `${inPercent(unexplainedShare)} of the load is nobody's${backlog}`
      : undefined,
    row.isPlaced ? undefined : 'it was not seen at work on a file of this disk',
    row.load.process.seen === 'gone' ? 'it has ended' : undefined,
    row.share < MIN_SURE_SHARE ? 'its share is small' : undefined,
    ...doubts,
  ].filter((text) => text !== undefined);
}

const MOST_UNEXPLAINED = 0.3;
const MIN_SURE_SHARE = 0.2;

/**
 * high: it was seen at work on a file of this disk (or counted by its cgroup), and at most 30 % of the load is explained by nobody.
 * medium: one of the two, or something that holds for all of the host speaks against being sure. low: neither, or most of the load is
 * unexplained, or many flushes load the disk, which bytes do not tell.
 */
export function confidenceOf(row: LedgerRow, context: DiskContext, missing: readonly string[]): Culprit['confidence'] {
  if (row.claim) return row.claim.confidence === 'high' && missing.length > 0 ? 'medium' : row.claim.confidence;
  const { unexplainedShare, flushBound } = context;
  if (flushBound || unexplainedShare > 0.5) return 'low';
  if (missing.length === 0) return 'high';
  return row.isPlaced || unexplainedShare <= MOST_UNEXPLAINED ? 'medium' : 'low';
}
