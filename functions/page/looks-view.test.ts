import { describe, expect, it } from 'vitest';
import type { Course } from '../../runner/triage/finding.ts';
import { python } from '../../test/findings.ts';
import { BAR_HEIGHT, looksView } from './looks-view.ts';

describe('the course of a culprit', () => {
  const timeline = [250, 500, 750, 1000].map((atMs) => ({ atMs, busyPercent: 50, queueDepth: 1, inFlight: 1 }));
  const course: Course = {
    looks: [
      { atMs: 400, state: 'waiting', call: 'write' },
      { atMs: 1000, state: 'running' },
    ],
    charged: [
      { fromMs: 0, toMs: 400, bytesPerSecond: 10 * 1024 * 1024 },
      { fromMs: 400, toMs: 1000, bytesPerSecond: 40 * 1024 * 1024 },
    ],
  };

  it('stands on the axis of the strips, with all of it in words', () => {
    expect(looksView(timeline, { ...python, course })).toEqual({
      marks: [
        { x: '40.00%', state: 'waiting', title: 'at 400 ms blocked (state D) in write()' },
        { x: '100.00%', state: 'running', title: 'at 1 s runs' },
      ],
      bars: [
        { x: '0.00%', width: '40.00%', height: 7 },
        { x: '40.00%', width: '60.00%', height: BAR_HEIGHT },
      ],
      top: '40 MB/s',
      label: 'looks at python 18940: at 400 ms blocked (state D) in write(); at 1 s runs',
    });
  });

  it('has no bars where no bytes are known, and no height where there were none', () => {
    const { charged = [], looks } = course;
    const bare = looksView(timeline, { ...python, course: { looks } });
    expect(bare).toMatchObject({ bars: [] });
    expect(bare).not.toHaveProperty('top');
    const idle = charged.map((span) => ({ ...span, bytesPerSecond: 0 }));
    expect(
      looksView(timeline, { ...python, course: { looks, charged: idle } })?.bars.map(({ height }) => height),
    ).toEqual([0, 0]);
  });

  it('is left out where there is none, or nothing to align it with', () => {
    const { course: _, ...none } = python;
    expect(looksView(timeline, none)).toBeUndefined();
    expect(looksView(timeline.slice(0, 1), { ...python, course })).toBeUndefined();
  });

  it('shows what a hostile host sent within the strip, and encoded', () => {
    const wild: Course = {
      looks: [{ atMs: 1e300, state: 'waiting', call: '\u202ex' }],
      charged: [{ fromMs: 5e9, toMs: 1, bytesPerSecond: 1e300 }],
    };
    const view = looksView(timeline, { ...python, command: 'a\u0007', course: wild });
    expect(view?.marks[0]?.x).toBe('100.00%');
    expect(view?.bars[0]).toEqual({ x: '100.00%', width: '0.00%', height: BAR_HEIGHT });
    expect(view?.label).toMatch(/^looks at a\\x07 18940: .*\\u202ex\(\)$/);
  });
});
