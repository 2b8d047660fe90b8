/** Why a host got its verdict, as labelled sentences: the lines below a host in the table, and the whole of an answer. */
import type { VisitedHost } from '../../runner/report.ts';
import type { Disk } from '../../runner/triage/finding.ts';
import { inBytes } from '../../runner/triage/words.ts';
import { encodeText } from './encode.ts';
import {
  bystanderText,
  culpritLoad,
  culpritName,
  culpritTraits,
  diskTraffic,
  diskTraits,
  evidenceTexts,
  figureTexts,
  fileText,
  mainCulprit,
  unexplainedText,
} from './phrases.ts';
import { sparkline } from './sparkline.ts';
import { formatPercent } from './units.ts';

/** A label and what it says; `text` is encoded and one line however long. */
export interface Reason {
  readonly label: string;
  readonly text: string;
}

/** What is told elsewhere already. */
export interface Known {
  readonly figures: ReadonlySet<string>;
  readonly file: boolean;
}

/** What is worth knowing of one disk, beside what is `known`. */
export function diskReasons(disk: Disk, known: Known): Reason[] {
  const culprits = [...disk.culprits].sort((a, b) => b.share - a.share);
  return reasons(
    ['load', loadText(disk, known.figures)],
    ['ceiling', disk.ceiling && encodeText(disk.ceiling.summary)],
    ...culprits.flatMap((culprit, index): Line[] => [
      [index === 0 ? 'culprit' : 'also', `${culpritName(culprit)}: ${culpritLoad(culprit)}`],
      ['', culpritTraits(culprit).join(', ')],
      ['command', culprit.commandLine === undefined ? undefined : encodeText(culprit.commandLine)],
      ...(known.file && index === 0 && culprit.files.length < 2
        ? []
        : capped(culprit.files.map(fileText), 4).map((file, i): Line => [i === 0 ? 'file' : '', file])),
      ...capped(evidenceTexts(culprit, disk), 6).map((text, i): Line => [i === 0 ? 'why' : '', text]),
    ]),
    ['unknown', unexplainedText(disk)],
    ['carriers', capped(disk.carriers.map(bystanderText), 4).join('; ')],
    ['victims', capped(disk.victims.map(bystanderText), 4).join('; ')],
    ['advice', encodeText(mainCulprit(disk)?.advice ?? '')],
    ['disk', diskTraits(disk).join(', ')],
  );
}

/** What is worth knowing of the host as a whole; of many limits the first `mostLimits`. */
export function hostReasons(host: VisitedHost, mostLimits: number): Reason[] {
  return reasons(
    ['failed', failureText(host)],
    ...host.explanations.flatMap(({ summary, evidence }): Line[] => [
      ['instead', encodeText(summary)],
      ...capped(evidence.map(encodeText), 4).map((text): Line => ['', text]),
    ]),
    ['host', machineText(host)],
    ...capped(host.limits.map(encodeText), mostLimits).map((text, i): Line => [i === 0 ? 'limits' : '', text]),
  );
}

type Line = [label: string, text: string | undefined];

function reasons(...lines: Line[]): Reason[] {
  return lines.flatMap(([label, text]) => (text === undefined || text === '' ? [] : [{ label, text }]));
}

function capped(texts: readonly string[], most: number): string[] {
  return texts.length <= most
    ? [...texts]
    : [...texts.slice(0, most), `and ${texts.length - most} more (--json has all)`];
}

function loadText(disk: Disk, known: ReadonlySet<string>): string {
  const trend = sparkline(
    (disk.timeline ?? []).map((point) => point.inFlight),
    20,
  );
  return [
    ...figureTexts(disk, known),
    ...diskTraffic(disk),
    ...(trend === undefined ? [] : [`in flight ${trend}`]),
  ].join(', ');
}

/** Why the host was lost or cut short, unless its summary or its limits say it already. */
export function failureText({ failure, summary, limits }: VisitedHost): string | undefined {
  const said = failure === undefined || [summary, ...limits].some((text) => text.includes(failure.message));
  return said ? undefined : encodeText(failure.message);
}

/** The CPU that waits most, and the memory that matters to a disk. */
function machineText({ cpu, memory, kernel, privilege }: VisitedHost): string {
  const waiting = cpu?.perCpu.reduce(
    (most, next) => (next.iowaitPercent > most.iowaitPercent ? next : most),
    cpu.perCpu[0] ?? NO_CPU,
  );
  const amount = (bytes: number | undefined, least: number, words: string): string | undefined =>
    bytes === undefined || bytes < least ? undefined : `${inBytes(bytes)} ${words}`;
  return [
    waiting && waiting.iowaitPercent >= 10
      ? `cpu${waiting.cpu} waits for I/O ${formatPercent(waiting.iowaitPercent)} of the time`
      : undefined,
    amount(memory?.dirtyBytes, 10e6, 'dirty'),
    amount(memory?.writebackBytes, 10e6, 'under writeback'),
    amount(memory?.cacheBytes, 10e6, 'page cache'),
    amount(memory?.swapUsedBytes, 1, 'swapped out'),
    kernel === undefined ? undefined : `Linux ${encodeText(kernel)}`,
    privilege === undefined ? undefined : PRIVILEGE_WORDS[privilege],
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

const NO_CPU = { cpu: 0, userPercent: 0, systemPercent: 0, iowaitPercent: 0, stealPercent: 0, idlePercent: 0 };
const PRIVILEGE_WORDS = { root: 'seen as root', sudo: 'seen through sudo', user: 'seen without root' } as const;
