/**
 * The words of one line of ssh_config(5), as strdelim and argv_split of OpenSSH's misc.c cut them. Pure.
 *
 * The ssh-config package is not used for it: it names no lines, loses the spacing of a ProxyCommand and repeated criteria of a
 * Match, knows no single quotes, and cuts a value at a "#" in the middle of a word.
 */
import { shown } from '../shown.ts';

export interface ConfigLine {
  /** In lower case. */
  readonly keyword: string;
  /** Everything behind the keyword and its "=", without spaces at the ends: a ProxyCommand is taken as it stands. */
  readonly rest: string;
  /** `rest` in words, quotes and escapes resolved, ended by a comment. */
  readonly words: readonly string[];
}

/** undefined: nothing but space or a comment. */
export type ReadLine = ConfigLine | { readonly problem: string } | undefined;

/** Reads one line without its line end. */
export function readConfigLine(text: string): ReadLine {
  const line = text.replace(/[ \t\r\n\f]+$/, '');
  const first = nextDelimited(line, /^[ \t]/.test(line) ? line.search(/[^ \t]|$/) : 0);
  if (first === undefined || first.word === '' || first.word.startsWith('#')) {
    return line.trim() === '' || line.trim().startsWith('#')
      ? undefined
      : { problem: 'no option name begins the line' };
  }
  const keyword = first.word.toLowerCase();
  const rest = line.slice(first.next).replace(/^[ \t\r]+/, '');
  if (rest === '') return { problem: `nothing stands behind ${shown(first.word)}` };
  const words = splitWords(rest);
  return words === undefined ? { problem: 'a quote is opened and not closed' } : { keyword, rest, words };
}

/**
 * Words as argv_split cuts them: either kind of quote anywhere in a word, a backslash before a quote, a backslash or (outside
 * quotes) a space, and a "#" that begins a word ends the line. undefined where a quote is never closed.
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ' || text[at] === '\t') {
      at++;
      continue;
    }
    if (text[at] === '#') break;
    let word = '';
    let quote = '';
    for (; at < text.length; at++) {
      const char = text[at] ?? '';
      const following = text[at + 1] ?? '';
      if (char === '\\' && (/["'\\]/.test(following) || (quote === '' && following === ' '))) {
        word += following;
        at++;
      } else if (quote === '' && (char === ' ' || char === '\t')) break;
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
      else if (quote !== '' && char === quote) quote = '';
      else word += char;
    }
    if (quote !== '') return undefined;
    words.push(word);
  }
  return words;
}

/**
 * The next word from `start` on as strdelim cuts it: up to a space, one "=" or a double quote, whose contents end the word.
 * undefined at the end of the text and where a quote is never closed.
 */
export function nextDelimited(text: string, start: number): { word: string; next: number } | undefined {
  if (start >= text.length) return undefined;
  let end = start;
  while (end < text.length && !/[ \t\r\n"=]/.test(text[end] ?? '')) end++;
  const before = text.slice(start, end);
  if (end === text.length) return { word: before, next: end };
  if (text[end] === '"') {
    const close = text.indexOf('"', end + 1);
    if (close < 0) return undefined;
    return { word: before + text.slice(end + 1, close), next: skipSpace(text, close + 1) };
  }
  let next = skipSpace(text, end + 1);
  if (text[end] !== '=' && text[next] === '=') next = skipSpace(text, next + 1);
  return { word: before, next };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[ \t\r\n]/.test(text[at] ?? '')) at++;
  return at;
}
