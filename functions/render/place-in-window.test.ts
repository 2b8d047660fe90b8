import { expect, test } from 'vitest';
import { placeInWindow } from './place-in-window.ts';

const at = (...times: number[]) => times.map((atMs) => ({ atMs, busyPercent: 1, queueDepth: 1, inFlight: 1 }));

test('a moment stands where its point is drawn, though points are of unequal length', () => {
  const timeline = at(250, 500, 2500, 5000);
  expect([0, 125, 250, 500, 1500, 5000].map((ms) => placeInWindow(timeline, ms))).toEqual([
    0, 0.125, 0.25, 0.5, 0.625, 1,
  ]);
});

test('what is after the last point, or was sent by a host that means harm, stays on the axis', () => {
  for (const ms of [5001, 1e300]) expect(placeInWindow(at(250, 5000), ms)).toBe(1);
  for (const place of [placeInWindow(at(0, 0), 0), placeInWindow([], 0), placeInWindow(at(500, 250), 400)]) {
    expect(place).toBeGreaterThanOrEqual(0);
    expect(place).toBeLessThanOrEqual(1);
  }
});
