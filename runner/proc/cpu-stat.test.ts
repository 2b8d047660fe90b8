import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseCpuStat } from './cpu-stat.ts';

describe('parseCpuStat', () => {
  test('takes each CPU, not their sum', () => {
    expect(parseCpuStat(readFixture('3.10', 'stat'))).toEqual([
      {
        cpu: 0,
        user: 95402n,
        nice: 611n,
        system: 32210n,
        idle: 2608121n,
        iowait: 40210n,
        irq: 0n,
        softirq: 2921n,
        steal: 0n,
      },
      expect.objectContaining({ cpu: 1, iowait: 48003n }),
    ]);
    expect(parseCpuStat(readFixture('6.18', 'stat')).map(({ cpu }) => cpu)).toEqual([0, 1]);
  });

  test('a line without all of its fields is no CPU', () => {
    expect(parseCpuStat('cpu0 1 2 3 4 5 6\ncpu1 1 2 3 4 5 6 7\n').map(({ cpu }) => cpu)).toEqual([1]);
  });

  test.each([
    'cpu0  1 2 3 4 5 6 7 8',
    'cpu0 1 2  3 4 5 6 7 8',
    'cpu0 1 2 NaN 4 5 6 7 8',
    'cpu0 1 2 -3 4 5 6 7 8',
    'cpu0 1 2 1e3 4 5 6 7 8',
    'cpu 1 2 3 4 5 6 7 8',
    'cpux 1 2 3 4 5 6 7 8',
    'cpu-1 1 2 3 4 5 6 7 8',
    `cpu0 ${'9'.repeat(400)} 2 3 4 5 6 7 8`,
    ...HOSTILE_LINES,
  ])('%#: a malformed line is left out, never filled with zeros', (line) => {
    expect(parseCpuStat(line)).toEqual([]);
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(almostLines('cpu0', 'cpu1', '1 2 3 4 5 6 7 8'), (text) => {
        expect(badNumbersIn(parseCpuStat(text))).toEqual([]);
      }),
    );
  });
});
