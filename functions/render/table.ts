/**
 * The table's columns. Host, disk, verdict and culprit are always there; the others join in the order in which they are
 * missed (file first), as far as the terminal is wide. What has no column is told in the lines below (reasons.ts).
 */
import { type ColumnSet, type ColumnWidths, columnLine, fitColumns } from './columns.ts';
import { widthOf } from './fit.ts';

const TITLES = {
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
} as const;
export type Column = keyof typeof TITLES;

/** One line: encoded text without colour; '' where a column repeats the line above or has nothing to say. */
export type Row = Readonly<Record<Column, string>>;

/** The columns that are shown, in the order in which they stand, with their widths. */
export type Layout = ColumnWidths<Column>;

const COLUMNS: ColumnSet<Column> = {
  titles: TITLES,
  optional: ['file', 'wait', 'share', 'queue', 'busy'],
  figures: new Set(['rank', 'busy', 'queue', 'wait', 'share']),
  elastic: {
    host: { least: 14, most: 40 },
    disk: { least: 8, most: 16 },
    culprit: { least: 18, most: 56 },
    file: { least: 16, most: 120 },
  },
  cutAtStart: new Set(['file']),
};

/** The layout for a terminal of `width` columns. */
export function layOut(rows: readonly Row[], width: number): Layout {
  return fitColumns(COLUMNS, rows, width);
}

/** The titles, as a line. */
export function titleLine(layout: Layout): string {
  return columnLine(COLUMNS, TITLES, layout, (_, cell) => cell);
}

/** A row as a line; `paint` gets the text of each cell. */
export function rowLine(row: Row, layout: Layout, paint: (column: Column, cell: string) => string): string {
  return columnLine(COLUMNS, row, layout, paint);
}

/** Whether the layout shows this cell whole. */
export function showsWhole(layout: Layout, column: Column, text: string): boolean {
  return widthOf(text) <= (layout.get(column) ?? -1);
}
