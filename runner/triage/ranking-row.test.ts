import fc from 'fast-check';
import { expect, test } from 'vitest';
import { healthyHost, python, saturatedHost, sda, silent } from '../../test/findings.ts';
import { HOSTILE_TEXTS, hostileHost, hostileText } from '../../test/hostile-text.ts';
import { findPatterns } from './patterns.ts';
import { MOST_ROW_BYTES, rankingRowOf, rankingRowSchema } from './ranking-row.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test('the case as a row: verdict, the disk that it comes from, its figures, who and through which file', () => {
  const { fingerprint, ...culprit } = rankingRowOf(saturatedHost('db-01')).culprits[0] ?? expect.fail();
  expect(rankingRowOf(saturatedHost('db-01'))).toMatchObject({
    host: 'db-01',
    status: 'swept',
    verdict: 'saturated',
    score: 88,
    device: 'sda',
    busyPercent: 99.2,
    queueDepth: 1102.18,
    awaitMs: 7270.44,
  });
  expect(culprit).toEqual({
    name: 'python',
    program: 'logtest.py',
    unit: 'logger.service',
    activity: 'buffered-write',
    share: 0.98,
    confidence: 'high',
    path: '/tmp/logtest.txt',
  });
  expect(fingerprint).toBe(findPatterns([saturatedHost('a'), saturatedHost('b')])[0]?.fingerprint);
});

test('what could not be had is absent, and a failure keeps its kind', () => {
  const row = rankingRowOf(silent('app'));
  expect(row).toMatchObject({ failureKind: 'suspected-hung', culprits: [] });
  for (const figure of ['device', 'busyPercent', 'queueDepth', 'awaitMs']) expect(row).not.toHaveProperty(figure);
});

test('the figures are those of the disk that the verdict comes from, and its culprits come first', () => {
  const other = { ...sda, device: 'sdb', verdict: 'hung' as const, busyPercent: 100, culprits: [] };
  const row = rankingRowOf(saturatedHost('db', { verdict: 'hung', disks: [sda, other] }));
  expect(row).toMatchObject({ device: 'sdb', busyPercent: 100, culprits: [{ name: 'python' }] });
});

test('a row is a kilobyte at most whatever the host sent, with its first culprit, and reads back as it was', () => {
  fc.assert(
    fc.property(
      hostileText,
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0, noNaN: true }),
      (text, count, figure) => {
        const long = text.repeat(200);
        const [disk = expect.fail()] = hostileHost(long).disks;
        const [culprit = expect.fail()] = disk.culprits;
        const disks = [
          { ...disk, culprits: Array.from({ length: count }, () => culprit), queueDepth: figure, writeAwaitMs: figure },
        ];
        const row = rankingRowOf({ ...hostileHost(long), host: 'h'.repeat(255), disks });
        expect(bytesOf(row)).toBeLessThanOrEqual(MOST_ROW_BYTES);
        expect(row.culprits.length).toBeGreaterThan(0);
        expect(rankingRowSchema.parse(JSON.parse(JSON.stringify(row)))).toEqual(row);
      },
    ),
    { numRuns: 300 },
  );
});

test('the course of the queue is the highest of each step, in ninths of the highest of all', () => {
  const trend = (depths: readonly number[]) =>
    rankingRowOf(
      saturatedHost('db', {
        disks: [
          {
            ...sda,
            timeline: depths.map((queueDepth, i) => ({ atMs: i * 100, busyPercent: 99, queueDepth, inFlight: 0 })),
          },
        ],
      }),
    ).queueTrend;
  expect(trend([0, 5, 10, 2.5])).toBe('0592');
  expect(trend(Array.from({ length: 40 }, (_, i) => (i === 21 ? 90 : i % 2)))).toBe('00000000009000000000');
  expect(trend([1, 2, 3])).toBeUndefined();
  expect(trend([0, 0, 0, 0])).toBeUndefined();
  expect(rankingRowOf(healthyHost('db'))).not.toHaveProperty('queueTrend');
});

test('texts are cut at whole characters: a sentence at its end, a path at its start, and what fits is left alone', () => {
  const path = `/srv/${'漢'.repeat(60)}/app.log`;
  const files = [{ path, deleted: false }];
  const cut = rankingRowOf(
    saturatedHost('db', { summary: '🔥'.repeat(60), disks: [{ ...sda, culprits: [{ ...python, files }] }] }),
  );
  expect(cut.summary).toMatch(/^🔥+…$/u);
  expect(cut.culprits[0]?.path).toMatch(/^…漢+\/app\.log$/u);
  for (const text of HOSTILE_TEXTS.filter((each) => bytesOf(each) <= 180)) {
    expect(rankingRowOf(healthyHost('h', { summary: text })).summary).toBe(text);
  }
});
