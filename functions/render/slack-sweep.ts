/** A sweep as one Slack message. */
import type { KnownBlock } from '@slack/types';
import { FAILURE_KINDS, STANDINGS, type Standing, type Sweep } from '../../runner/report.ts';
import type { Diff } from '../../runner/triage/diff.ts';
import type { Pattern } from '../../runner/triage/patterns.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { inCount } from '../../runner/triage/words.ts';
import { tookText } from './age.ts';
import { FAILURE_WORDS } from './failure-words.ts';
import { groupBy } from './group-by.ts';
import { activityOn, counted } from './phrases.ts';
import { buttonRow } from './slack-buttons.ts';
import { changeBlocks } from './slack-changes.ts';
import { type SlackMessage, section, slackMessage } from './slack-message.ts';
import { askedCode, culpritLine, namesCode, rowBlocks, standingOfRow } from './slack-row.ts';
import { code } from './slack-text.ts';
import { STANDING_WORDS } from './standing.ts';

export type { SlackMessage } from './slack-message.ts';

export interface SlackSweepView {
  readonly sweep: Sweep;
  /** All of them, worst first. */
  readonly rows: readonly RankingRow[];
  readonly patterns: readonly Pattern[];
  /** Where only what has changed is told. */
  readonly diff?: Diff;
  /** Said before everything else: "Schedule nightly". */
  readonly heading?: string;
  readonly publicUrl?: string;
  /** Buttons that come back to us work only where a signing secret is set. */
  readonly hasButtons: boolean;
}

/** One message, within Slack's limits whatever the rows hold. */
export function renderSlackSweep(view: SlackSweepView): SlackMessage {
  const { sweep, rows, patterns, diff, heading, hasButtons } = view;
  const title = heading === undefined ? '' : `${code(heading)}: `;
  const sentence = title + sweepSentence(sweep, rows);
  const shown = rows.filter((row) => !FOLDED.has(standingOfRow(row)));
  const told =
    diff === undefined ? listed(shown, sweep, hasButtons) : changeBlocks(diff, hasButtons ? sweep.id : undefined);
  const worst = diff === undefined ? shown[0] : ([...diff.new, ...diff.worse][0]?.after ?? shown[0]);
  return slackMessage(
    [
      sentence,
      ...(worst === undefined ? [] : [worstLine(worst, isOfOneHost(sweep, rows))]),
      ...(diff === undefined || diff.gone.length === 0
        ? []
        : [`fine again: ${namesCode(diff.gone.map(({ host }) => host))}`]),
    ].join('\n'),
    [...section([sentence]), ...told, ...section(patternLines(patterns)), ...section(failureLines(rows))],
    buttonRow(view, worst?.host),
  );
}

/** Counted and named, but without a place of their own. */
const FOLDED: ReadonlySet<Standing> = new Set<Standing>(['healthy', 'not-swept']);

/** For a telephone that shows no more than the text: the culprit is in it too. */
function worstLine(worst: RankingRow, isOnly: boolean): string {
  const host = `${code(worst.host)} ${STANDING_WORDS[standingOfRow(worst)]}`;
  return [isOnly ? host : `worst: ${host}`, ...worst.culprits.slice(0, 1).map(culpritLine)].join(', ');
}

const isOfOneHost = ({ asked, targets }: Sweep, rows: readonly RankingRow[]): boolean =>
  targets === 1 && rows.length === 1 && asked?.length === 1 && asked[0] === rows[0]?.host;

/** "12 hosts of `@db`: 1 hung, 2 saturated, 9 healthy; 8.2 s", "`db-1`: saturated; 5.8 s". */
export function sweepSentence(sweep: Sweep, rows: readonly RankingRow[]): string {
  const [only] = rows;
  if (only !== undefined && sweep.status === 'complete' && isOfOneHost(sweep, rows)) {
    return `${code(only.host)}: ${standingOfRow(only).replace('-', ' ')}; ${tookText(sweep)}`;
  }
  const of = sweep.asked === undefined ? ' (this machine)' : ` of ${askedCode(sweep.asked)}`;
  const unvisited = Math.max(0, sweep.targets - rows.length);
  const counts = countTexts(rows);
  const said = [...counts, ...(unvisited > 0 ? [`${inCount(unvisited)} not visited`] : [])];
  const how = sweep.status === 'complete' ? '' : `, ${sweep.status}`;
  const isAllAlike = said.length === 1 && rows.length > 1;
  const all = isAllAlike ? `all ${said[0]?.replace(/^[0-9,.]+ /u, '')}` : said.join(', ');
  return `${counted(rows.length + unvisited, 'host')}${of}${how}: ${all === '' ? 'none was visited' : all}; ${tookText(sweep)}`;
}

