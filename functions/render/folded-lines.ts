/** What many hosts of a fleet have in common, in a line or two however many they are. */
import { type Host, type Report, STANDINGS } from '../../runner/report.ts';
import { encodeText } from './encode.ts';
import { FAILURE_WORDS } from './failure-words.ts';
import type { FailureGroup } from './failures.ts';
import { cutEnd, widthOf } from './fit.ts';
import { namesWithin } from './names-within.ts';
import { type Paint, paintStanding } from './paint.ts';
import { counted, diskFigures } from './phrases.ts';
import { textLines } from './reason-lines.ts';
import { STANDING_WORDS, standingOf } from './standing.ts';

const INDENT = 4;
const MOST_NAME_LINES = 3;
const MOST_PATTERNS = 8;

/** "12 hosts: logging.py, buffered-write, /var/log/app-*.log: db-[01-12]" for each culprit that hosts share. */
export function patternLines({ patterns }: Report, paint: Paint, width: number): string[] {
  const lines = patterns.slice(0, MOST_PATTERNS).flatMap(({ program, activity, pathPattern, hosts }) => {
    const what = [encodeText(program), activity, pathPattern === undefined ? '' : encodeText(pathPattern)];
    return hostsLine(hosts, what.filter(Boolean).join(', '), paint.bold, paint, width);
  });
  const more = patterns.length - MOST_PATTERNS;
  return more > 0 ? [...lines, paint.dim(`and ${counted(more, 'more shared culprit')} (--json has all)`)] : lines;
}

/** "12 hosts: connection refused: web-[01-12]", and below what would mend it. */
export function failureLines(group: FailureGroup, paint: Paint, width: number): string[] {
  const differs = group.otherMessages > 0 ? ` (${group.otherMessages} differ: --json)` : '';
  return [
    ...hostsLine(group.names, FAILURE_WORDS[group.kind], paint.yellow, paint, width),
    ...textLines(group.message + differs, INDENT, width),
  ];
}

/** Healthy hosts in one line, with how near the busiest of them is, and what could not be seen on how many. */
export function healthyLines(hosts: readonly Host[], paint: Paint, width: number): string[] {
  if (hosts.length === 0) return [];
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
  const names = hosts.map(({ host }) => host);
  const lines = [...namesWithin(names, space, 2), ...textLines(note, 0, space), ...textLines(limited, 0, space)];
  return lines.map((line, index) => `${index === 0 ? paint.green(label) : ' '.repeat(label.length)}  ${line}`);
}

/** Hosts that have no row: "and 190 more busy  web-[11-200]" for each standing, worst first. */
export function restLines(hosts: readonly Host[], paint: Paint, width: number): string[] {
  return STANDINGS.flatMap((standing) => {
    const names = hosts.filter((host) => standingOf(host) === standing).map(({ host }) => host);
    if (names.length === 0) return [];
    const count = `and ${names.length} more `;
    const word = STANDING_WORDS[standing];
    const used = count.length + word.length + 1;
    const [first = '', ...others] = namesWithin(names, width - INDENT, 2, used);
    return [
      `${count}${paintStanding(paint, standing, word)}  ${first}`.trimEnd(),
      ...others.map((line) => ' '.repeat(INDENT) + line),
    ];
  });
}

/** "12 hosts: what they share: names", the names in a few lines below where they do not fit beside. */
function hostsLine(
  names: readonly string[],
  what: string,
  emphasise: (text: string) => string,
  paint: Paint,
  width: number,
): string[] {
  const label = `${counted(names.length, 'host')}:`;
  const beside = ` ${cutEnd(what, width - label.length - 2)}:`;
  const [first = '', ...others] = namesWithin(names, width - INDENT, MOST_NAME_LINES, label.length + widthOf(beside));
  const lines = others.map((line) => ' '.repeat(INDENT) + paint.bold(line));
  return [`${emphasise(label)}${beside} ${paint.bold(first)}`.trimEnd(), ...lines];
}
