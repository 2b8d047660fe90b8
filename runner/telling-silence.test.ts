import { describe, expect, test } from 'vitest';
import { bundlePauseMs, isTellingSilence } from './telling-silence.ts';

const isTelling = (silentMs: number, more: { leftMs?: number; deadlineMs?: number; pauseMs?: number } = {}): boolean =>
  isTellingSilence({ silentMs, leftMs: 14_500, deadlineMs: 15_000, pauseMs: 2000, ...more });

describe('a silence until the deadline tells of a hang', () => {
  test('once it is longer than the pauses of the answer and what load explains', () => {
    expect(isTelling(14_500)).toBe(true);
    expect(isTelling(5000)).toBe(true);
    expect(isTelling(4900)).toBe(false);
    expect(isTelling(0)).toBe(false);
  });

  test('where three quarters of what was left are less, already after those', () => {
    expect(isTelling(4500, { leftMs: 6000 })).toBe(true);
    expect(isTelling(4400, { leftMs: 6000 })).toBe(false);
    expect(isTelling(60_000, { leftMs: 69_000, deadlineMs: 70_000, pauseMs: 60_000 })).toBe(true);
  });

  test('but never where the log-in used nearly all of the deadline up', () => {
    expect(isTelling(400, { leftMs: 400, pauseMs: 0 })).toBe(false);
    expect(isTelling(2900, { leftMs: 2900, pauseMs: 0 })).toBe(false);
    expect(isTelling(3000, { leftMs: 3000, pauseMs: 0 })).toBe(true);
  });

  test('a short deadline has its own measure', () => {
    expect(isTelling(700, { leftMs: 700, deadlineMs: 800, pauseMs: 0 })).toBe(true);
    expect(isTelling(150, { leftMs: 150, deadlineMs: 800, pauseMs: 0 })).toBe(false);
  });
});

describe('how long the bundle pauses by design', () => {
  test.each([
    [[], 5, 0],
    [['hello', 'file'], 5, 5000],
    [['hello', 'file', 'ticks'], 5, 2000],
    [['hello', 'file', 'ticks', 'procs'], 15, 2000],
    [['hello', 'ticks'], 60, 8000],
  ])('after %j in a window of %i s: %i ms', (kinds, windowSeconds, pauseMs) => {
    expect(bundlePauseMs(kinds, windowSeconds)).toBe(pauseMs);
  });
});
