/** What has changed on the hosts of a page since the sweep before, by what was read of that one: the worst of its hosts. */
import { diffOf } from '../../runner/triage/diff.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { isTrouble, rowStanding } from '../../runner/triage/row-standing.ts';
import { encodeText } from '../render/encode.ts';

export interface ChangeMark {
  readonly kind: 'new' | 'worse' | 'better' | 'gone';
  /** A sentence. Encoded. */
  readonly text: string;
}

export interface EarlierRows {
  /** Worst first. */
  readonly rows: readonly RankingRow[];
  /** There are others, after these. */
  readonly hasMore: boolean;
}

/**
 * By host; one that is not there has not changed, or of it nothing is known. Who was not among the rows of the earlier sweep was not in
 * trouble then, if these go on to hosts that were not.
 */
export function changeMarks(rows: readonly RankingRow[], earlier: EarlierRows): ReadonlyMap<string, ChangeMark> {
  const last = earlier.rows.at(-1);
  const hasAllTrouble = !earlier.hasMore || (last !== undefined && !isTrouble(rowStanding(last)));
  const before = new Map(earlier.rows.map((row) => [row.host, row]));
  const after = rows.filter((row) => before.has(row.host) || (hasAllTrouble && isTrouble(rowStanding(row))));
  const shown = new Set(after.map(({ host }) => host));
  const diff = diffOf(
    earlier.rows.filter(({ host }) => shown.has(host)),
    after,
  );
  const kinds = ['new', 'worse', 'better', 'gone'] as const;
  return new Map(
    kinds.flatMap((kind) => diff[kind].map(({ host, change }) => [host, { kind, text: encodeText(change) }] as const)),
  );
}
