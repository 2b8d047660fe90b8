/**
 * The last few lines of a terminal, rewritten in place. What stands above them, and what has scrolled away, stays as it is: no other screen is
 * opened, nothing is cleared but what was drawn here.
 */
import { widthOf } from '../render/fit.ts';
import type { Output } from './streams.ts';

export interface ScreenArea {
  /** Columns and lines that may be drawn; a terminal of unknown size has 80 and 24. */
  space(): { readonly width: number; readonly height: number };
  /** Puts these lines in the place of those before; no more, and none wider, than there is space. They may be coloured. */
  draw(lines: readonly string[]): void;
  /** Nothing of it is left, and the next text starts where it began. */
  clear(): void;
}

export function openScreenArea(output: Output): ScreenArea {
  let drawn: readonly number[] = [];
  const size = (): { columns: number; rows: number } => ({ columns: output.columns || 80, rows: output.rows || 24 });
  /** How many lines of the terminal it takes now: one that became narrower has broken them. */
  const linesTaken = (): number => {
    const { columns } = size();
    return drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  };
  /** To the first column of the first line. */
  const home = (): string => {
    const up = Math.min(linesTaken(), size().rows) - 1;
    return up > 0 ? `\r\u001b[${up}A` : '\r';
  };
  return {
    // One less of each: a terminal that wraps at the last column, or whose last line is followed by another, would scroll.
    space: () => ({ width: size().columns - 1, height: Math.max(1, size().rows - 1) }),
    draw: (lines) => {
      const below = linesTaken() > lines.length ? CLEAR_BELOW : '';
      output.write(home() + lines.map((line) => CLEAR_LINE + line).join('\r\n') + below, () => {});
      drawn = lines.map((line) => widthOf(line.replace(COLOURS, '')));
    },
    clear: () => {
      // Not from the first line on: where that is the terminal's own first, tmux keeps what is cleared among what has scrolled away.
      const rest = linesTaken() > 1 ? `\r\n${CLEAR_BELOW}${UP}` : '';
      output.write(home() + CLEAR_LINE + rest, () => {});
      drawn = [];
    },
  };
}

const CLEAR_LINE = '\u001b[K';
const UP = '\u001b[1A';
const CLEAR_BELOW = '\u001b[J';
const COLOURS = /\u001b\[[0-9;]*m/gu;
