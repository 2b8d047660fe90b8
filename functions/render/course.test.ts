import { expect, test } from 'vitest';
import type { Course, Culprit, TimelinePoint } from '../../runner/triage/finding.ts';
import { python } from '../../test/findings.ts';
import { courseLines } from './course.ts';
import { widthOf } from './fit.ts';

const at = (index: number, more: Partial<TimelinePoint> = {}): TimelinePoint => ({
  atMs: index * 250,
  busyPercent: 100,
  queueDepth: 4,
  inFlight: 4,
  awaitMs: 200,
  ...more,
});

test('busy, queue and wait stand one above the other, each with its highest value', () => {
  const timeline = [0, 1, 2, 3].map((i) => at(i, { busyPercent: 25 * (i + 1), queueDepth: i, awaitMs: 50 * (i + 1) }));
  expect(courseLines({ timeline })).toEqual([
    'over the window:',
    'busy   ▃▅▆█  at most 100 %',
    'queue  ▁▃▆█  at most 3',
    'await  ▃▅▆█  at most 200 ms',
  ]);
});

test('busy time is drawn of 100 %, so that a disk with little to do does not look busy', () => {
  const timeline = [0, 1, 2, 3].map((i) => at(i, { busyPercent: 2 }));
  expect(courseLines({ timeline })[1]).toBe('busy   ▁▁▁▁  at most 2 %');
});

test('a moment in which nothing was completed has no wait, and is not drawn as a short one', () => {
  const { awaitMs: _, ...none } = at(2);
  const lines = courseLines({ timeline: [at(0), at(1), none, at(3)] });
  expect(lines[0]).toBe('over the window (· no request was completed):');
  expect(lines[3]).toBe('await  ██·█  at most 200 ms');
});

test('a disk that completed nothing at all has no line for its wait', () => {
  const timeline = [0, 1, 2, 3].map((i) => {
    const { awaitMs: _, ...none } = at(i);
    return none;
  });
  expect(courseLines({ timeline }).map((line) => line.slice(0, 5))).toEqual(['over ', 'busy ', 'queue']);
});

test('a long window keeps its short burst, and every line fits beside the labels of a narrow terminal', () => {
  const timeline = Array.from({ length: 60 }, (_, i) => at(i, { queueDepth: i === 31 ? 12_345 : 1, awaitMs: 125_000 }));
  const lines = courseLines({ timeline });
  expect(lines[2]?.match(/█/gu)).toHaveLength(1);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(46);
});

const { course: _, ...unseen } = python;
const doing = (...looks: Course['looks']): Culprit => ({ ...python, course: { looks } });

test('each look at a culprit is a letter on the same axis', () => {
  const timeline = Array.from({ length: 20 }, (_, i) => at(i + 1));
  const [other] = [{ ...unseen, command: 'a-name-that-is-long', pid: 7 }];
  const lines = courseLines({
    timeline,
    culprits: [
      doing(
        { atMs: 2000, state: 'waiting' },
        { atMs: 2800, state: 'sleeping' },
        // In one column: the busier one is shown.
        { atMs: 4760, state: 'running' },
        { atMs: 5000, state: 'sleeping' },
      ),
      { ...other, course: { looks: [{ atMs: 9000, state: 'other' }] } },
      other,
    ],
  });
  expect(lines.slice(4)).toEqual([
    'looks  .......W...S.......R  python 18940',
    'looks  ...................x  a-name-that-is-l…',
    '(W blocked (state D), R runs, S sleeps, x is stopped or ended)',
  ]);
  expect(lines[4]?.length).toBeLessThanOrEqual(46);
});

test('looks stay below their bars where a long window is merged, and a culprit without looks has no line', () => {
  const timeline = Array.from({ length: 60 }, (_, i) => at(i + 1));
  const bare = courseLines({ timeline, culprits: [unseen] });
  expect(bare).toHaveLength(4);
  const lines = courseLines({ timeline, culprits: [doing({ atMs: 7500, state: 'waiting' })] });
  expect(lines[4]).toBe('looks  .........W..........  python 18940');
});

test('there is no chart of a window of which too little was seen', () => {
  expect(courseLines({ timeline: [at(0), at(1)] })).toEqual([]);
  expect(courseLines({})).toEqual([]);
});
