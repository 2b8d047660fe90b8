import { expect, test } from 'vitest';
import { splitShellWords } from './shell-words.ts';

test.each([
  ['a  b\tc', ['a', 'b', 'c']],
  [`a='b c' "d 'e'"`, ['a=b c', "d 'e'"]],
  [String.raw`a\ b "c\"d\n" 'e\'`, ['a b', String.raw`c"d\n`, 'e\\']],
  [`'' a""b`, ['', 'ab']],
  ['a # b', ['a']],
  ['a=b#c d', ['a=b']],
  [`a='b#c' d`, ['a=b#c', 'd']],
])('words are split as shlex splits them: %s', (line, words) => {
  expect(splitShellWords(line, { comments: true })).toEqual({ kind: 'words', words });
});

test('a quote that is never closed is told', () => {
  for (const line of ['"a', "'a", 'a\\', String.raw`"a\"`]) {
    expect(splitShellWords(line, { comments: false }).kind).toBe('unclosed');
  }
});
