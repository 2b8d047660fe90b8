/** Words of a bash command line that somebody is still typing, and how a word is written there (bash(1), "QUOTING"). Pure. */

export interface BashLine {
  /** The words after the program's name that stand whole before the cursor, quotes and backslashes taken off. Nothing is expanded. */
  readonly before: readonly string[];
  /** The word at the cursor, likewise; '' where the next one begins. */
  readonly current: string;
  /** That word as it was typed. */
  readonly typed: string;
  /** The quote that is open at the cursor. */
  readonly quote: '' | "'" | '"';
}

/** @param line from the program's name to the cursor */
export function readBashLine(line: string): BashLine {
  const words: string[] = [];
  let word: string | undefined;
  let start = line.length;
  let quote: BashLine['quote'] = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (quote === '' && /[\s;|&]/u.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      // Another command begins: nothing before it matters.
      if (/[;|&\n]/u.test(character)) words.length = 0;
      continue;
    }
    if (word === undefined) start = at;
    word ??= '';
    if (character === quote) quote = '';
    else if (quote === '' && (character === "'" || character === '"')) quote = character;
    else if (character === '\\' && isEscape(quote, line[at + 1])) word += line[++at] ?? '';
    else word += character;
  }
  const typed = word === undefined ? '' : line.slice(start);
  const program = words.findIndex((one) => !/^\w+=/u.test(one));
  return { before: program < 0 ? [] : words.slice(program + 1), current: word ?? '', typed, quote };
}

/** Within double quotes a backslash stands for itself but before these. */
function isEscape(quote: BashLine['quote'], next: string | undefined): boolean {
  return quote === '' || (quote === '"' && next !== undefined && '$`"\\\n'.includes(next));
}

/**
 * A word as bash has to read it to get this text, after a quote that is open and stays open; undefined where it cannot be written so.
 * History expansion (`!`) happens within double quotes too, and no backslash is taken off there.
 */
export function writeBashWord(text: string, quote: BashLine['quote']): string | undefined {
  if (quote === "'") return text.includes("'") ? undefined : `'${text}`;
  if (quote === '"') return /[$`"\\!]/u.test(text) ? undefined : `"${text}`;
  // Alone, these mean nothing to bash wherever they stand; "~" and "#" do at the beginning, "=" and "{" sometimes.
  return text.replace(/[^\p{L}\p{M}\p{N}_./:@%+,=-]/gu, '\\$&');
}
