/**
 * The table's columns. Host, disk, verdict and culprit are always there; the others join in the order in which they are
 * missed (file first), as far as the terminal is wide. What has no column is told in the lines below (reasons.ts).
 */
import { cutEnd, cutStart, widthOf } from './fit.ts';

export const COLUMNS = [
  'rank',
  'host',
  'disk',
  'verdict',
  'busy',
  'queue',
  'wait',
  'culprit',
  'share',
  'file',
] as const;
export type Column = (typeof COLUMNS)[number];

/** One line: encoded text without colour; '' where a column repeats the line above or has nothing to say. */
export type Row = Readonly<Record<Column, string>>;

/** The columns that are shown, in the order of `COLUMNS`, with their widths. */
export type Layout = ReadonlyMap<Column, number>;

const TITLES: Row = {
  rank: '#',
  host: 'HOST',
  disk: 'DISK',
  verdict: 'VERDICT',
  busy: 'BUSY',
  queue: 'QUEUE',
  wait: 'AWAIT',
  culprit: 'CULPRIT',
  share: 'SHARE',
  file: 'FILE',
};

const OPTIONAL: readonly Column[] = ['file', 'wait', 'share', 'queue', 'busy'];
const FIGURES: ReadonlySet<Column> = new Set(['rank', 'busy', 'queue', 'wait', 'share']);
/** A column that may be cut: the least that still helps, and the most that it may take. */
const ELASTIC: Partial<Record<Column, { least: number; most: number }>> = {
  host: { least: 14, most: 40 },
  disk: { least: 8, most: 16 },
  culprit: { least: 18, most: 56 },
  file: { least: 16, most: 120 },
};
const GAP = 2;

/** The layout for a terminal of `width` columns. */
export function layOut(rows: readonly Row[], width: number): Layout {
  const natural = (column: Column): number =>
    Math.max(widthOf(TITLES[column]), ...rows.map((row) => widthOf(row[column])));
  const least = (column: Column): number => Math.min(natural(column), ELASTIC[column]?.least ?? natural(column));
  const chosen = new Set<Column>(COLUMNS.filter((column) => !OPTIONAL.includes(column)));
  let used = [...chosen].reduce((sum, column) => sum + least(column) + GAP, -GAP);
  for (const column of OPTIONAL) {
    if (rows.every((row) => row[column] === '')) continue;
    // What is missed less must not crowd out the culprit's name for want of room for the file.
    if (used + GAP + least(column) > width) break;
    chosen.add(column);
    used += GAP + least(column);
  }
  const layout = new Map<Column, number>();
  for (const column of COLUMNS) {
    if (!chosen.has(column)) continue;
    const wanted = Math.min(natural(column), ELASTIC[column]?.most ?? natural(column));
    const grown = Math.min(wanted, least(column) + Math.max(0, width - used));
    used += grown - least(column);
    layout.set(column, grown);
  }
  return layout;
}

/** The titles, as a line. */
export function titleLine(layout: Layout): string {
  return line(TITLES, layout, (_, cell) => cell);
}

/** A row as a line; `paint` gets the text of each cell. */
export function rowLine(row: Row, layout: Layout, paint: (column: Column, cell: string) => string): string {
  return line(row, layout, paint);
}

/** Whether the layout shows this cell whole. */
export function showsWhole(layout: Layout, column: Column, text: string): boolean {
  return widthOf(text) <= (layout.get(column) ?? -1);
}

function line(row: Row, layout: Layout, paint: (column: Column, cell: string) => string): string {
  return (
    [...layout]
      .map(([column, width]) => {
        const cut = column === 'file' ? cutStart(row[column], width) : cutEnd(row[column], width);
        const space = ' '.repeat(width - widthOf(cut));
        const cell = cut === '' ? '' : paint(column, cut);
        return FIGURES.has(column) ? space + cell : cell + space;
      })
      .join(' '.repeat(GAP))
      // Blanks at the end only spoil what is copied.
      .trimEnd()
  );
}
