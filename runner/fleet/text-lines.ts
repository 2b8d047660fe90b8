/** Lines of a text that anybody may have written. */
import type { InventoryProblem } from './inventory.ts';
import { ENOUGH_PROBLEMS } from './problems.ts';

/** Longer than any folded set or host line; an endless one is not read for nothing. */
const MOST_CHARACTERS = 65_536;

/**
 * Trimmed lines with their number from 1; CR LF and a lone CR end a line too. Lines that are too long or hold NUL or other control
 * characters than the tab become problems and are left out. What a problem's line held is not repeated.
 */
export function* linesOf(
  text: string,
  file: string,
  problems: InventoryProblem[],
): Generator<{ readonly line: string; readonly number: number }> {
  const lineEnd = /\r\n|\n|\r/gu;
  let number = 0;
  // A split would hold as many strings as a hostile text has line ends.
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length && problems.length < ENOUGH_PROBLEMS; ) {
    lineEnd.lastIndex = at;
    const end = lineEnd.exec(text);
    const raw = text.slice(at, end?.index ?? text.length);
    at = end === null ? text.length : lineEnd.lastIndex;
    number += 1;
    if (raw.length > MOST_CHARACTERS) {
      const message = `a line of ${raw.length} characters: ${MOST_CHARACTERS} is the most.`;
      problems.push({ file, line: number, message });
      continue;
    }
    const line = raw.trim();
    const control = line.startsWith('#') || line.startsWith(';') ? -1 : raw.search(/[^\P{Cc}\t]/u);
    if (control >= 0) {
      const message = 'a control character: write it in plain characters.';
      problems.push({ file, line: number, column: control + 1, message });
      continue;
    }
    yield { line, number };
  }
}
