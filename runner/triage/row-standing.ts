/** Where a ranking row stands when sweeps are compared: in trouble, fine, or not seen at all. */
import type { CulpritRow, RankingRow } from './ranking-row.ts';

/** "hung" takes in the suspected ones: a host that stalled in one sweep and shows its stuck disk in the next has one trouble. */
export type RowStanding = 'hung' | 'saturated' | 'busy' | 'healthy' | 'unseen';

/** Not swept, and looked at without a verdict, are both "unseen": nothing can be concluded from either. */
export function rowStanding({ verdict, failureKind }: RankingRow): RowStanding {
  if (failureKind === 'suspected-hung') return 'hung';
  return verdict === 'inconclusive' ? 'unseen' : verdict;
}

export function isTrouble(standing: RowStanding): standing is 'hung' | 'saturated' {
  return standing === 'hung' || standing === 'saturated';
}

/**
 * Whether two culprits of one host are the same one: the same program of the same unit, though it does another thing or writes to
 * another file now. A database that waits for its log in one window and for its tables in the next is no news.
 */
export function isSameCulprit(a: CulpritRow, b: CulpritRow): boolean {
  return a.fingerprint === b.fingerprint || (a.program === b.program && a.unit === b.unit);
}
