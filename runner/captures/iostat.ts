/**
 * iostat -x (iostat(1) of sysstat 9 to 12): a report for each interval, in each a row for each device. Titles have changed with the
 * versions: avgqu-sz became aqu-sz, sectors became kB, await was split into r_await and w_await, f/s came with 12. The first report of
 * a call is the average since boot, unless -y was given.
 */
import type { DiskActivity } from '../triage/samples.ts';
import { type CaptureLine, placeOf } from './capture-line.ts';
import { clockOf } from './clock.ts';
import { activityOf, type IostatRow, rowOf } from './iostat-row.ts';
import type { Section } from './split-captures.ts';
import { type Titles, unbroken, wordsOf } from './table.ts';

export interface IostatReport {
  /** Seconds since midnight, where -t was given. */
  readonly clock?: number;
  /** What happened in one interval. */
  readonly disks: readonly DiskActivity[];
}

export interface Iostat {
  /** Of intervals only. */
  readonly reports: readonly IostatReport[];
  readonly limits: readonly string[];
  /** Devices were named in the call, so that there may be others. */
  readonly isPicked: boolean;
}

const MAX_REPORTS = 3600;
const MAX_DEVICES = 512;

export function parseIostat({ lines, words, banner }: Section): Iostat {
  const limits: string[] = [];
  const found: { line: CaptureLine; clock?: number; rows: IostatRow[] }[] = [];
  let clock: number | undefined;
  let titles: Titles | undefined;
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] as CaptureLine;
    if (isTitleLine(line.text)) {
      // A broken line of titles ends with %util.
      const whole = unbroken(lines, i, MOST_TITLES, (text) => /\d/u.test(text) || wordsOf(line.text).includes('%util'));
      titles = whole.words.map((title) => title.replace(/:$/u, ''));
      const lacks = ['r/s', 'w/s', '%util'].filter((title) => !titles?.includes(title));
      if (lacks.length > 0) {
        const isPlain = !titles.includes('%util');
        limits.push(
          `${placeOf(line)}: ${isPlain ? 'iostat without -x tells no busy time and no latency' : `iostat has no column ${lacks.join(' and ')}`}: it is left out`,
        );
        titles = undefined;
      } else if (found.length < MAX_REPORTS) found.push({ line, rows: [], ...(clock !== undefined && { clock }) });
      i = whole.next;
      continue;
    }
    if (/^\s*avg-cpu/u.test(line.text)) titles = undefined;
    const report = found.at(-1);
    if (titles && report) {
      const row = unbroken(lines, i, titles.length, (text) => /^\s*[a-zA-Z]/u.test(text));
      const disk = row.words.length === titles.length ? rowOf(titles, row.words) : undefined;
      if (disk && report.rows.length < MAX_DEVICES) report.rows.push(disk);
      else if (!disk && wordsOf(line.text).length > 2 && clockOf(line.text) === undefined)
        limits.push(`${placeOf(line)}: this row of iostat does not fit its titles and is left out`);
      if (row.words.length === titles.length) {
        i = row.next;
        continue;
      }
    }
    const time = clockOf(line.text);
    if (time !== undefined && wordsOf(line.text).length <= 3) clock = time;
    i++;
  }
  if (found.length === MAX_REPORTS) limits.push(`iostat: the first ${MAX_REPORTS} reports were read`);
  const options = (words ?? []).filter((word) => word.startsWith('-'));
  const isOmitted = options.some((word) => /^-[a-zA-Z]*y/u.test(word));
  // A call without an interval, or for one report, prints that one only (iostat(1)).
  const [interval, times] = numbersOf(words);
  const isBoot = banner !== undefined || (words !== undefined && (interval === undefined || times === 1));
  const intervals = found.slice(isOmitted || (found.length === 1 && !isBoot) ? 0 : 1);
  const [first] = found;
  if (first && intervals.length === 0) {
    limits.push(
      `${placeOf(first.line)}: the only report of iostat is the average since boot, which says nothing of now: paste two or more (iostat -x 1 3)`,
    );
  }
  if (first && found.length === 1 && !isBoot && !isOmitted) {
    limits.push(
      'iostat: its only report stands without the first line of a call, so it is taken for that of an interval, not for the average since boot',
    );
  }
  const seconds = interval ?? betweenReports(intervals.map((report) => report.clock)) ?? 1;
  return {
    reports: intervals.map((report) => ({
      ...(report.clock !== undefined && { clock: report.clock }),
      disks: report.rows.map((row) => activityOf(row, seconds)),
    })),
    limits: firstFew(limits),
    isPicked: (words ?? []).some((word) => /^[a-z]/u.test(word)) || options.some((word) => /^-[a-zA-Z]*p/u.test(word)),
  };
}

/** sysstat 12 has 23. */
const MOST_TITLES = 23;
const isTitleLine = (text: string): boolean =>
  /^\s*Device:?\s/u.test(text) || (/\sDevice:?$/u.test(text) && /(?:r\/s|tps)/u.test(text));

const MOST_LIMITS = 5;
const firstFew = (limits: readonly string[]): string[] =>
  limits.length <= MOST_LIMITS
    ? [...limits]
    : [...limits.slice(0, MOST_LIMITS), `iostat: and ${limits.length - MOST_LIMITS} more lines of this kind`];

/** The numbers among the words of the call: the interval in seconds and how many reports, as far as they were given. */
const numbersOf = (words: readonly string[] = []): number[] =>
  words
    .filter((word, i) => /^\d{1,4}$/u.test(word) && !/^-[jpgf]$/u.test(words[i - 1] ?? ''))
    .map(Number)
    .filter((number) => number >= 1);

function betweenReports(clocks: readonly (number | undefined)[]): number | undefined {
  const [first, second] = clocks;
  const seconds = first === undefined || second === undefined ? 0 : second - first;
  return seconds >= 1 && seconds <= 3600 ? seconds : undefined;
}
