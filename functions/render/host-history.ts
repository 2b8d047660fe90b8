/** `whodisk history HOST`: one line a finding, the newest first, and the course of its score. */
import type { VisitedHost } from '../../runner/report.ts';
import { agoShort, utcMinute } from './age.ts';
import { type ColumnSet, columnLine, fitColumns } from './columns.ts';
import { encodeText } from './encode.ts';
import { FAILURE_WORDS } from './failure-words.ts';
import { paintStanding } from './paint.ts';
import {
  counted,
  culpritLoad,
  culpritName,
  culpritWithHome,
  diskFigures,
  figureTexts,
  fileText,
  mainCulprit,
} from './phrases.ts';
import { textLines } from './reason-lines.ts';
import { sparkline } from './sparkline.ts';
import { STANDING_WORDS, standingOf } from './standing.ts';
import { sweepStartedAt } from './sweep-time.ts';
import { NARROWEST, type TerminalOptions } from './terminal.ts';

/** What one sweep found on the host. */
export interface HostFinding {
  /** A ULID: it tells when the sweep started. */
  readonly sweepId: string;
  readonly host: VisitedHost;
}

const TITLES = {
  when: 'WHEN (UTC)',
  ago: 'AGO',
  verdict: 'VERDICT',
  score: 'SCORE',
  disk: 'DISK',
  busy: 'BUSY',
  wait: 'AWAIT',
  culprit: 'CULPRIT',
  file: 'FILE',
} as const;
type Column = keyof typeof TITLES;

const COLUMNS: ColumnSet<Column> = {
  titles: TITLES,
  optional: ['ago', 'file', 'busy', 'disk', 'wait', 'score'],
  figures: new Set(['ago', 'score', 'busy', 'wait']),
  elastic: {
    disk: { least: 6, most: 16 },
    culprit: { least: 18, most: 56 },
    file: { least: 16, most: 120 },
  },
  cutAtStart: new Set(['file']),
};

/** For a terminal: the whole text, with its last line break. `findings` are the newest first. */
export function renderHostHistory(
  name: string,
  findings: readonly HostFinding[],
  nowMs: number,
  options: TerminalOptions,
): string {
  if (findings.length === 0) return `${nothingOf(name)}\n`;
  const { paint } = options;
  const width = Math.max(NARROWEST, options.width);
  const rows = findings.map((finding) => rowOf(finding, nowMs));
  const widths = fitColumns(COLUMNS, rows, width);
  const lines = rows.map((row, index) => {
    const standing = standingOf(findings[index]?.host ?? UNKNOWN);
    return columnLine(COLUMNS, row, widths, (column, cell) => {
      if (column === 'verdict') return paintStanding(paint, standing, cell);
      return column === 'culprit' ? paint.bold(cell) : column === 'ago' ? paint.dim(cell) : cell;
    });
  });
  const [first = '', ...others] = textLines(headText(name, findings), 0, width);
  const text = [
    paint.bold(first),
    ...others,
    '',
    paint.dim(columnLine(COLUMNS, TITLES, widths, (_, cell) => cell)),
    ...lines,
  ];
  return `${text.join('\n')}\n`;
}

const UNKNOWN = { verdict: 'inconclusive', status: 'not-swept' } as const;

/** For a pipe: a line for each finding, everything in it. */
export function renderHostHistoryPlain(name: string, findings: readonly HostFinding[]): string {
  if (findings.length === 0) return `${nothingOf(name)}\n`;
  const lines = findings.map(({ sweepId, host }) => {
    const [disk] = host.disks;
    const culprit = disk && mainCulprit(disk);
    return [
      `${[sweepStartedAt(sweepId), encodeText(sweepId)].filter(Boolean).join(' ')}: ${encodeText(host.host)}: ${standingOf(host)}`,
      `score ${Math.round(host.score)}`,
      host.failure && FAILURE_WORDS[host.failure.kind],
      disk && `disk ${encodeText(disk.device)}`,
      ...(disk ? figureTexts(disk) : []),
      culprit && `culprit ${culpritName(culprit)}: ${culpritLoad(culprit)}`,
      culprit?.files[0] && `file ${fileText(culprit.files[0])}`,
    ]
      .filter((part) => part !== undefined)
      .join(', ');
  });
  return `${lines.join('\n')}\n`;
}

const nothingOf = (name: string): string =>
  `Nothing is remembered of ${encodeText(name)}: whodisk ${encodeText(name)} looks at it.`;

/** "db-01: 12 findings, in trouble in 3 of them; score from the oldest to the newest ▁▁▂▇▇". */
function headText(name: string, findings: readonly HostFinding[]): string {
  const troubled = findings.filter(({ host }) => {
    const standing = standingOf(host);
    return standing === 'hung' || standing === 'suspected-hung' || standing === 'saturated';
  }).length;
  // Of a host that was not swept the score says nothing of its disks.
  const scores = findings.flatMap(({ host }) => (standingOf(host) === 'not-swept' ? [] : [host.score])).reverse();
  const trend = sparkline(scores, 40);
  return (
    `${encodeText(name)}: ${counted(findings.length, 'finding')}, in trouble in ${troubled} of them` +
    (trend === undefined ? '' : `; score from the oldest to the newest ${trend}`)
  );
}

function rowOf({ sweepId, host }: HostFinding, nowMs: number): Record<Column, string> {
  const startedAt = sweepStartedAt(sweepId) ?? '';
  const disk = host.disks.find(({ verdict }) => verdict === host.verdict) ?? host.disks[0];
  const { busy = '', wait = '' } = disk === undefined ? {} : diskFigures(disk);
  const culprit = disk && mainCulprit(disk);
  return {
    when: utcMinute(startedAt),
    ago: agoShort(Date.parse(startedAt), nowMs),
    verdict: STANDING_WORDS[standingOf(host)],
    score: String(Math.round(host.score)),
    disk: encodeText(disk?.device ?? ''),
    busy,
    wait,
    culprit: culprit ? culpritWithHome(culprit) : lostText(host),
    file: encodeText(culprit?.files[0]?.path ?? ''),
  };
}

/** In the place of a culprit; of a host that fell silent the verdict says it. */
function lostText({ failure }: VisitedHost): string {
  return failure === undefined || failure.kind === 'suspected-hung' ? '' : `(${FAILURE_WORDS[failure.kind]})`;
}
