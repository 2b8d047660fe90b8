import { describe, expect, test } from 'vitest';
import type { Course, Culprit } from '../../runner/triage/finding.ts';
import { python } from '../../test/findings.ts';
import { chargedText, courseText, lookText, noCourseText } from './look-words.ts';

const of = (course: Course, more: Partial<Culprit> = {}): Culprit => ({ ...python, ...more, course });
const waits = (atMs: number, call = 'write') => ({ atMs, state: 'waiting', call }) as const;

describe('what a culprit did, in words', () => {
  test('is how often it was looked at and in which state, with the calls it was met in', () => {
    const looks = [waits(2200), waits(3000), waits(3700, 'fsync'), { atMs: 5200, state: 'running' } as const];
    expect(courseText(of({ looks }))).toBe(
      '4 looks, from 2.2 s to 5.2 s: blocked (state D) in 3 (write() in 2, fsync() in 1), runs in 1',
    );
    expect(courseText(of({ looks: [waits(5000)] }))).toBe('1 look, at 5 s: blocked (state D) in 1 (write() in 1)');
  });

  test('of a group is that of the busiest, and says of how many', () => {
    const look = { ...waits(2200), inState: 2, processes: 3 };
    expect(courseText(of({ looks: [look] }, { pids: [1, 2, 3, 4, 5, 6, 7] }))).toBe(
      '1 look at 3 of its 7 processes, the busiest counts, at 2.2 s: blocked (state D) in 1 (write() in 1)',
    );
    expect(lookText(look)).toBe('blocked (state D) in write(), 2 of 3');
  });

  test('says the bytes before and after the first look, or nothing', () => {
    const charged = [
      { fromMs: 0, toMs: 2200, bytesPerSecond: 0 },
      { fromMs: 2200, toMs: 5200, bytesPerSecond: 46 * 1024 * 1024 },
    ];
    expect(chargedText(of({ looks: [waits(2200)], charged }))).toBe(
      'charged 0 B/s until 2.2 s and 46 MB/s after that, on all disks',
    );
    expect(chargedText(of({ looks: [waits(2200)] }))).toBeUndefined();
  });

  test('says why there is none', () => {
    const { course: _, ...none } = python;
    expect(courseText(none)).toBeUndefined();
    expect(noCourseText(none)).toBe('no course: what it did from moment to moment is not known');
    expect(noCourseText({ ...none, group: 'short-lived' })).toMatch(/come and go between two looks/);
  });
});
