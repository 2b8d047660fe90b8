/** What changed of one host, in one sentence without figures. It holds names as hosts sent them: encode before showing. */
import type { RankingRow } from './ranking-row.ts';
import { isSameCulprit, type RowStanding, rowStanding } from './row-standing.ts';
import { inList } from './words.ts';

/** Of a host that is compared; `after` is there and was seen. */
export function differenceOf(before: RankingRow | undefined, after: RankingRow | undefined): string {
  if (after === undefined) return noComparison(before, after);
  const now = rowStanding(after);
  const then = before && rowStanding(before);
  if (before === undefined || then === undefined || then === 'unseen')
    return `${stateOf(after)}; ${unseen(before, 'before')}`;
  if (now === then && now === 'saturated') return `still saturated, ${culpritChange(before, after)}`;
  if (now === then) return `still ${WORDS[now]}, ${after.score > before.score ? 'more' : 'less'} than before`;
  return `${stateOf(after)}; was ${stateOf(before)}`;
}

/** Of a host that is not compared: why not, and what is known of it all the same. */
export function noComparison(before: RankingRow | undefined, after: RankingRow | undefined): string {
  const now = after && rowStanding(after);
  const then = before && rowStanding(before);
  if (after !== undefined && now !== 'unseen') return `${stateOf(after)}; ${unseen(before, 'before')}`;
  const known = before !== undefined && then !== 'unseen' ? `; was ${stateOf(before)}` : '';
  const neither = before !== undefined && then === 'unseen' && after !== undefined ? ', nor before' : '';
  return `${unseen(after, 'now')}${neither}${known}`;
}

const WORDS = {
  hung: 'hung',
  saturated: 'saturated',
  busy: 'busy',
  healthy: 'healthy',
  unseen: 'not seen',
} as const satisfies Record<RowStanding, string>;

/** "saturated by logtest.py (buffered-write)", "suspected to hang", "healthy". */
function stateOf(row: RankingRow): string {
  if (row.failureKind === 'suspected-hung' && row.verdict !== 'hung') return 'suspected to hang';
  const standing = rowStanding(row);
  if (standing !== 'saturated') return WORDS[standing];
  return row.culprits.length === 0 ? 'saturated, by whom is not known' : `saturated by ${culpritsOf(row)}`;
}

function culpritsOf({ culprits }: RankingRow): string {
  return inList([...new Set(culprits.map(({ program, activity }) => `${program} (${activity})`))]);
}

/** "not swept now (refused)", "not judged before", "not among the targets now". */
function unseen(row: RankingRow | undefined, when: 'before' | 'now'): string {
  if (row === undefined) return `not among the targets ${when}`;
  const why = row.failureKind === undefined ? '' : ` (${row.failureKind})`;
  return `${row.status === 'not-swept' ? 'not swept' : 'not judged'} ${when}${why}`;
}

function culpritChange(before: RankingRow, after: RankingRow): string {
  if (after.culprits.length === 0 && before.culprits.length === 0) return 'by whom is not known';
  if (after.culprits.length === 0) return `by whom is not known; before by ${culpritsOf(before)}`;
  if (before.culprits.length === 0) return `now known by whom: ${culpritsOf(after)}`;
  const isKnown = (row: RankingRow, culprit: RankingRow['culprits'][number]): boolean =>
    row.culprits.some((other) => isSameCulprit(other, culprit));
  if (after.culprits.every((culprit) => isKnown(before, culprit))) return `by the same culprit: ${culpritsOf(after)}`;
  return after.culprits.some((culprit) => isKnown(before, culprit))
    ? `by a further culprit: ${culpritsOf(after)}; before by ${culpritsOf(before)}`
    : `by another culprit: ${culpritsOf(after)}; before by ${culpritsOf(before)}`;
}
