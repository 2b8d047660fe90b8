/** Host names folded into a few lines, however many there are. */
import { compareNaturally } from '../../runner/triage/natural-order.ts';
import { inCount } from '../../runner/triage/words.ts';
import { encodeText } from './encode.ts';
import { type FoldedNames, foldedNames } from './fold-names.ts';
import { textLines } from './reason-lines.ts';

/**
 * Encoded lines in the order in which a person counts, each of at most `width` columns; the first one leaves `used` of them free. What
 * does not fit into `most` lines is counted: "web-[01-40], api and 312 more". The first entry is always there.
 */
export function namesWithin(names: readonly string[], width: number, most: number, used = 0): string[] {
  const folded = foldedNames([...names].sort(compareNaturally));
  const taken = 'x'.repeat(Math.max(0, used));
  const linesOf = (kept: number): string[] => {
    const text = spell(folded, kept);
    // What is taken stands for a word that cannot be broken, and is removed again.
    return textLines(used > 0 ? `${taken} ${text}` : text, 0, width).map((line, index) =>
      used > 0 && index === 0 ? line.slice(taken.length + 1) : line,
    );
  };
  // None of them is shorter than a letter, a comma and a blank.
  let fits = 1;
  let tooMany = Math.min(folded.length, Math.ceil((width * most) / 3)) + 1;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (linesOf(middle).length <= most) fits = middle;
    else tooMany = middle;
  }
  return linesOf(Math.min(fits, folded.length));
}

function spell(folded: readonly FoldedNames[], kept: number): string {
  const left = folded.slice(kept).reduce((sum, { count }) => sum + count, 0);
  const shown = folded
    .slice(0, kept)
    .map(({ text }) => encodeText(text))
    .join(', ');
  return left === 0 ? shown : `${shown} and ${inCount(left)} more`;
}
