/** What many hosts of a fleet have in common, in a line or two however many they are. */
import { type Host, type Report, STANDINGS } from '../../runner/report.ts';
import { culpritTraits } from '../../runner/triage/patterns.ts';
import { inCount } from '../../runner/triage/words.ts';
import { encodeText } from './encode.ts';
import { FAILURE_WORDS } from './failure-words.ts';
import type { FailureGroup } from './failures.ts';
import { cutEnd, cutStart, widthOf, wrap } from './fit.ts';
import { isInterrupted } from './interrupted.ts';
import type { ListedHost } from './listed-hosts.ts';
import { namesWithin } from './names-within.ts';
import { type Paint, paintStanding } from './paint.ts';
import { activityOn, counted, diskFigures, mainCulprit } from './phrases.ts';
import { textLines } from './reason-lines.ts';
import { STANDING_WORDS, standingOf } from './standing.ts';

const INDENT = 4;
const MOST_NAME_LINES = 3;
const MOST_PATTERNS = 8;
const WIDEST_PROGRAM = 40;

/** "12 hosts share a culprit: logging.py, buffered writes to /var/log/app-*.log: db-[01-12]" for each culprit that hosts share. */
export function patternLines({ patterns }: Report, paint: Paint, width: number): string[] {
  const lines = patterns.slice(0, MOST_PATTERNS).flatMap(({ program, activity, pathPattern, hosts }) => {
    const path = pathPattern === undefined ? undefined : cutStart(encodeText(pathPattern), width - INDENT - 1);
    const what = `${cutEnd(encodeText(program), WIDEST_PROGRAM)}, ${activityOn(activity, path)}`;
    return hostsLine(hosts, `${counted(hosts.length, 'host')} share a culprit:`, what, paint.bold, paint, width);
  });
  const more = patterns.length - MOST_PATTERNS;
  return more > 0 ? [...lines, paint.dim(`and ${counted(more, 'more shared culprit')} (--json has all)`)] : lines;
}

/** "12 hosts: connection refused: web-[01-12]", and below what would mend it. */
export function failureLines(group: FailureGroup, paint: Paint, width: number): string[] {
  const differs = group.otherMessages > 0 ? ` (${inCount(group.otherMessages)} differ: --json)` : '';
  const label = `${counted(group.names.length, 'host')}:`;
  return [
    ...hostsLine(group.names, label, FAILURE_WORDS[group.kind], paint.yellow, paint, width),
    ...textLines(group.message + differs, INDENT, width),
  ];
}

/** "5 hosts: interrupted before they were done: db-[1-5]". */
export function interruptedLines(hosts: readonly Host[], paint: Paint, width: number): string[] {
  const names = hosts.filter(isInterrupted).map(({ host }) => host);
  if (names.length === 0) return [];
  const what = `interrupted before ${names.length === 1 ? 'it was' : 'they were'} done`;
  return hostsLine(names, `${counted(names.length, 'host')}:`, what, paint.yellow, paint, width);
}

/** Less is what every disk does that nobody uses. */
const WORTH_SAYING_PERCENT = 5;

/** Healthy hosts in one line, with how near the busiest of them is, and what could not be seen on how many. */
export function healthyLines(hosts: readonly Host[], paint: Paint, width: number): string[] {
  if (hosts.length === 0) return [];
  const busiest = hosts
    .flatMap((host) => host.disks.map((disk) => ({ host, disk })))
    .reduce<{ host: Host; disk: Host['disks'][number] } | undefined>(
      (most, next) => (most && (most.disk.busyPercent ?? 0) >= (next.disk.busyPercent ?? 0) ? most : next),
      undefined,
    );
  const note =
    busiest !== undefined && (busiest.disk.busyPercent ?? 0) >= WORTH_SAYING_PERCENT
      ? `the busiest is ${encodeText(busiest.disk.device)} of ${encodeText(busiest.host.host)}, ${diskFigures(busiest.disk).busy} busy`
      : '';
  const unseen = hosts.filter((host) => host.limits.length > 0).length;
  const limited = unseen > 0 ? `on ${inCount(unseen)} not everything could be seen: --json says what` : '';
  const label = `${inCount(hosts.length)} healthy`;
  const space = width - label.length - 2;
  const names = hosts.map(({ host }) => host);
  const lines = [...namesWithin(names, space, 2), ...textLines(note, 0, space), ...textLines(limited, 0, space)];
  return lines.map((line, index) => `${index === 0 ? paint.green(label) : ' '.repeat(label.length)}  ${line}`);
}

/** Below the last listed host of a kind: "and 43 more HUNG? like these: db-[03-45]", "and 78 more SATURATED by orders.py: …". */
export function alikeLines({ host, place, alike }: ListedHost, paint: Paint, width: number): string[] {
  if (alike.length === 0) return [];
  const programs = host.disks.flatMap((disk) => mainCulprit(disk) ?? []).map((each) => culpritTraits(each).program);
  const what =
    programs.length > 0
      ? ` by ${cutEnd([...new Set(programs)].map(encodeText).join(' and '), WIDEST_PROGRAM)}`
      : ` like ${place > 0 ? 'these' : 'this one'}`;
  const margin = ' '.repeat(INDENT);
  return moreLines(alike, what, paint, width - INDENT).map((line) => margin + line);
}

/** Hosts of whose kind none is listed: "and 190 more busy: web-[11-200]" for each standing, worst first. */
export function restLines(hosts: readonly Host[], paint: Paint, width: number): string[] {
  return STANDINGS.flatMap((standing) =>
    moreLines(
      hosts.filter((host) => standingOf(host) === standing),
      '',
      paint,
      width,
    ),
  );
}

/** Hosts of one standing: "and 12 more busy", `what` is to be said of them, and the names in two lines. */
function moreLines(hosts: readonly Host[], what: string, paint: Paint, width: number): string[] {
  const [first] = hosts;
  if (first === undefined) return [];
  const standing = standingOf(first);
  const word = STANDING_WORDS[standing];
  const before = `and ${inCount(hosts.length)} more `;
  const after = `${cutEnd(what, width - INDENT - widthOf(before + word) - 1)}:`;
  const names = hosts.map(({ host }) => host);
  const used = widthOf(before + word + after);
  const [line = '', ...others] = namesWithin(names, width - INDENT, MOST_NAME_LINES - 1, used);
  return [
    `${before}${paintStanding(paint, standing, word)}${after} ${line}`.trimEnd(),
    ...others.map((other) => ' '.repeat(INDENT) + other),
  ];
}

/** `label` what they share: names. What does not fit beside stands below, the names in a few lines. `what` is encoded. */
function hostsLine(
  names: readonly string[],
  label: string,
  what: string,
  emphasise: (text: string) => string,
  paint: Paint,
  width: number,
): string[] {
  const lead = wrap(`${label} ${what}:`, width - INDENT);
  const last = lead.at(-1) ?? '';
  const [first = '', ...others] = namesWithin(names, width - INDENT, MOST_NAME_LINES, widthOf(last));
  const lines = [...lead.slice(0, -1), `${last} ${paint.bold(first)}`.trimEnd(), ...others.map(paint.bold)];
  return lines.map((line, index) =>
    index > 0 ? ' '.repeat(INDENT) + line : line.startsWith(label) ? emphasise(label) + line.slice(label.length) : line,
  );
}
