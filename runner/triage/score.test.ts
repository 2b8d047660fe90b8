import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { VERDICTS, type Verdict } from './finding.ts';
import type { Load } from './saturation.ts';
import { NOT_SWEPT_SCORE, SUSPECTED_HUNG_SCORE, scoreOf } from './score.ts';

const anyLoad = fc
  .record({
    busyPercent: fc.integer({ min: 0, max: 100 }),
    queueDepth: fc.oneof(fc.nat({ max: 5000 }), fc.maxSafeNat()),
    latencyRatio: fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.maxSafeNat()),
    stalledMs: fc.oneof(fc.nat({ max: 60_000 }), fc.maxSafeNat()),
  })
  .map((load): Load => ({ verdict: 'healthy', ...load }));

test('a worse verdict outranks a better one, whatever the figures', () => {
  const index = fc.nat({ max: VERDICTS.length - 1 });
  fc.assert(
    fc.property(index, index, anyLoad, anyLoad, (a, b, loadA, loadB) => {
      fc.pre(a < b);
      expect(scoreOf(VERDICTS[a] as Verdict, loadA)).toBeGreaterThan(scoreOf(VERDICTS[b] as Verdict, loadB));
    }),
    { numRuns: 2000 },
  );
});

test('a score is from 0 to 100, also where nothing is known of the load', () => {
  fc.assert(
    fc.property(fc.constantFrom(...VERDICTS), fc.option(anyLoad, { nil: undefined }), (verdict, load) => {
      const score = scoreOf(verdict, load);
      expect(score >= 0 && score <= 100).toBe(true);
    }),
  );
});

test('a suspected hang ranks below every hung host and above every saturated one', () => {
  fc.assert(
    fc.property(anyLoad, (load) => {
      expect(scoreOf('hung', load)).toBeGreaterThan(SUSPECTED_HUNG_SCORE);
      expect(scoreOf('saturated', load)).toBeLessThan(SUSPECTED_HUNG_SCORE);
    }),
  );
});

test('a host that was not swept ranks with the inconclusive ones, above every busy one', () => {
  expect(scoreOf('inconclusive', undefined)).toBe(NOT_SWEPT_SCORE);
  expect(scoreOf('busy', { verdict: 'busy', busyPercent: 100, queueDepth: 9, stalledMs: 0 })).toBeLessThan(
    NOT_SWEPT_SCORE,
  );
});

test('inside a band the slower, the longer queued, the longer stuck and the busier come first', () => {
  const load = { verdict: 'healthy' as const, busyPercent: 50, queueDepth: 10, latencyRatio: 10, stalledMs: 5000 };
  expect(scoreOf('saturated', { ...load, latencyRatio: 100 })).toBeGreaterThan(scoreOf('saturated', load));
  expect(scoreOf('saturated', { ...load, queueDepth: 100 })).toBeGreaterThan(scoreOf('saturated', load));
  expect(scoreOf('hung', { ...load, stalledMs: 30_000 })).toBeGreaterThan(scoreOf('hung', load));
  expect(scoreOf('busy', { ...load, busyPercent: 99 })).toBeGreaterThan(scoreOf('busy', load));
});
