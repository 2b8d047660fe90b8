/** Hosts of a sweep that were not reached. */
import type { Sweep } from '../../runner/report.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';

export interface LostRead {
  readonly rows: readonly RankingRow[];
  /** There are others: of a fleet without a network all that can be said is that. */
  readonly hasMore: boolean;
}

/** More reasons than a person reads; ten thousand rows would be seconds of waiting for one. */
const MOST_LOST = 200;

export async function readLost(store: Store, { id, counts }: Sweep): Promise<LostRead | StoreProblem> {
  if ((counts?.['not-swept'] ?? 0) === 0) return { rows: [], hasMore: false };
  const page = await store.ranking(id, { limit: MOST_LOST, verdict: 'inconclusive' });
  return page instanceof StoreProblem ? page : { rows: page.rows, hasMore: page.cursor !== undefined };
}
