/** Which rows of a ranking the first page lists: who is fine is counted, and who was not reached is told by reason, below. */
import type { Standing } from '../../runner/report.ts';
import { type RankingRow, rankableOf } from '../../runner/triage/ranking-row.ts';
import { standingOf } from '../render/standing.ts';

const FOLDED: ReadonlySet<Standing> = new Set<Standing>(['healthy', 'not-swept']);

export interface FirstRows {
  readonly rows: readonly RankingRow[];
  /** Whether the next page goes on with hosts that are to be listed. */
  readonly goesOn: boolean;
}

/** Where there is nobody else, those are listed after all. @param hasMore there are rows after these */
export function firstRows(rows: readonly RankingRow[], hasMore: boolean): FirstRows {
  const isFolded = (row: RankingRow): boolean => FOLDED.has(standingOf(rankableOf(row)));
  const listed = rows.filter((row) => !isFolded(row));
  const last = rows.at(-1);
  if (listed.length === 0) return { rows, goesOn: hasMore };
  return { rows: listed, goesOn: hasMore && last !== undefined && !isFolded(last) };
}
