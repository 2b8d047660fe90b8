import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { almostLines, badNumbersIn, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseTicks } from './ticks.ts';

describe('parseTicks', () => {
  test('differences become points with the length of their span; sectors become bytes', () => {
    const { ticks, malformed } = parseTicks(
      'T 100.25\nsda 1 8 3 2 16 30 5 250 900\nT 100.50\nsda 0 0 0 1 8 9 4 250 1000\n',
      100_000,
    );
    expect(malformed).toBe(0);
    expect(ticks.get('sda')).toEqual([
      {
        device: 'sda',
        atMs: 250,
        elapsedMs: 250,
        reads: 1,
        readBytes: 4096,
        readMs: 3,
        writes: 2,
        writeBytes: 8192,
        writeMs: 30,
        inFlight: 5,
        ioMs: 250,
        weightedMs: 900,
      },
      expect.objectContaining({ atMs: 500, elapsedMs: 250, writes: 1, inFlight: 4 }),
    ]);
  });

  test('a device that a tick does not list was idle then, with nothing in flight', () => {
    const { ticks } = parseTicks(
      'T 100.25\nsda 0 0 0 1 8 9 1 9 9\nT 100.50\nT 100.75\nsdb 1 8 1 0 0 0 0 1 1\n',
      100_000,
    );
    expect(ticks.get('sda')?.map(({ writes, inFlight, atMs }) => [writes, inFlight, atMs])).toEqual([
      [1, 1, 250],
      [0, 0, 500],
      [0, 0, 750],
    ]);
    expect(ticks.get('sdb')?.map(({ reads }) => reads)).toEqual([0, 0, 1]);
  });

  test('a tick that goes back in time is left out and counted', () => {
    const { ticks, malformed } = parseTicks(
      'T 100.50\nsda 0 0 0 1 8 9 0 9 9\nT 90.00\nsda 0 0 0 7 8 9 0 9 9\nT 100.75\n',
      100_000,
    );
    expect(malformed).toBe(1);
    expect(ticks.get('sda')?.map(({ writes, elapsedMs }) => [writes, elapsedMs])).toEqual([
      [1, 500],
      [0, 250],
    ]);
  });

  test('a difference below zero has no point', () => {
    const { ticks, malformed } = parseTicks(
      'T 100.25\nsda 0 0 0 -1 8 9 0 9 9\nT 100.50\nsda 0 0 0 2 8 9 0 9 9\n',
      100_000,
    );
    expect(malformed).toBe(1);
    expect(ticks.get('sda')?.map(({ writes, atMs }) => [writes, atMs])).toEqual([[2, 500]]);
  });

  test.each([
    'sda 0 0 0 1 8 9 0 9',
    'sda 0 0 0 1 8 9 0 9 9 9',
    'sda 0 0 0 NaN 8 9 0 9 9',
    'sda 0 0 0 1e3 8 9 0 9 9',
    'sda 0 0 0 18446744073709551616 8 9 0 9 9',
    's da 0 0 0 1 8 9 0 9 9',
    'T -1.00',
    'T NaN',
    'T 1e3',
    'T 101',
    ...HOSTILE_LINES,
  ])('%#: a malformed line is counted and the others are kept', (line) => {
    const { ticks, malformed } = parseTicks(`T 100.25\n${line}\nsdb 1 8 1 0 0 0 0 1 1\n`, 100_000);
    expect(malformed).toBe(1);
    expect([...ticks.keys()]).toEqual(['sdb']);
  });

  test('a device before any tick has no time', () => {
    expect(parseTicks('sda 0 0 0 1 8 9 0 9 9\n', 0)).toEqual({ ticks: new Map(), malformed: 1 });
  });

  test('a megabyte of names and times does not become gigabytes of points', () => {
    const times = Array.from({ length: 40_000 }, (_, i) => `T ${100 + i}.00`).join('\n');
    const names = Array.from({ length: 25_000 }, (_, i) => `d${i} 0 0 0 0 0 0 0 0 0`).join('\n');
    const { ticks, malformed } = parseTicks(`${times}\n${names}\n`, 0);
    expect([...ticks.values()].reduce((sum, points) => sum + points.length, 0)).toBeLessThan(500_000);
    expect(malformed).toBeGreaterThan(60_000);
  });

  test('no text makes it throw or yields a number that is none', () => {
    fc.assert(
      fc.property(almostLines('T 100.25', 'T 100.50', 'sda 1 2 3', '4 5 6 7 8 9', 'T'), (text) => {
        const { ticks, malformed } = parseTicks(text, 100_000);
        expect(badNumbersIn([ticks, malformed])).toEqual([]);
        for (const points of ticks.values()) expect(points.every(({ elapsedMs }) => elapsedMs > 0)).toBe(true);
      }),
    );
  });
});
