import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { healthy, MB, saturated, ticks } from '../../test/host-samples.ts';
import type { DiskKind } from './disk-kind.ts';
import type { DiskActivity, DiskTick } from './samples.ts';
import { loadOf } from './saturation.ts';

const verdict = (activity: DiskActivity, kind: DiskKind = 'hdd', points: readonly DiskTick[] = []) =>
  loadOf(activity, points, kind).verdict;
const nothing = { reads: 0, writes: 0, writeBytes: 0, writeMs: 0 };

describe('saturated is busy, queueing and slow at once', () => {
  test('a hard disk with a second of latency behind a queue of 40', () => {
    expect(loadOf(saturated('sda'), [], 'hdd')).toMatchObject({ verdict: 'saturated', queueDepth: 40, awaitMs: 1000 });
  });

  test('an NVMe 98 % busy with 0.1 ms latency is healthy', () => {
    const nvme = healthy('nvme0n1', {
      ioMs: 4900,
      reads: 200_000,
      readBytes: 800 * MB,
      readMs: 20_000,
      writes: 0,
      writeBytes: 0,
      writeMs: 0,
      weightedMs: 20_000,
    });
    expect(verdict(nvme, 'nvme')).toBe('healthy');
  });

  test('the same NVMe with 20 ms latency is saturated', () => {
    const slow = saturated('nvme0n1', { writes: 10_000, writeBytes: 40 * MB, writeMs: 200_000 });
    expect(verdict(slow, 'nvme')).toBe('saturated');
  });

  test('latency is judged by the size of the request: 100 ms for 10 MB is fair', () => {
    const large = saturated('sda', { writes: 50, writeBytes: 500 * MB, writeMs: 5000, weightedMs: 5000 });
    expect(verdict(large)).toBe('busy');
    const small = saturated('sda', { writes: 50, writeBytes: 50 * 4096, writeMs: 5000, weightedMs: 5000 });
    expect(verdict(small)).toBe('saturated');
  });

  test('slow but mostly idle is not saturated', () => {
    expect(verdict(saturated('sda', { ioMs: 1000 }))).toBe('busy');
  });

  test('busy without a queue is not saturated', () => {
    expect(verdict(saturated('sda', { writes: 100, writeMs: 4000, weightedMs: 4000 }))).toBe('busy');
  });

  test('busy time that was over-counted (5.0 to 6.9) is found out: in flight at few ticks', () => {
    const points = ticks('sda', (i) => ({ inFlight: i % 5 === 0 ? 1 : 0 }));
    expect(verdict(saturated('sda', { ioMs: 4750 }), 'hdd', points)).not.toBe('saturated');
    expect(
      verdict(
        saturated('sda', { ioMs: 4750 }),
        'hdd',
        ticks('sda', () => ({})),
      ),
    ).toBe('saturated');
  });

  test('asynchronous I/O with all its pressure near 0 is saturated all the same: pressure is not asked', () => {
    expect(
      verdict(
        saturated('nvme0n1', { reads: 30_000, readBytes: 6000 * MB, readMs: 900_000, weightedMs: 900_000 }),
        'nvme',
      ),
    ).toBe('saturated');
  });
});

describe('hung is requests in flight and none completed', () => {
  const stuck = saturated('sda', nothing);

  test('for three seconds at the end of the window', () => {
    expect(
      verdict(
        stuck,
        'hdd',
        ticks('sda', () => nothing),
      ),
    ).toBe('hung');
    expect(
      loadOf(
        stuck,
        ticks('sda', (i) => (i < 10 ? {} : nothing)),
        'hdd',
      ),
    ).toMatchObject({ stalledMs: 2500 });
    expect(
      verdict(
        stuck,
        'hdd',
        ticks('sda', (i) => (i < 7 ? {} : nothing)),
      ),
    ).toBe('hung');
  });

  test('one that completed something at the end has recovered', () => {
    expect(
      verdict(
        saturated('sda', { writes: 1 }),
        'hdd',
        ticks('sda', (i) => (i === 19 ? { writes: 1 } : nothing)),
      ),
    ).not.toBe('hung');
  });

  test('one without anything in flight is idle', () => {
    const idle = saturated('sda', { ...nothing, ioMs: 0, weightedMs: 0, inFlight: 0 });
    expect(
      verdict(
        idle,
        'hdd',
        ticks('sda', () => ({ ...nothing, inFlight: 0 })),
      ),
    ).toBe('healthy');
  });

  test('without ticks the window alone tells', () => {
    expect(verdict(stuck)).toBe('hung');
  });

  test('in a window too short to tell it is inconclusive', () => {
    const short = saturated('sda', { ...nothing, elapsedMs: 1000, ioMs: 1000, weightedMs: 40_000 });
    expect(verdict(short)).toBe('inconclusive');
  });

  test('a disk that stops in the middle of an fstrim hangs: not a discard completes any more', () => {
    const trim = saturated('sda', { ...nothing, discards: 400, discardBytes: 9000 * MB, discardMs: 900_000 });
    const until = (last: number) => ticks('sda', (i) => ({ ...nothing, weightedMs: i < last ? 9000 : 0 }));
    expect(verdict(trim, 'ssd', until(6))).toBe('hung');
    expect(verdict(trim, 'ssd', until(20))).toBe('saturated');
  });

  test('an fstrim on a quiet disk is not a hung one: what completes are discards', () => {
    const trim = saturated('sda', { ...nothing, discards: 400, discardBytes: 9000 * MB });
    expect(
      verdict(
        trim,
        'ssd',
        ticks('sda', () => ({ ...nothing, inFlight: 2 })),
      ),
    ).not.toBe('hung');
    expect(
      verdict(
        saturated('sda', { ...nothing, discards: 0 }),
        'ssd',
        ticks('sda', () => nothing),
      ),
    ).toBe('hung');
  });
});

test('the verdict, the figures and the ratio of any activity are sound', () => {
  const figure = fc.oneof(fc.constant(0), fc.nat(), fc.maxSafeNat());
  fc.assert(
    fc.property(
      fc.record({
        elapsedMs: fc.integer({ min: 1, max: 60_000 }),
        reads: figure,
        readMs: figure,
        readBytes: figure,
        writes: figure,
        ioMs: figure,
        weightedMs: figure,
        inFlight: figure,
      }),
      fc.constantFrom<DiskKind>('hdd', 'ssd', 'nvme', 'virtual', 'loop', 'network', 'memory', 'unknown'),
      (changes, kind) => {
        const { verdict: _, ...figures } = loadOf(saturated('sda', changes), [], kind);
        for (const value of Object.values(figures)) expect(Number.isFinite(value) && value >= 0).toBe(true);
        expect(figures.busyPercent).toBeLessThanOrEqual(100);
      },
    ),
  );
});
