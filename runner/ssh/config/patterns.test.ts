import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostPatterns, matchesHost, matchesPattern, matchesPatternList } from './patterns.ts';

const short = fc.string({ unit: fc.constantFrom(...'ab.-*?[]!'), maxLength: 10 });
const name = fc.string({ unit: fc.constantFrom(...'ab.-'), maxLength: 10 });

describe('patterns of ssh_config', () => {
  test('mean what the same regular expression means', () => {
    fc.assert(
      fc.property(name, short, (text, pattern) => {
        const source = pattern
          .replace(/[.\-[\]!]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.');
        expect(matchesPattern(text, pattern)).toBe(new RegExp(`^${source}$`).test(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('a pattern made to take for ever does not', { timeout: 2000 }, () => {
    expect(matchesPattern('a'.repeat(5000), `${'*a'.repeat(500)}b`)).toBe(false);
  });

  test('one negated pattern that matches rules a list out, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(short.filter((each) => !each.startsWith('!'))), name, (patterns, text) => {
        expect(matchesPatternList(text, [...patterns, `!${text}`].join(','))).toBe(false);
        expect(matchesPatternList(text, [`!${text}`, ...patterns].join(','))).toBe(false);
        expect(matchesHost([text], hostPatterns([...patterns, `!${text}`]))).toBe(false);
      }),
    );
  });

  test('only negated patterns mean no host', () => {
    expect(matchesPatternList('a', '!b')).toBe(false);
    expect(matchesHost(['a'], hostPatterns(['!b']))).toBe(false);
  });

  test('a host of two names is meant by either and kept out by either', () => {
    expect(matchesHost(['db1', '10.0.0.1'], hostPatterns(['10.*']))).toBe(true);
    expect(matchesHost(['db1', '10.0.0.1'], hostPatterns(['db*']))).toBe(true);
    expect(matchesHost(['db1', '10.0.0.1'], hostPatterns(['db*', '!10.*']))).toBe(false);
    expect(matchesHost(['db1', '10.0.0.1'], hostPatterns(['web']))).toBe(false);
  });
});
