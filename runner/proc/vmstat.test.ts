import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseVmstat } from './vmstat.ts';

describe('parseVmstat', () => {
  test('reads the counters of a real host', () => {
    const fields = parseVmstat(readFixture('6.18', 'vmstat'));
    for (const name of ['nr_dirty', 'nr_writeback', 'pswpin', 'pswpout', 'pgpgout', 'pgmajfault'])
      expect(fields.has(name), name).toBe(true);
  });

  test('keeps a counter of 2^64 - 1 exact', () => {
    expect(parseVmstat('pswpin 18446744073709551615').get('pswpin')).toBe(2n ** 64n - 1n);
  });

  test.each([
    'pswpin -1',
    'pswpin 1e3',
    'pswpin NaN',
    'pswpin',
    'pswpin  1',
    `pswpin ${'9'.repeat(21)}`,
    ...HOSTILE_LINES,
  ])('%#: a malformed line is left out', (line) => {
    expect(parseVmstat(line).has('pswpin')).toBe(false);
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(almostLines('pswpin', 'pswpout 3'), (text) => {
        expect(badNumbersIn(parseVmstat(text))).toEqual([]);
      }),
    );
  });
});
