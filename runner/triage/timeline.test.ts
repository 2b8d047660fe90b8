import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ticks } from '../../test/host-samples.ts';
import { timelineOf } from './timeline.ts';

test('a point for each tick: busy, queue, in flight, await', () => {
  expect(timelineOf(ticks('sda', () => ({})))[0]).toEqual({
    atMs: 250,
    busyPercent: 100,
    queueDepth: 40,
    inFlight: 40,
    awaitMs: 1000,
  });
});

test('a tick in which nothing completed has no await, which is not an await of zero', () => {
  expect(timelineOf(ticks('sda', () => ({ writes: 0, writeMs: 0 })))[0]).not.toHaveProperty('awaitMs');
});

test('a tick in which nothing completed has those in flight for its queue, whatever the kernel has counted of them', () => {
  const [point] = timelineOf(ticks('sda', () => ({ writes: 0, writeMs: 0, weightedMs: 0, inFlight: 7 })));
  expect(point).toMatchObject({ queueDepth: 7, inFlight: 7 });
});

test('more than 60 ticks become at most 60 points, in order, with the highest in flight of each', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.nat({ max: 499 }), (length, peak) => {
      const [one] = ticks('sda', () => ({}));
      if (!one) return;
      const points = timelineOf(
        Array.from({ length }, (_, i) => ({ ...one, atMs: i * 250, inFlight: i === peak ? 900 : 1 })),
      );
      expect(points.length).toBeLessThanOrEqual(60);
      expect(points.map(({ atMs }) => atMs)).toEqual(points.map(({ atMs }) => atMs).sort((a, b) => a - b));
      expect(points.some(({ inFlight }) => inFlight === 900)).toBe(peak < length);
    }),
  );
});
