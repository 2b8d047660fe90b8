/** One host of a sweep in Slack: what stands where, the culprit with its file, and the reason. */
import type { KnownBlock } from '@slack/types';
import type { Standing } from '../../runner/report.ts';
import { type CulpritRow, type RankingRow, rankableOf } from '../../runner/triage/ranking-row.ts';
import { inCount, inTime } from '../../runner/triage/words.ts';
import { encodeText } from './encode.ts';
import { cutEnd } from './fit.ts';
import { foldNames } from './fold-names.ts';
import { namesWithin } from './names-within.ts';
import { activityOn, counted } from './phrases.ts';
import { detailsButton } from './slack-buttons.ts';
import { context, section } from './slack-message.ts';
import { code, codeOf, plainText } from './slack-text.ts';
import { STANDING_WORDS, standingOf } from './standing.ts';
import { formatPercent, formatShare } from './units.ts';

export const standingOfRow = (row: RankingRow): Standing => standingOf(rankableOf(row));

const MOST_CULPRITS = 2;

/** @param more what else is to be said of it; `sweepId` gives it a button of its own */
export function rowBlocks(
  row: RankingRow,
  place: number,
  more: { readonly lines?: readonly string[]; readonly reason?: string; readonly sweepId?: string } = {},
): KnownBlock[] {
  const reason = more.reason ?? row.summary;
  const [details] = more.sweepId === undefined ? [] : detailsButton(more.sweepId, row.host);
  return [
    ...section(
      [
        `${place}. ${code(row.host)} ${[`*${STANDING_WORDS[standingOfRow(row)]}*`, ...figures(row)].join(', ')}`,
        ...row.culprits.slice(0, MOST_CULPRITS).map(culpritLine),
        ...(more.lines ?? []),
      ],
      details,
    ),
    ...(reason === '' ? [] : [context(plainText(reason))]),
  ];
}

function figures({ device, busyPercent, queueDepth, awaitMs }: RankingRow): string[] {
  return [
    device === undefined ? undefined : code(device, 'end', 32),
    busyPercent === undefined ? undefined : `${formatPercent(busyPercent)} busy`,
    queueDepth === undefined ? undefined : `queue ${inCount(queueDepth)}`,
    awaitMs === undefined ? undefined : `await ${inTime(awaitMs)}`,
  ].filter((figure) => figure !== undefined);
}

/** "culprit `logtest.py` in `logger.service`: 98 % of the load, buffered writes to `/tmp/logtest.txt`". */
export function culpritLine({ name, program, unit, share, activity, path }: CulpritRow): string {
  // Of a script the name of its interpreter says which process to look for.
  const who = program === name ? code(program) : `${code(program)} (${code(name)})`;
  const where = unit === undefined ? '' : ` in ${code(unit)}`;
  const what = activityOn(activity, path === undefined ? undefined : code(path, 'start'));
  return `culprit ${who}${where}: ${formatShare(share)} of the load, ${what}`;
}

const NAMES_WIDTH = 100;
const MOST_LINES = 2;

/** Host names, folded, in one code span however many they are. */
export function namesCode(names: readonly string[]): string {
  return codeOf(namesWithin(names, NAMES_WIDTH, MOST_LINES).join(' '));
}

/** "`@db`, `web-[1-3]` and 4 more"; of what was asked for. */
export function askedCode(asked: readonly string[] | undefined): string {
  if (asked === undefined) return 'this machine';
  const folded = foldNames(asked);
  const more = folded.length - MOST_ASKED;
  const shown = folded.slice(0, MOST_ASKED).map((word) => codeOf(cutEnd(encodeText(word), 60)));
  return shown.join(', ') + (more > 0 ? ` and ${counted(more, 'more')}`.replace(/s$/u, '') : '');
}

const MOST_ASKED = 6;
