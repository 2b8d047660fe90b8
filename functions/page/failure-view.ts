/** Hosts that were not reached, by reason. All texts are encoded. */
import { FAILURE_KINDS } from '../../runner/report.ts';
import { type RankingRow, rankableOf } from '../../runner/triage/ranking-row.ts';
import { encodeText } from '../render/encode.ts';
import { FAILURE_WORDS } from '../render/failure-words.ts';
import { groupBy } from '../render/group-by.ts';
import { namesWithin } from '../render/names-within.ts';
import { standingOf } from '../render/standing.ts';

export interface FailureView {
  /** "connection refused". */
  readonly reason: string;
  /** "the port is closed"; empty where the reason is all there is. */
  readonly meaning: string;
  readonly count: number;
  /** Folded: "web-[01-40] and 3 more". */
  readonly names: string;
}

const NAMES_WIDTH = 110;
const MOST_NAME_LINES = 3;

/** The largest group first. */
export function failureViews(rows: readonly RankingRow[]): FailureView[] {
  const lost = rows.filter((row) => standingOf(rankableOf(row)) === 'not-swept');
  return groupBy(lost, ({ failureKind }) => failureKind ?? '')
    .sort((a, b) => b.length - a.length)
    .map((group) => {
      const kind = group[0]?.failureKind;
      return {
        ...wordsOf(kind),
        count: group.length,
        names: namesWithin(
          group.map(({ host }) => host),
          NAMES_WIDTH,
          MOST_NAME_LINES,
        ).join(' '),
      };
    });
}

function wordsOf(kind: string | undefined): Pick<FailureView, 'reason' | 'meaning'> {
  if (kind === undefined) return { reason: 'no reason is known', meaning: '' };
  if (!Object.hasOwn(FAILURE_KINDS, kind)) return { reason: encodeText(kind), meaning: '' };
  const known = kind as keyof typeof FAILURE_KINDS;
  return { reason: FAILURE_WORDS[known], meaning: FAILURE_KINDS[known] };
}
