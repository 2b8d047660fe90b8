/** What of a sweep is news to somebody who was told of the sweeps before it. */
import type { Sweep } from '../../runner/report.ts';
import { type Diff, diffOf } from '../../runner/triage/diff.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { isTrouble, rowStanding } from '../../runner/triage/row-standing.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { Tell } from '../sweep/job.ts';
import { sweepsBefore } from './sweeps-before.ts';

export type Said =
  | { readonly kind: 'changes'; readonly diff: Diff }
  /** No host of a whole sweep could be seen. Said of the first such sweep only. */
  | { readonly kind: 'could-not-run' }
  | { readonly kind: 'nothing' };

type Watch = 'saturated' | 'busy';
/** What is news to whom. */
export type News = (watch: Watch) => Said;

/**
 * Compared with how each host was seen last in the sweeps by the same asker. Of the first one everything in trouble is news.
 *
 * @param tell where nobody wants changes only, nothing is read
 */
export async function newsOf(
  store: Pick<Store, 'sweeps' | 'allRows'>,
  sweep: Sweep,
  rows: readonly RankingRow[],
  tell: readonly Tell[],
): Promise<News | StoreProblem> {
  const isWanted = tell.some((each) => each.kind === 'destination' && each.onlyChanges);
  // Somebody stopped it, who knows.
  if (!isWanted || sweep.status === 'cancelled') return () => ({ kind: 'nothing' });
  const earlier = await sweepsBefore(store, sweep, MOST_BACK);
  if (earlier instanceof StoreProblem) return earlier;
  if (sweep.swept === 0 && sweep.targets > 0) {
    const isNews = earlier.last === undefined || earlier.last.swept > 0;
    return () => ({ kind: isNews ? 'could-not-run' : 'nothing' });
  }
  const before = await lastSeen(store, earlier.seen, rows);
  if (before instanceof StoreProblem) return before;
  const diff = diffOf(before, rows);
  return (watch) => {
    const watched = watchedChanges(diff, watch);
    const count = watched.new.length + watched.worse.length + watched.gone.length;
    return count === 0 ? { kind: 'nothing' } : { kind: 'changes', diff: watched };
  };
}

/**
 * The newest rows in which hosts that are seen now were seen. A host that could not be reached once in between is neither in trouble anew
 * after it, nor is the end of its trouble passed over.
 */
async function lastSeen(
  store: Pick<Store, 'allRows'>,
  newestFirst: readonly Sweep[],
  now: readonly RankingRow[],
): Promise<readonly RankingRow[] | StoreProblem> {
  const missing = new Set(now.filter(isSeen).map(({ host }) => host));
  const found: RankingRow[] = [];
  for (const { id } of newestFirst) {
    if (missing.size === 0) break;
    const read = await store.allRows(id);
    if (read instanceof StoreProblem) return read;
    for (const row of read.rows) if (isSeen(row) && missing.delete(row.host)) found.push(row);
  }
  return found;
}

const isSeen = (row: RankingRow): boolean => rowStanding(row) !== 'unseen';

/** What became better is no news, and under "saturated" neither is a host that is busy now. */
export function watchedChanges(diff: Diff, watch: Watch): Diff {
  const worse =
    watch === 'busy' ? diff.worse : diff.worse.filter(({ after }) => after && isTrouble(rowStanding(after)));
  return { ...diff, worse, better: [], notCompared: [] };
}

const MOST_BACK = 5;
