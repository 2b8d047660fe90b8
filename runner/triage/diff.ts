/**
 * What changed between two sweeps, host by host, for whoever is on call. A host is in one list at most.
 *
 * A host is *in trouble* when it is hung, suspected to hang, or saturated; *fine* when it is busy or healthy; *unseen* when it was
 * not swept or could not be judged. The first rule that holds decides:
 *
 *   1. not among the hosts of the later sweep, or unseen in it        not compared: a smaller list of targets ends no trouble
 *   2. in trouble; before fine, unseen or not among the hosts         new
 *   3. fine; before unseen or not among the hosts                     not compared
 *   4. fine; before in trouble                                        gone
 *   5. hung, before saturated: worse; saturated, before hung: better  (hung and suspected to hang are one trouble)
 *   6. saturated both times, a culprit that was not one before        new, if others were named before, it has at least
 *      25 % of the load and more than low confidence: otherwise a name is found, or a small share comes and goes
 *   7. busy, before healthy: worse; healthy, before busy: better      if busy time differs by 10 points, or the wait by a factor of two
 *   8. saturated or busy both times, and a score that differs by 10 points or more: worse or better
 *   9. everything else                                                unchanged
 *
 * Rules 6 to 8 leave room so that a host at the edge of a rule is not news in every sweep. Rows are compared by host name alone.
 */
import * as z from 'zod';
import { differenceOf, noComparison } from './diff-sentence.ts';
import { compareWorstFirst } from './rank.ts';
import { type RankingRow, rankableOf, rankingRowSchema } from './ranking-row.ts';
import { isSameCulprit, isTrouble, type RowStanding, rowStanding } from './row-standing.ts';

const changeSchema = z.object({
  host: z.string(),
  /** Its rows in the two sweeps; absent where the host was not among the targets. */
  before: rankingRowSchema.optional(),
  after: rankingRowSchema.optional(),
  /** One sentence without figures, so that hosts with the same change have the same one. Holds names that hosts sent. */
  change: z.string(),
});
export type Change = z.infer<typeof changeSchema>;

export const diffSchema = z.object({
  new: z.array(changeSchema),
  worse: z.array(changeSchema),
  better: z.array(changeSchema),
  gone: z.array(changeSchema),
  /** Hosts seen both times of which there is nothing to say. */
  unchanged: z.int().min(0),
  /** Hosts of which nothing can be said: not asked for, not swept or not judged in one sweep or both. */
  notCompared: z.array(changeSchema),
});
export type Diff = z.infer<typeof diffSchema>;

const SCORE_POINTS = 10;
const BUSY_POINTS = 10;
const WAIT_FACTOR = 2;
const NEW_CULPRIT_SHARE = 0.25;

/** Each list is in the order of the ranking, by the later row where there is one. Of two rows of one host the last counts. */
export function diffOf(before: readonly RankingRow[], after: readonly RankingRow[]): Diff {
  const earlier = new Map(before.map((row) => [row.host, row]));
  const later = new Map(after.map((row) => [row.host, row]));
  const diff: Diff = { new: [], worse: [], better: [], gone: [], unchanged: 0, notCompared: [] };
  for (const host of new Set([...later.keys(), ...earlier.keys()])) {
    const pair: Pair = { host, before: earlier.get(host), after: later.get(host) };
    const kind = kindOf(pair);
    if (kind === 'unchanged') diff.unchanged += 1;
    else diff[kind].push(changeOf(pair, kind));
  }
  for (const list of [diff.new, diff.worse, diff.better, diff.gone, diff.notCompared]) list.sort(inRankOrder);
  return diff;
}

interface Pair {
  readonly host: string;
  readonly before: RankingRow | undefined;
  readonly after: RankingRow | undefined;
}

type Kind = Exclude<keyof Diff, 'unchanged'>;

function changeOf({ host, before, after }: Pair, kind: Kind): Change {
  return {
    host,
    ...(before && { before }),
    ...(after && { after }),
    change: kind === 'notCompared' ? noComparison(before, after) : differenceOf(before, after),
  };
}

function kindOf({ before, after }: Pair): keyof Diff {
  const now = standingOf(after);
  const then = standingOf(before);
  if (after === undefined || now === 'unseen') return 'notCompared';
  if (before === undefined || then === 'unseen') return isTrouble(now) ? 'new' : 'notCompared';
  if (isTrouble(now) !== isTrouble(then)) return isTrouble(now) ? 'new' : 'gone';
  if (isTrouble(now) && now !== then) return now === 'hung' ? 'worse' : 'better';
  if (now === 'hung' || (now === then && now === 'healthy')) return 'unchanged';
  if (now === 'saturated' && hasNewCulprit(before, after)) return 'new';
  if (now !== then) return clearlyApart(before, after) ? (now === 'busy' ? 'worse' : 'better') : 'unchanged';
  const points = after.score - before.score;
  if (Math.abs(points) < SCORE_POINTS) return 'unchanged';
  return points > 0 ? 'worse' : 'better';
}

const standingOf = (row: RankingRow | undefined): RowStanding => (row === undefined ? 'unseen' : rowStanding(row));

function hasNewCulprit(before: RankingRow, after: RankingRow): boolean {
  return (
    before.culprits.length > 0 &&
    after.culprits.some(
      (culprit) =>
        culprit.share >= NEW_CULPRIT_SHARE &&
        culprit.confidence !== 'low' &&
        !before.culprits.some((known) => isSameCulprit(known, culprit)),
    )
  );
}

/** Of a busy and a healthy row; without figures of both there is only the verdict. */
function clearlyApart(a: RankingRow, b: RankingRow): boolean {
  const busyKnown = a.busyPercent !== undefined && b.busyPercent !== undefined;
  const waitKnown = a.awaitMs !== undefined && b.awaitMs !== undefined;
  if (!busyKnown && !waitKnown) return true;
  const busyApart = Math.abs((a.busyPercent ?? 0) - (b.busyPercent ?? 0)) >= BUSY_POINTS;
  const [shorter = 0, longer = 0] = [a.awaitMs ?? 0, b.awaitMs ?? 0].sort((x, y) => x - y);
  return (busyKnown && busyApart) || (waitKnown && longer > 0 && longer >= WAIT_FACTOR * shorter);
}

function inRankOrder(a: Change, b: Change): number {
  const of = ({ after, before }: Change): RankingRow | undefined => after ?? before;
  const left = of(a);
  const right = of(b);
  return left && right ? compareWorstFirst(rankableOf(left), rankableOf(right)) : 0;
}
