/** The rows of the ranking, as the page shows them. All texts are encoded; paths are not, they are to be percent-encoded (paths.ts). */
import type { Standing } from '../../runner/report.ts';
import { type CulpritRow, type RankingRow, rankableOf } from '../../runner/triage/ranking-row.ts';
import { inCount, inTime } from '../../runner/triage/words.ts';
import { encodeText } from '../render/encode.ts';
import { FAILURE_WORDS } from '../render/failure-words.ts';
import { ACTIVITY_WORDS } from '../render/phrases.ts';
import { standingOf } from '../render/standing.ts';
import { formatPercent, formatShare } from '../render/units.ts';
import type { ChangeMark } from './change-marks.ts';

export interface RankingLine {
  /** As the host is called: for links. */
  readonly name: string;
  readonly host: string;
  readonly rank?: number;
  readonly standing: Standing;
  /** Empty where it could not be had. */
  readonly disk: string;
  /** "99 % busy", "queue 12", "await 7.3 s". */
  readonly figures: readonly string[];
  /** "logtest.py (python)", in a unit: "logtest.py in logger.service"; of a host that was lost why. */
  readonly culprit: string;
  readonly activity: string;
  readonly file: string;
  readonly share: string;
  readonly queueTrend?: string;
  readonly change?: ChangeMark;
}

export function rankingLine(row: RankingRow, rank: number | undefined, change: ChangeMark | undefined): RankingLine {
  const [culprit] = row.culprits;
  const standing = standingOf(rankableOf(row));
  return {
    name: row.host,
    host: encodeText(row.host),
    ...(rank !== undefined && { rank }),
    standing,
    disk: encodeText(row.device ?? ''),
    figures: [
      row.busyPercent === undefined ? undefined : `${formatPercent(row.busyPercent)} busy`,
      row.queueDepth === undefined ? undefined : `queue ${inCount(row.queueDepth)}`,
      row.awaitMs === undefined ? undefined : `await ${inTime(row.awaitMs)}`,
    ].filter((figure) => figure !== undefined),
    culprit: culprit === undefined ? insteadText(row, standing) : nameText(culprit, row.culprits.length - 1),
    activity: culprit === undefined ? '' : ACTIVITY_WORDS[culprit.activity],
    file: encodeText(culprit?.path ?? ''),
    share: culprit === undefined ? '' : formatShare(culprit.share),
    ...(row.queueTrend !== undefined && { queueTrend: row.queueTrend }),
    ...(change !== undefined && { change }),
  };
}

function nameText({ name, program, unit }: CulpritRow, others: number): string {
  // Of a script the name of its interpreter says which process to look for.
  const who = program === name ? program : `${program} (${name})`;
  const more = others > 0 ? ` and ${others} more` : '';
  return encodeText(unit === undefined ? who : `${who} in ${unit}`) + more;
}

/** Of a host without a culprit: why it was lost, or what is to be known of it. */
function insteadText({ failureKind, summary }: RankingRow, standing: Standing): string {
  if (standing === 'hung' || standing === 'suspected-hung' || standing === 'saturated' || standing === 'inconclusive') {
    return encodeText(summary);
  }
  if (failureKind === undefined) return '';
  return Object.hasOwn(FAILURE_WORDS, failureKind)
    ? FAILURE_WORDS[failureKind as keyof typeof FAILURE_WORDS]
    : encodeText(failureKind);
}
