/**
 * The report for a person at a terminal: the answer in one line, what hosts share, then the hosts worst first, each unhealthy one with
 * its reason; hosts that say the same fold into a line below the first of them, healthy hosts into one, failures into one for each reason. Where all of that is more than
 * the terminal shows at once, the ranking stands below it once more. A single host reads like an answer (answer.ts).
 */
import { type Report, STANDINGS, type Standing } from '../../runner/report.ts';
import { inCount } from '../../runner/triage/words.ts';
import { tookText } from './age.ts';
import { renderAnswer } from './answer.ts';
import { boardLines } from './board.ts';
import { groupFailures } from './failures.ts';
import { alikeLines, failureLines, healthyLines, interruptedLines, patternLines, restLines } from './folded-lines.ts';
import { detailsOf, hostBlock } from './host-block.ts';
import { isInterrupted } from './interrupted.ts';
import { listHosts } from './listed-hosts.ts';
import { type Paint, paintStanding } from './paint.ts';
import { counted } from './phrases.ts';
import { textLines } from './reason-lines.ts';
import { rowsOf } from './rows.ts';
import { standingOf } from './standing.ts';
import { layOut, titleLine } from './table.ts';

export interface TerminalOptions {
  /** Columns of the terminal; less than 60 is treated as 60. */
  readonly width: number;
  readonly paint: Paint;
  /** Lines of the terminal. Where the text has more, it ends with the ranking once more, a line for each row. Absent: unknown. */
  readonly height?: number;
}

/** Columns; what is narrower is treated as this wide. */
export const NARROWEST = 60;
const INDENT = 4;
/** Hosts that get their whole reason. */
const FULL_REASONS = 10;
/** The command that is worth typing next, and the prompt. */
const LINES_BELOW = 5;
/** Lines of the ranking below a long text, however low the terminal is. */
const FEWEST_RECALLED = 8;
const FOLDED: ReadonlySet<Standing> = new Set<Standing>(['healthy', 'not-swept']);

/** The whole text, with its last line break. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const width = Math.max(NARROWEST, options.width);
  const only = report.hosts.length === 1 ? report.hosts[0] : undefined;
  const lines = only
    ? renderAnswer(only, report.sweep, options.paint, width)
    : withRecap(report, renderFleet(report, options.paint, width), options, width);
  return `${lines.join('\n')}\n`;
}

/** What a person is left with on the screen is who is guilty, not the limits of the last host. */
function withRecap(
  report: Report,
  lines: string[],
  { paint, height = Infinity }: TerminalOptions,
  width: number,
): string[] {
  if (lines.length + LINES_BELOW <= height) return lines;
  const shared = patternLines(report, paint, width);
  const top = [...headline(report, paint, width), ...(shared.length <= height / 3 ? shared : [])];
  const most = Math.max(FEWEST_RECALLED, height - LINES_BELOW - top.length - 1);
  return [...lines, '', ...top, ...boardLines(report.hosts, { width, height: most }, paint)];
}

function renderFleet(report: Report, paint: Paint, width: number): string[] {
  const unhealthy = report.hosts.filter((host) => !FOLDED.has(standingOf(host)) && !isInterrupted(host));
  const { listed, rest } = listHosts(unhealthy);
  const healthy = report.hosts.filter((host) => standingOf(host) === 'healthy');
  const entries = listed.map(({ host }) => rowsOf(host));
  const layout = layOut(
    entries.flatMap(({ rows }) => rows),
    width,
  );
  const details = detailsOf(
    entries,
    listed.map(({ place }) => place),
    FULL_REASONS,
  );
  const isApart = (index: number): boolean => index > 0 && details.slice(index - 1, index + 1).includes('reasons');
  const more =
    rest.length > 0 ||
    listed.some(({ alike }) => alike.length > 0) ||
    entries.some(({ disks }, index) => disks.length > 0 && details[index] !== 'reasons');
  return [
    ...headline(report, paint, width),
    ...section(patternLines(report, paint, width)),
    ...(listed.length > 0 ? ['', paint.dim(titleLine(layout))] : []),
    ...entries.flatMap((entry, index) => [
      ...(isApart(index) ? [''] : []),
      ...hostBlock(entry, details[index] ?? 'reasons', layout, paint, width),
      ...listed.slice(index, index + 1).flatMap((host) => alikeLines(host, paint, width)),
    ]),
    ...section([
      ...restLines(rest, paint, width),
      ...(more ? textLines(HOW_TO_SEE_ALL, 0, width).map((line) => paint.dim(line)) : []),
    ]),
    ...section(healthyLines(healthy, paint, width)),
    ...section(groupFailures(report.hosts).flatMap((group) => failureLines(group, paint, width))),
    ...section(interruptedLines(report.hosts, paint, width)),
  ];
}

const HOW_TO_SEE_ALL = 'the whole of one host: whodisk explain HOST; of all: --plain or --json';

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** "4 hosts: 1 saturated, 2 healthy, 1 not swept  5.8 s"; broken between its parts where the terminal is narrow. */
function headline({ sweep, hosts }: Report, paint: Paint, width: number): string[] {
  const counts = STANDINGS.flatMap((standing) => {
    const count = hosts.filter((host) => standingOf(host) === standing).length;
    const text = `${inCount(count)} ${standing.replace('-', ' ')}`;
    return count === 0 ? [] : [{ text, painted: paintStanding(paint, standing, text) }];
  });
  const note = `${sweep.status === 'complete' ? '' : `${sweep.status}, `}${tookText(sweep)}`;
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
