/** Words of a line as Python's shlex.split and a POSIX shell tell them apart; Ansible reads host lines and ssh arguments that way. */

export type ShellWords =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'unclosed'; readonly quote: string };

/**
 * Quotes and backslashes are taken off; within double quotes a backslash only stands before '"' and '\' (shlex, POSIX mode).
 *
 * @param comments an unquoted '#' ends the line, even in the middle of a word, as in shlex
 */
export function splitShellWords(line: string, { comments }: { readonly comments: boolean }): ShellWords {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === '#' && comments) break;
    if (/\s/u.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'") {
      const end = line.indexOf("'", at + 1);
      if (end < 0) return { kind: 'unclosed', quote: "'" };
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else if (character === '"') {
      const end = endOfDoubleQuotes(line, at + 1);
      if (end === undefined) return { kind: 'unclosed', quote: '"' };
      word = (word ?? '') + line.slice(at + 1, end).replace(/\\(["\\])/gu, '$1');
      at = end;
    } else if (character === '\\') {
      if (at + 1 >= line.length) return { kind: 'unclosed', quote: '\\' };
      at += 1;
      word = (word ?? '') + (line[at] ?? '');
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return { kind: 'words', words };
}

function endOfDoubleQuotes(line: string, from: number): number | undefined {
  for (let at = from; at < line.length; at++) {
    if (line[at] === '"') return at;
    if (line[at] === '\\' && (line[at + 1] === '"' || line[at + 1] === '\\')) at += 1;
  }
  return undefined;
}
