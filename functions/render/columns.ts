/**
 * Columns that fit a terminal. Some are always there; the others join in the order in which they are missed, as far as the width
 * allows. Cells are encoded text without colour.
 */
import { cutEnd, cutStart, widthOf } from './fit.ts';

export interface ColumnSet<Column extends string> {
  /** In the order in which they stand. */
  readonly titles: Readonly<Record<Column, string>>;
  /** Those that may be left out, the one that is missed most first. */
  readonly optional: readonly Column[];
  /** Right-aligned. */
  readonly figures: ReadonlySet<Column>;
  /** Those that may be cut: the least that still helps, and the most that they may take. */
  readonly elastic: Partial<Readonly<Record<Column, { readonly least: number; readonly most: number }>>>;
  /** Those that lose their start where they are cut: of a path the last part tells most. */
  readonly cutAtStart: ReadonlySet<Column>;
}

/** The columns that are shown, in their order, with their widths. */
export type ColumnWidths<Column extends string> = ReadonlyMap<Column, number>;

const GAP = 2;

/** The widths for `rows` on a terminal of `width` columns. An optional column without content is left out. */
export function fitColumns<Column extends string>(
  set: ColumnSet<Column>,
  rows: readonly Readonly<Record<Column, string>>[],
  width: number,
): ColumnWidths<Column> {
  const { titles, optional, elastic } = set;
  const all = Object.keys(titles) as Column[];
  const natural = (column: Column): number =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[column])), widthOf(titles[column]));
  const least = (column: Column): number => Math.min(natural(column), elastic[column]?.least ?? natural(column));
  const chosen = new Set<Column>(all.filter((column) => !optional.includes(column)));
  let used = [...chosen].reduce((sum, column) => sum + least(column) + GAP, -GAP);
  for (const column of optional) {
    if (rows.every((row) => row[column] === '')) continue;
    // What is missed less must not crowd out what comes before it for want of room.
    if (used + GAP + least(column) > width) break;
    chosen.add(column);
    used += GAP + least(column);
  }
  const narrow = narrowed(new Map([...chosen].map((column) => [column, least(column)])), elastic, used - width);
  used = [...narrow.values()].reduce((sum, columns) => sum + columns + GAP, -GAP);
  const widths = new Map<Column, number>();
  for (const column of all) {
    const start = narrow.get(column);
    if (start === undefined) continue;
    const wanted = Math.min(natural(column), elastic[column]?.most ?? natural(column));
    const grown = Math.max(start, Math.min(wanted, start + Math.max(0, width - used)));
    used += grown - start;
    widths.set(column, grown);
  }
  return widths;
}

/** Where the columns that are always there have no room, the widest of those that may be cut give way: a broken line is worse. */
function narrowed<Column extends string>(
  least: ReadonlyMap<Column, number>,
  elastic: ColumnSet<Column>['elastic'],
  excess: number,
): ReadonlyMap<Column, number> {
  const widths = new Map(least);
  for (let left = excess; left > 0; left -= 1) {
    const [widest] = [...widths].filter(([column]) => elastic[column] !== undefined).sort(([, a], [, b]) => b - a);
    if (widest === undefined || widest[1] <= NARROWEST_CELL) break;
    widths.set(widest[0], widest[1] - 1);
  }
  return widths;
}

const NARROWEST_CELL = 4;

/** A row as a line; `paint` gets the text of each cell. */
export function columnLine<Column extends string>(
  set: ColumnSet<Column>,
  row: Readonly<Record<Column, string>>,
  widths: ColumnWidths<Column>,
  paint: (column: Column, cell: string) => string,
): string {
  return (
    [...widths]
      .map(([column, width]) => {
        const cut = set.cutAtStart.has(column) ? cutStart(row[column], width) : cutEnd(row[column], width);
        const space = ' '.repeat(width - widthOf(cut));
        const cell = cut === '' ? '' : paint(column, cut);
        return set.figures.has(column) ? space + cell : cell + space;
      })
      .join(' '.repeat(GAP))
      // Blanks at the end only spoil what is copied.
      .trimEnd()
  );
}
