/** What a sweep says to whoever saw the one before: the differences, without those that were there already. */
import type { VisitedHost } from '../../runner/report.ts';
import { type Change, type Diff, diffOf } from '../../runner/triage/diff.ts';
import { rankingRowOf } from '../../runner/triage/ranking-row.ts';

/**
 * As diff.ts decides it, from one sweep to the next. A host that nothing could be said of in both, for the same reason, is unchanged here:
 * a host that is down is not to be told of every half a minute.
 */
export function newsBetween(before: readonly VisitedHost[], after: readonly VisitedHost[]): Diff {
  const diff = diffOf(before.map(rankingRowOf), after.map(rankingRowOf));
  const notCompared = diff.notCompared.filter((change) => !isStill(change));
  return { ...diff, notCompared, unchanged: diff.unchanged + diff.notCompared.length - notCompared.length };
}

function isStill({ before, after }: Change): boolean {
  return (
    before !== undefined &&
    after !== undefined &&
    before.status === after.status &&
    before.verdict === after.verdict &&
    before.failureKind === after.failureKind
  );
}
