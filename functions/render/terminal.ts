/**
 * The report for a person at a terminal: the answer in one line, then the hosts worst first, each unhealthy one with its reason;
 * healthy hosts fold into one line, failures into one for each reason. A single host reads like an answer (answer.ts).
 */
import type { Host, Report } from '../../runner/report.ts';
import { compareNaturally } from '../../runner/triage/natural-order.ts';
import { inTime } from '../../runner/triage/words.ts';
import { renderAnswer } from './answer.ts';
import { encodeText } from './encode.ts';
import { type FailureGroup, groupFailures } from './failures.ts';
import { cutEnd } from './fit.ts';
import { foldNames } from './fold-names.ts';
import { type Paint, paintStanding } from './paint.ts';
import { counted, diskFigures } from './phrases.ts';
import { reasonLines, textLines } from './reason-lines.ts';
import { diskReasons, hostReasons } from './reasons.ts';
import { type HostRows, rowsOf } from './rows.ts';
import { STANDING_WORDS, type Standing, standingOf } from './standing.ts';
import { type Column, type Layout, layOut, rowLine, showsWhole, titleLine } from './table.ts';

export interface TerminalOptions {
  /** Columns of the terminal; less than 60 is treated as 60. */
  readonly width: number;
  readonly paint: Paint;
}

const NARROWEST = 60;
const INDENT = 4;
/** Hosts that get their whole reason; of the others there is the summary: a terminal that scrolls away helps nobody. */
const FULL_REASONS = 10;
const MOST_LIMITS = 2;
const FOLDED: ReadonlySet<Standing> = new Set<Standing>(['healthy', 'not-swept']);

/** The whole text, with its last line break. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const width = Math.max(NARROWEST, options.width);
  const only = report.hosts.length === 1 ? report.hosts[0] : undefined;
  const lines = only
    ? renderAnswer(only, report.sweep, options.paint, width)
    : renderFleet(report, options.paint, width);
  return `${lines.join('\n')}\n`;
}

function renderFleet(report: Report, paint: Paint, width: number): string[] {
  const listed = report.hosts.filter((host) => !FOLDED.has(standingOf(host))).map(rowsOf);
  const healthy = report.hosts.filter((host) => standingOf(host) === 'healthy');
  const layout = layOut(
    listed.flatMap(({ rows }) => rows),
    width,
  );
  return [
    ...headline(report, paint, width),
    ...(listed.length > 0 ? ['', paint.dim(titleLine(layout))] : []),
    ...listed.flatMap((entry, index) => [
      ...(index > 0 && index <= FULL_REASONS ? [''] : []),
      ...hostBlock(entry, index < FULL_REASONS, layout, paint, width),
    ]),
    ...section(healthyLines(healthy, paint, width)),
    ...section(groupFailures(report.hosts).flatMap((group) => failureLines(group, paint, width))),
    ...section(patternLines(report, paint, width)),
  ];
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** "4 hosts: 1 saturated, 2 healthy, 1 not swept  5.8 s"; broken between its parts where the terminal is narrow. */
function headline({ sweep, hosts }: Report, paint: Paint, width: number): string[] {
  const counts = (Object.keys(STANDING_WORDS) as Standing[]).flatMap((standing) => {
    const count = hosts.filter((host) => standingOf(host) === standing).length;
    const text = `${count} ${standing.replace('-', ' ')}`;
    return count === 0 ? [] : [{ text, painted: paintStanding(paint, standing, text) }];
  });
  const tookMs = Date.parse(sweep.finishedAt ?? sweep.startedAt) - Date.parse(sweep.startedAt);
  const note = `${sweep.status === 'complete' ? '' : `${sweep.status}, `}${inTime(Math.max(0, tookMs))}`;
  const start = `${counted(hosts.length, 'host')}: `;
  const lines = [paint.bold(start.trimEnd())];
  let used = start.length - 1;
  const add = (gap: string, text: string, painted: string): void => {
    if (used + gap.length + text.length <= width) {
      lines.push(`${lines.pop() ?? ''}${gap}${painted}`);
      used += gap.length + text.length;
      return;
    }
    lines.push(' '.repeat(INDENT) + painted);
    used = INDENT + text.length;
  };
  for (const [index, { text, painted }] of counts.entries()) {
    const comma = index < counts.length - 1 ? ',' : '';
    add(' ', text + comma, painted + comma);
  }
  add('  ', note, paint.dim(note));
  return lines;
}

