/** Everything that the page of one sweep shows, read from the store: only what a page needs of a fleet of ten thousand. */
import type { Sweep } from '../../runner/report.ts';
import type { Verdict } from '../../runner/triage/finding.ts';
import type { Pattern } from '../../runner/triage/patterns.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store, Unreadable } from '../store/store.ts';
import { earlierOf, hasEnded, SWEEPS_LOOKED_AT } from '../sweep/compared-sweeps.ts';
import type { EarlierRows } from './change-marks.ts';

export interface SweepRead {
  readonly sweep: Sweep;
  readonly patterns: readonly Pattern[];
  /** Worst first; empty until it has ended. */
  readonly order: readonly string[];
  readonly rows: readonly RankingRow[];
  readonly unreadable: readonly Unreadable[];
  /** Where the next page of rows begins. */
  readonly cursor?: string;
  /** Hosts that are done, of one that has not ended and is the service's. */
  readonly done?: number;
  readonly isOurs: boolean;
  /** Newest first, this one and those around it. */
  readonly sweeps: readonly Sweep[];
  /** The last one before it that asked for the same. */
  readonly earlier?: Sweep;
  readonly earlierRows: EarlierRows;
}

export interface RowsAsked {
  readonly verdict?: Verdict;
  readonly cursor?: string;
}

export const ROWS_A_PAGE = 50;
/** Of the sweep before; those in trouble come first. */
const EARLIER_ROWS = 100;
const NOTHING_EARLIER: EarlierRows = { rows: [], hasMore: true };

/** undefined where there is no such sweep. */
export async function readSweep(
  store: Store,
  id: string,
  asked: RowsAsked,
): Promise<SweepRead | undefined | StoreProblem> {
  const [detail, page, listed] = await Promise.all([
    store.sweep(id),
    store.ranking(id, { limit: ROWS_A_PAGE, ...asked }),
    store.sweeps({ limit: SWEEPS_LOOKED_AT }),
  ]);
  if (detail === undefined || detail instanceof StoreProblem) return detail;
  if (page instanceof StoreProblem) return page;
  if (listed instanceof StoreProblem) return listed;
  const { sweep } = detail;
  const job = hasEnded(sweep) ? undefined : await store.job(id);
  if (job instanceof StoreProblem) return job;
  const earlier = earlierOf(sweep, listed.sweeps);
  const earlierRows = earlier && hasEnded(sweep) ? await store.ranking(earlier.id, { limit: EARLIER_ROWS }) : undefined;
  if (earlierRows instanceof StoreProblem) return earlierRows;
  return {
    ...detail,
    ...page,
    sweeps: listed.sweeps,
    isOurs: job !== undefined,
    ...(job && { done: [...job.progress.values()].reduce((sum, { done }) => sum + done, 0) }),
    ...(earlier && { earlier }),
    earlierRows: earlierRows ? { rows: earlierRows.rows, hasMore: earlierRows.cursor !== undefined } : NOTHING_EARLIER,
  };
}
