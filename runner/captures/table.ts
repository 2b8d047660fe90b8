/** Tables with a line of titles: cells are separated by blanks, so that a row is read by the titles' places, whatever their order. */
import type { CaptureLine } from './capture-line.ts';

/** Where each title stands, counted from 0. */
export type Titles = readonly string[];

export const wordsOf = (text: string): string[] => text.trim().split(/\s+/u);

/**
 * Mail and chat break long lines. A line that is too short for the titles goes on with the next, as long as that one has no more than
 * what is missing; `isRow` tells a line that begins anew.
 */
export function unbroken(
  lines: readonly CaptureLine[],
  from: number,
  width: number,
  isRow: (text: string) => boolean,
): { readonly words: string[]; readonly next: number } {
  const words = wordsOf(lines[from]?.text ?? '');
  let next = from + 1;
  for (; next < lines.length && words.length < width; next++) {
    const text = lines[next]?.text ?? '';
    const more = wordsOf(text);
    if (isRow(text) || words.length + more.length > width) break;
    words.push(...more);
  }
  return { words, next };
}