function hostBlock(
  { host, rows, disks }: HostRows,
  full: boolean,
  layout: Layout,
  paint: Paint,
  width: number,
): string[] {
  const standing = standingOf(host);
  const paintCell = (column: Column, cell: string): string => {
    if (column === 'verdict') return paintStanding(paint, standing, cell);
    return column === 'host' || column === 'culprit' ? paint.bold(cell) : column === 'rank' ? paint.dim(cell) : cell;
  };
  const several = disks.length > 1;
  const reasons = full
    ? [
        ...disks.flatMap(({ disk, firstRow }) => [
          ...(several ? [{ label: encodeText(disk.device), text: `${disk.verdict}:` }] : []),
          ...diskReasons(disk, {
            figures: new Set(layout.keys()),
            file: showsWhole(layout, 'file', firstRow.file),
          }),
        ]),
        ...hostReasons(host, MOST_LIMITS),
      ]
    : [];
  return [
    ...rows.map((row) => rowLine(row, layout, paintCell)),
    ...textLines(encodeText(host.summary), INDENT, width),
    ...reasonLines(reasons, INDENT, width, paint),
  ];
}

/** Healthy hosts in one line, with how near the busiest of them is, and what could not be seen on how many. */
function healthyLines(hosts: readonly Host[], paint: Paint, width: number): string[] {
  if (hosts.length === 0) return [];
  const names = [...hosts].map(({ host }) => host).sort(compareNaturally);
  const busiest = hosts
    .flatMap((host) => host.disks.map((disk) => ({ host, disk })))
    .reduce<{ host: Host; disk: Host['disks'][number] } | undefined>(
      (most, next) => (most && (most.disk.busyPercent ?? 0) >= (next.disk.busyPercent ?? 0) ? most : next),
      undefined,
    );
  const figures = busiest && diskFigures(busiest.disk);
  const note = figures?.busy
    ? `the busiest is ${encodeText(busiest?.disk.device ?? '')} of ${encodeText(busiest?.host.host ?? '')}, ${figures.busy}`
    : '';
  const unseen = hosts.filter((host) => host.limits.length > 0).length;
  const limited = unseen > 0 ? `on ${unseen} not everything could be seen: --json says what` : '';
  const label = `${hosts.length} healthy`;
  const space = width - label.length - 2;
  const lines = [...foldedWithin(names, space, 2), ...textLines(note, 0, space), ...textLines(limited, 0, space)];
  return lines.map((line, index) => `${index === 0 ? paint.green(label) : ' '.repeat(label.length)}  ${line}`);
}

/** Names in at most `most` lines: those that do not fit are counted. */
function foldedWithin(names: readonly string[], width: number, most: number): string[] {
  const folded = foldNames(names).map(encodeText);
  for (let kept = folded.length; kept > 0; kept--) {
    const more = kept < folded.length ? ` and ${folded.length - kept} more` : '';
    const lines = textLines(folded.slice(0, kept).join(', ') + more, 0, width);
    if (lines.length <= most || kept === 1) return lines;
    // One name less at a time is slow with thousands: none of them is shorter than a letter and a comma.
    kept = Math.min(kept, Math.ceil((width * most) / 2));
  }
  return [];
}

function failureLines(group: FailureGroup, paint: Paint, width: number): string[] {
  const differs = group.otherMessages > 0 ? ` (${group.otherMessages} differ: --json)` : '';
  const label = `${group.count} not swept`;
  const reason = cutEnd(`${group.kind}: ${group.reason}`, width - label.length - 2);
  return [
    `${paint.yellow(label)}  ${reason}`,
    ...textLines(group.names, INDENT, width).map((line) => paint.bold(line)),
    ...textLines(group.message + differs, INDENT, width),
  ];
}

function patternLines({ patterns }: Report, paint: Paint, width: number): string[] {
  return patterns.flatMap(({ program, activity, pathPattern, hosts }) => {
    const what = [encodeText(program), activity, pathPattern === undefined ? '' : encodeText(pathPattern)];
    const names = foldNames([...hosts].sort(compareNaturally))
      .map(encodeText)
      .join(', ');
    const [first = '', ...others] = textLines(`${what.filter(Boolean).join(', ')}: ${names}`, 0, width - 19);
    const label = `shared by ${hosts.length}`;
    return [`${paint.bold(label)}  ${first}`, ...others.map((line) => ' '.repeat(label.length + 2) + line)];
  });
}
