/** Encoded text cut, padded and wrapped to a width in terminal columns, so that CJK and emoji keep the table straight. */
import stringWidth from 'string-width';
import { ESCAPES } from './encode.ts';

/** Columns that an encoded text without colour takes. */
export function widthOf(encoded: string): number {
  return isAscii(encoded) ? encoded.length : stringWidth(encoded);
}

/** Cut to at most `width` columns, the end replaced by `…`; never through an escape or a grapheme. */
export function cutEnd(encoded: string, width: number): string {
  if (widthOf(encoded) <= width) return encoded;
  return width < 1 ? '' : `${takeColumns(pieces(encoded), width - 1)}…`;
}

/** Cut to at most `width` columns, the start replaced by `…`: of a path the last part tells most. */
export function cutStart(encoded: string, width: number): string {
  if (widthOf(encoded) <= width) return encoded;
  if (width < 1) return '';
  const reversed = pieces(encoded).reverse();
  const kept: string[] = [];
  let used = 0;
  for (const piece of reversed) {
    used += widthOf(piece);
    if (used > width - 1) break;
    kept.push(piece);
  }
  return `…${kept.reverse().join('')}`;
}

/** At least `width` columns: filled with spaces on the right. */
export function pad(encoded: string, width: number): string {
  return encoded + ' '.repeat(Math.max(0, width - widthOf(encoded)));
}

/**
 * Lines of at most `width` columns, broken at spaces, and inside a word only where the word alone is too long. A figure stays with its
 * unit: "300" at the end of a line and "MB" at the start of the next one are read wrong.
 */
export function wrap(encoded: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of encoded.split(BREAKS)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const parts = widthOf(word) <= width ? [word] : slices(pieces(word), width);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

const BREAKS = / (?!(?<=[0-9] )(?:%|ms|s|min|B|[KMGTP]B(?:\/s)?)(?:[,;:.)]|$| ))/u;

/** At least one piece in each slice: one that is wider than the width must not stop everything. */
function slices(from: readonly string[], width: number): string[] {
  const found: string[] = [];
  let slice = '';
  let used = 0;
  for (const piece of from) {
    const columns = widthOf(piece);
    if (slice !== '' && used + columns > width) {
      found.push(slice);
      slice = '';
      used = 0;
    }
    slice += piece;
    used += columns;
  }
  return [...found, slice];
}

function takeColumns(from: readonly string[], width: number): string {
  let taken = '';
  let used = 0;
  for (const piece of from) {
    used += widthOf(piece);
    if (used > width) break;
    taken += piece;
  }
  return taken;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const escapesApart = new RegExp(`(${ESCAPES.source})`, 'gu');

function pieces(encoded: string): string[] {
  return encoded
    .split(escapesApart)
    .flatMap((part, index) => (index % 2 === 1 ? [part] : isAscii(part) ? [...part] : segments(part)));
}

function segments(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
