/**
 * pidstat -d (pidstat(1) of sysstat 9 to 12): who reads and writes how much, and waits how long. Columns of other reports may stand
 * beside them (-dru -h), threads below their process (-t), and whole command lines in the place of names (-l). -1 is what the caller
 * was not allowed to read.
 */
import { type CaptureLine, placeOf } from './capture-line.ts';
import { clockOf } from './clock.ts';
import { nameOfCommand } from './command-name.ts';
import { quantityOf } from './quantity.ts';
import type { Section } from './split-captures.ts';
import type { Titles } from './table.ts';

export interface PidstatRow {
  readonly pid: number;
  readonly uid?: number;
  readonly command: string;
  /** Bytes a second; absent where they could not be read. */
  readonly bytes?: { readonly read: number; readonly written: number; readonly cancelled: number };
  /** Clock ticks in the interval; absent in sysstat before 11. */
  readonly delayTicks?: number;
}

export interface Pidstat {
  readonly reports: readonly (readonly PidstatRow[])[];
  /** Seconds since midnight, of the last report. */
  readonly clock?: number;
  readonly limits: readonly string[];
}

const MAX_ROWS = 100_000;
const KIB = 1024;

export function parsePidstat({ lines, words = [] }: Section): Pidstat {
  const limits: string[] = [];
  const reports = new Map<string, PidstatRow[]>();
  const isLong = words.some((word) => /^-[a-zA-Z]*l/u.test(word));
  let titles: Titles | undefined;
  let lead = 0;
  let titleClock: number | undefined;
  let part = 0;
  let count = 0;
  let clock: number | undefined;
  for (const line of lines) {
    const cells = [...line.text.matchAll(/\S+/gu)];
    const given = cells.map(([word]) => word);
    if (/^\s*(?:Average|Summary)/u.test(line.text)) continue;
    if (given.at(-1) === 'Command' && given.some((word) => /^(?:PID|TGID)$/u.test(word))) {
      // The time, AM or PM, or "#" of -h stand before the first title; rows have as many words there, but for the "#".
      const first = given.findIndex((word) => /^(?:UID|USER|TGID|PID)$/u.test(word));
      titles = given.slice(first);
      lead = first - (given[0] === '#' ? 1 : 0);
      titleClock = clockOf(line.text);
      part++;
      if (!titles.includes('kB_rd/s') || !titles.includes('kB_wr/s')) {
        limits.push(`${placeOf(line)}: pidstat without -d says nothing of reads and writes: it is left out`);
        titles = undefined;
      }
      continue;
    }
    if (!titles) continue;
    const row = rowOf(line, cells, titles, lead, isLong);
    if (row === undefined) {
      const isWhole = given.length >= lead + titles.length;
      if (isWhole) limits.push(`${placeOf(line)}: this row of pidstat does not fit its titles and is left out`);
      continue;
    }
    if (row === 'thread') continue;
    const time = lead === 0 ? undefined : clockOf(given.slice(0, lead).join(' '));
    // Without an interval the titles carry the time of the rows: pidstat(1), "statistics since boot".
    if (time !== undefined && time === titleClock) {
      limits.push(`${placeOf(line)}: these figures of pidstat are averages since boot, which say nothing of now`);
      titles = undefined;
      continue;
    }
    if (++count > MAX_ROWS) continue;
    clock = time ?? clock;
    const key = lead === 0 ? `part ${part}` : given.slice(0, lead).join(' ');
    const rows = reports.get(key);
    if (rows) rows.push(row);
    else reports.set(key, [row]);
  }
  if (count > MAX_ROWS) limits.push(`pidstat: the first ${MAX_ROWS} of ${count} rows were read`);
  const list = [...reports.values()];
  return { reports: list, limits: [...new Set(limits)].slice(0, MOST_LIMITS), ...(clock !== undefined && { clock }) };
}

const MOST_LIMITS = 5;

function rowOf(
  { text }: CaptureLine,
  cells: readonly RegExpMatchArray[],
  titles: Titles,
  lead: number,
  isLong: boolean,
): PidstatRow | 'thread' | undefined {
  const cell = (title: string): string | undefined => {
    const at = titles.indexOf(title);
    return at < 0 ? undefined : cells[lead + at]?.[0];
  };
  // The name comes last and may hold blanks.
  const named = cells[lead + titles.length - 1];
  if (named?.index === undefined) return undefined;
  const pidText = cell('PID') ?? cell('TGID') ?? '';
  if (pidText === '-') return 'thread';
  const [read, written] = [quantityOf(cell('kB_rd/s'), KIB), quantityOf(cell('kB_wr/s'), KIB)];
  const cancelled = quantityOf(cell('kB_ccwr/s'), KIB) ?? 0;
  if (!/^\d{1,10}$/u.test(pidText) || Number(pidText) === 0 || read === undefined || written === undefined)
    return undefined;
  const uid = cell('UID') ?? '';
  const delay = cell('iodelay') ?? '';
  return {
    pid: Number(pidText),
    command: nameOfCommand(text.slice(named.index), isLong),
    ...(/^\d{1,10}$/u.test(uid) && { uid: Number(uid) }),
    ...(read >= 0 && written >= 0 && { bytes: { read, written, cancelled: Math.max(0, cancelled) } }),
    ...(/^\d{1,12}$/u.test(delay) && { delayTicks: Number(delay) }),
  };
}
