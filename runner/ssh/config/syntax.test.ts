import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfigLine, splitWords } from './syntax.ts';

describe('a line of ssh_config', () => {
  test.each([
    ['Port 22', 'port', '22', ['22']],
    ['  POrt=22  ', 'port', '22', ['22']],
    ['Port \t = \t 22 # x', 'port', '22 # x', ['22']],
    ['User "a b"', 'user', '"a b"', ['a b']],
    ["User 'a b'c", 'user', "'a b'c", ['a bc']],
    ['IdentityFile /a\\ b\\"\\\\\\c', 'identityfile', '/a\\ b\\"\\\\\\c', ['/a b"\\\\c']],
    ["IdentityFile '/a\\ b'", 'identityfile', "'/a\\ b'", ['/a\\ b']],
    ['IdentityFile /a#b #c d', 'identityfile', '/a#b #c d', ['/a#b']],
    ['Host a "" b', 'host', 'a "" b', ['a', '', 'b']],
    ['"Host" a', 'host', 'a', ['a']],
  ])('%j', (line, keyword, rest, words) => {
    expect(readConfigLine(line)).toEqual({ keyword, rest, words });
  });

  test.each(['', '   ', '\t', '# Port 22', '   # x', '\r', '\f'])('%j says nothing', (line) => {
    expect(readConfigLine(line)).toBeUndefined();
  });

  test.each(['Port', 'Port =', 'User "x', "User 'x", '"Host a', 'ProxyCommand sh -c "'])('%j is refused', (line) => {
    expect(readConfigLine(line)).toHaveProperty('problem');
  });

  test('whatever it is: words or a problem on one line', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(...'ab ="\'\\#\t\f\r'), fc.string({ unit: 'binary', maxLength: 1 })),
    });
    fc.assert(
      fc.property(text, (line) => {
        const read = readConfigLine(line);
        if (read !== undefined && 'problem' in read) expect(read.problem).not.toMatch(/[\x00-\x1f]/);
      }),
      { numRuns: 2000 },
    );
  });

  test('a word that is quoted comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
        const quoted = words.map((word) => `"${word.replace(/["\\]/g, '\\$&')}"`).join(' ');
        expect(splitWords(quoted)).toEqual(words);
      }),
    );
  });
});
