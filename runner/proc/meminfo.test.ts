import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseMeminfo } from './meminfo.ts';

describe('parseMeminfo', () => {
  test('gives bytes under the names of the kernel', () => {
    const fields = parseMeminfo(readFixture('6.18', 'meminfo'));
    for (const name of [
      'MemTotal',
      'MemFree',
      'MemAvailable',
      'Cached',
      'Dirty',
      'Writeback',
      'SwapTotal',
      'Active(file)',
    ])
      expect(fields.has(name), name).toBe(true);
    expect(parseMeminfo('MemTotal:       24684092 kB').get('MemTotal')).toBe(24684092 * 1024);
  });

  test('counts of pages are not bytes', () => {
    expect(parseMeminfo('HugePages_Total:       7\nDirty: 1 kB').size).toBe(1);
  });

  test.each([
    'Dirty: -1 kB',
    'Dirty: 1e3 kB',
    'Dirty: NaN kB',
    'Dirty: 1',
    'Dirty 1 kB',
    'Dirty: 1 MB',
    ...HOSTILE_LINES,
  ])('%#: a malformed line is left out', (line) => {
    expect(parseMeminfo(line).has('Dirty')).toBe(false);
  });

  test('a field called __proto__ is a field', () => {
    expect(parseMeminfo('__proto__: 1 kB').get('__proto__')).toBe(1024);
    expect(parseMeminfo('__proto__: 1 kB').get('toString')).toBeUndefined();
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(almostLines('Dirty:', 'kB', 'MemFree:  1 kB'), (text) => {
        expect(badNumbersIn(parseMeminfo(text))).toEqual([]);
      }),
    );
  });
});