/** Worst first: "1 hung", "9 healthy". */
export function countTexts(rows: readonly RankingRow[]): string[] {
  const standings = rows.map(standingOfRow);
  return STANDINGS.flatMap((standing) => {
    const count = standings.filter((each) => each === standing).length;
    return count === 0 ? [] : [`${inCount(count)} ${standing.replace('-', ' ')}`];
  });
}

const MOST_LISTED = 5;
/** The next ones of a kind say nothing new: forty hosts that fell silent must not push the one with a culprit out of the message. */
const MOST_ALIKE = 2;

/** The worst with their reasons; those that would say the same as one above are named below it. */
function listed(rows: readonly RankingRow[], sweep: Sweep, hasButtons: boolean): KnownBlock[] {
  const entries: { readonly row: RankingRow; readonly place: number; readonly alike: string[] }[] = [];
  const kinds = new Map<string, typeof entries>();
  const rest: RankingRow[] = [];
  for (const [index, row] of rows.entries()) {
    const ofKind = kinds.get(kindOf(row)) ?? [];
    const last = ofKind.at(-1);
    const isFull = entries.length >= MOST_LISTED || ofKind.length >= MOST_ALIKE;
    if (isFull && last !== undefined) last.alike.push(row.host);
    else if (isFull) rest.push(row);
    else {
      const entry = { row, place: index + 1, alike: [] };
      entries.push(entry);
      kinds.set(kindOf(row), [...ofKind, entry]);
    }
  }
  return [
    ...entries.flatMap(({ row, place, alike }, index) =>
      rowBlocks(row, place, {
        ...(alike.length > 0 && { lines: [`and ${inCount(alike.length)} more like it: ${namesCode(alike)}`] }),
        // The row of buttons below has the first one's.
        ...(hasButtons && index > 0 && { sweepId: sweep.id }),
      }),
    ),
    ...section(
      rest.length === 0 ? [] : [`and ${countTexts(rest).join(', ')}: ${namesCode(rest.map(({ host }) => host))}`],
    ),
  ];
}

const kindOf = (row: RankingRow): string =>
  JSON.stringify([
    standingOfRow(row),
    row.failureKind ?? null,
    ...row.culprits.map(({ fingerprint }) => fingerprint).sort(),
  ]);

const MOST_PATTERNS = 3;

/** "12 hosts share a culprit: `logging.py`, buffered writes to `/var/log/app-*.log`: `db-[01-12]`". */
function patternLines(patterns: readonly Pattern[]): string[] {
  const more = patterns.length - MOST_PATTERNS;
  return [
    ...patterns.slice(0, MOST_PATTERNS).map(({ program, activity, pathPattern, hosts }) => {
      const what = activityOn(activity, pathPattern === undefined ? undefined : code(pathPattern, 'start'));
      return `${counted(hosts.length, 'host')} share a culprit: ${code(program)}, ${what}: ${namesCode(hosts)}`;
    }),
    ...(more > 0 ? [`and ${counted(more, 'more shared culprit')}`] : []),
  ];
}

const MOST_FAILURES = 6;

/** "3 hosts not swept, connection refused: `web-[1-3]`", the largest group first. */
function failureLines(rows: readonly RankingRow[]): string[] {
  const lost = rows.filter((row) => standingOfRow(row) === 'not-swept');
  const groups = groupBy(lost, ({ failureKind }) => failureKind ?? '').sort((a, b) => b.length - a.length);
  const more = groups.slice(MOST_FAILURES).flat().length;
  return [
    ...groups.slice(0, MOST_FAILURES).map((group) => {
      const names = group.map(({ host }) => host);
      return `${counted(names.length, 'host')} not swept, ${failureWords(group[0]?.failureKind)}: ${namesCode(names)}`;
    }),
    ...(more > 0 ? [`and ${counted(more, 'more host')} not swept for other reasons`] : []),
  ];
}

function failureWords(kind: string | undefined): string {
  if (kind === undefined) return 'no reason is known';
  return Object.hasOwn(FAILURE_KINDS, kind) ? FAILURE_WORDS[kind as keyof typeof FAILURE_WORDS] : code(kind);
}
