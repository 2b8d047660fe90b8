/** `whodisk history`: one line a sweep, the newest first: when, its id, how it went, what was asked. */
import { STANDINGS, type Standing, type Sweep } from '../../runner/report.ts';
import { inCount } from '../../runner/triage/words.ts';
import { agoShort, utcMinute } from './age.ts';
import { askedText } from './asked-text.ts';
import { type ColumnSet, columnLine, fitColumns } from './columns.ts';
import { encodeText } from './encode.ts';
import { cutEnd, widthOf } from './fit.ts';
import { paintStanding } from './paint.ts';
import { counted } from './phrases.ts';
import { NARROWEST, type TerminalOptions } from './terminal.ts';

const TITLES = {
  when: 'WHEN (UTC)',
  ago: 'AGO',
  id: 'SWEEP',
  hosts: 'HOSTS',
  result: 'RESULT',
  asked: 'ASKED',
} as const;
type Column = keyof typeof TITLES;

const COLUMNS: ColumnSet<Column> = {
  titles: TITLES,
  optional: ['asked', 'hosts', 'ago'],
  figures: new Set(['ago', 'hosts']),
  // A ULID takes 26.
  elastic: { id: { least: 26, most: 26 }, result: { least: 12, most: 48 }, asked: { least: 16, most: 60 } },
  cutAtStart: new Set(),
};

/** Below it result and targets stand in lines of their own: an id is never cut, it is what `diff` is called with. */
const WIDE = 110;

/** For a terminal: the whole text, with its last line break. */
export function renderHistory(sweeps: readonly Sweep[], nowMs: number, options: TerminalOptions): string {
  if (sweeps.length === 0) return `${NO_SWEEP}\n`;
  const { paint } = options;
  const width = Math.max(NARROWEST, options.width);
  const isWide = width >= WIDE;
  const rows = sweeps.map((sweep) => ({
    when: utcMinute(sweep.startedAt),
    ago: agoShort(Date.parse(sweep.startedAt), nowMs),
    id: encodeText(sweep.id),
    hosts: inCount(sweep.targets),
    result: resultText(sweep, isWide),
    asked: askedBy(sweep),
  }));
  const shown = isWide ? rows : rows.map((row) => ({ ...row, result: '', asked: '' }));
  const titles = isWide ? TITLES : { ...TITLES, result: '', asked: '' };
  const optional = isWide ? COLUMNS.optional : (['result', ...COLUMNS.optional] as const);
  const widths = fitColumns({ ...COLUMNS, titles, optional }, shown, width);
  const lines = rows.flatMap((row, index) => {
    const worst = worstOf(sweeps[index]);
    const emphasise = (text: string): string => (worst === undefined ? text : paintStanding(paint, worst, text));
    const line = columnLine(COLUMNS, shown[index] ?? row, widths, (column, cell) => {
      if (column === 'result') return emphasise(cell);
      return column === 'id' || column === 'ago' ? paint.dim(cell) : cell;
    });
    if (isWide) return [line];
    const result = cutEnd(row.result, width - INDENT);
    const words = sweeps[index]?.asked === undefined ? row.asked : `asked for ${row.asked}`;
    const asked = cutEnd(words, width - INDENT);
    const margin = ' '.repeat(INDENT);
    const isBeside = INDENT + widthOf(result) + 2 + widthOf(asked) <= width;
    return [
      line,
      ...(isBeside ? [`${margin}${emphasise(result)}  ${asked}`] : [margin + emphasise(result), margin + asked]),
    ];
  });
  return `${[paint.dim(columnLine(COLUMNS, titles, widths, (_, cell) => cell)), ...lines].join('\n')}\n`;
}

const INDENT = 4;

/** For a pipe: a line for each sweep, everything in it. */
export function renderHistoryPlain(sweeps: readonly Sweep[]): string {
  if (sweeps.length === 0) return `${NO_SWEEP}\n`;
  const lines = sweeps.map((sweep) => {
    const asked = sweep.asked === undefined ? 'this machine' : sweep.asked.map(encodeText).join(' ');
    const standings = standingTexts(sweep);
    return [
      `${sweep.startedAt} ${encodeText(sweep.id)}: ${sweep.status}`,
      counted(sweep.targets, 'target'),
      `${inCount(sweep.swept)} swept`,
      `${inCount(sweep.notSwept)} not swept`,
      ...standings.filter((text) => !text.endsWith('not swept')),
      `by ${sweep.trigger}, asked for: ${asked}`,
    ].join(', ');
  });
  return `${lines.join('\n')}\n`;
}

const NO_SWEEP = 'No sweep is remembered here yet: whodisk TARGET makes the first.';

/**
 * "2 hung, 1 saturated", "all healthy"; "interrupted: 3 swept, 12 not swept" where no more is known. Healthy hosts are counted among
 * others unless the column is narrow (`isShort`): how many hosts there are stands beside it.
 */
function resultText(sweep: Sweep, isShort: boolean): string {
  const how = sweep.status === 'complete' ? '' : `${sweep.status}: `;
  const [first, ...others] = standingTexts(sweep);
  if (first === undefined) return `${how}${inCount(sweep.swept)} swept, ${inCount(sweep.notSwept)} not swept`;
  if (worstOf(sweep) === 'healthy' && others.length === 0) return `${how}all healthy`;
  return how + [first, ...others].filter((text) => !(isShort && text.endsWith(' healthy'))).join(', ');
}

function worstOf(sweep: Sweep | undefined): Standing | undefined {
  return STANDINGS.find((standing) => (sweep?.counts?.[standing] ?? 0) > 0);
}

/** Worst first. */
function standingTexts({ counts = {} }: Sweep): string[] {
  return STANDINGS.flatMap((standing) => {
    const count = counts[standing] ?? 0;
    return count === 0 ? [] : [`${inCount(count)} ${standing.replace('-', ' ')}`];
  });
}

function askedBy({ asked, trigger }: Sweep): string {
  return trigger === 'cli' ? askedText(asked) : `${askedText(asked)} (${trigger})`;
}
