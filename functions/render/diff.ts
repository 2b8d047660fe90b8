/** `whodisk diff`: what is new, worse, better and gone between two sweeps; hosts with the same change in one line. */
import type { Sweep } from '../../runner/report.ts';
import type { Change, Diff } from '../../runner/triage/diff.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { inCount, inTime } from '../../runner/triage/words.ts';
import { agoText, utcText } from './age.ts';
import { askedText } from './asked-text.ts';
import { encodeText } from './encode.ts';
import { cutEnd, pad, widthOf } from './fit.ts';
import { foldNames } from './fold-names.ts';
import { groupBy } from './group-by.ts';
import { namesWithin } from './names-within.ts';
import { type Paint, paintChange } from './paint.ts';
import { counted } from './phrases.ts';
import { textLines } from './reason-lines.ts';
import { NARROWEST, type TerminalOptions } from './terminal.ts';
import { formatPercent } from './units.ts';

export interface DiffFacts {
  readonly from: Sweep;
  readonly to: Sweep;
  /** The present, in milliseconds since 1970. */
  readonly nowMs: number;
}

type Section = Exclude<keyof Diff, 'unchanged'>;

/** In the order in which they are shown: what needs somebody first. */
const TITLES = {
  new: 'NEW',
  worse: 'WORSE',
  better: 'better',
  gone: 'gone',
  notCompared: 'not compared',
} as const satisfies Record<Section, string>;
const SECTIONS = Object.keys(TITLES) as readonly Section[];

const INDENT = 4;
const MOST_GROUPS = 20;
const MOST_NAME_LINES = 3;

/** For a terminal: the whole text, with its last line break. */
export function renderDiff(diff: Diff, facts: DiffFacts, options: TerminalOptions): string {
  const { paint } = options;
  const width = Math.max(NARROWEST, options.width);
  const lines = [
    ...sweepLines('from', facts.from, facts.nowMs, paint, width),
    ...sweepLines('to', facts.to, facts.nowMs, paint, width),
    ...textLines(countsText(diff), 0, width).map((line) => paint.bold(line)),
    ...SECTIONS.flatMap((section) => sectionLines(section, diff[section], paint, width)),
  ];
  return `${lines.join('\n')}\n`;
}

/** For a pipe: a line for each host of which there is something to say. */
export function renderDiffPlain(diff: Diff, { from, to }: DiffFacts): string {
  const lines = [
    `diff: from ${encodeText(from.id)} of ${from.startedAt} to ${encodeText(to.id)} of ${to.startedAt}: ${countsText(diff)}`,
    ...SECTIONS.flatMap((section) =>
      diff[section].map((change) => {
        const details = section === 'notCompared' ? [] : detailTexts(change);
        const said = `${TITLES[section].toLowerCase()}: ${encodeText(change.host)}: ${encodeText(change.change)}`;
        return details.length === 0 ? said : `${said}: ${details.join('; ')}`;
      }),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function sweepLines(label: string, sweep: Sweep, nowMs: number, paint: Paint, width: number): string[] {
  const { swept, targets, status, startedAt } = sweep;
  const asked = askedText(sweep.asked);
  const when = `${utcText(startedAt)}, ${agoText(Date.parse(startedAt), nowMs)}`;
  const how = `${swept} of ${counted(targets, 'target')} swept${status === 'complete' ? '' : ` (${status})`}`;
  const text = `${encodeText(sweep.id)}: ${when}; ${how}: ${cutEnd(asked, 60)}`;
  return textLines(text, 6, width).map((line, index) => paint.dim(index === 0 ? pad(label, 6) + line.slice(6) : line));
}

/** "2 new, 1 worse, 3 gone; 290 unchanged, 4 not compared"; in so many words where there is no news. */
function countsText(diff: Diff): string {
  const news = (['new', 'worse', 'better', 'gone'] as const).filter((section) => diff[section].length > 0);
  const aside = [
    `${inCount(diff.unchanged)} unchanged`,
    ...(diff.notCompared.length > 0 ? [`${inCount(diff.notCompared.length)} not compared`] : []),
  ].join(', ');
  if (news.length > 0)
    return `${news.map((section) => `${inCount(diff[section].length)} ${section}`).join(', ')}; ${aside}`;
  return diff.unchanged === 0 ? `Nothing can be said of a change: ${aside}` : `Nothing has changed: ${aside}`;
}

function sectionLines(section: Section, changes: readonly Change[], paint: Paint, width: number): string[] {
  if (changes.length === 0) return [];
  const groups = groupBy(changes, ({ change }) => change);
  const more = groups.slice(MOST_GROUPS).reduce((sum, group) => sum + group.length, 0);
  return [
    '',
    paintChange(paint, section, TITLES[section]),
    ...groups.slice(0, MOST_GROUPS).flatMap((group) => groupLines(group, section, paint, width)),
    ...(more > 0 ? [paint.dim(`and ${counted(more, 'more host')}: --plain or --json has all`)] : []),
  ];
}

/** One host with its figures, or several in a line: "12 hosts: saturated by logging.py; was healthy: db-[01-12]". */
function groupLines(group: readonly Change[], section: Section, paint: Paint, width: number): string[] {
  const [first, ...others] = group;
  if (first === undefined) return [];
  const isAlone = others.length === 0;
  const lead = isAlone ? encodeText(first.host) : counted(group.length, 'host');
  const names = group.map(({ host }) => host);
  const sentence = `${lead}: ${encodeText(first.change)}`;
  const folded = isAlone ? '' : foldNames(names).map(encodeText).join(', ');
  const fits = widthOf(sentence) + widthOf(folded) + 2 <= width;
  const [line = '', ...rest] = textLines(`${sentence}${isAlone ? '' : fits ? `: ${folded}` : ':'}`, 0, width - INDENT);
  const below = isAlone
    ? (section === 'notCompared' ? [] : detailTexts(first)).flatMap((text) => textLines(text, 0, width - INDENT))
    : fits
      ? []
      : namesWithin(names, width - INDENT, MOST_NAME_LINES).map((text) => paint.bold(text));
  const painted = line.startsWith(lead) ? paint.bold(lead) + line.slice(lead.length) : line;
  return [painted, ...[...rest, ...below].map((text) => ' '.repeat(INDENT) + text)];
}

/** "sda, 99.2 % busy, await 7.3 s, score 88, /tmp/logtest.txt" and "before: 3 % busy, await 0.3 ms, score 3". */
function detailTexts({ before, after }: Change): string[] {
  const device = deviceText(after);
  const path = pathText(after);
  const now = [device, figuresText(after), path].filter((part) => part !== '').join(', ');
  const then = [
    deviceText(before) === device ? '' : deviceText(before),
    figuresText(before),
    pathText(before) === path ? '' : pathText(before),
  ].filter((part) => part !== '');
  return [now, then.length === 0 ? '' : `before: ${then.join(', ')}`].filter((part) => part !== '');
}

const deviceText = (row: RankingRow | undefined): string => encodeText(row?.device ?? '');
const pathText = (row: RankingRow | undefined): string => encodeText(row?.culprits[0]?.path ?? '');

function figuresText(row: RankingRow | undefined): string {
  if (row === undefined || row.status === 'not-swept') return '';
  return [
    row.busyPercent === undefined ? '' : `${formatPercent(row.busyPercent)} busy`,
    row.awaitMs === undefined ? '' : `await ${inTime(row.awaitMs)}`,
    `score ${Math.round(row.score)}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
