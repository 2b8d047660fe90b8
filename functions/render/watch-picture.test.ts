import { expect, test } from 'vitest';
import { healthyHost, reportOf, saturatedHost } from '../../test/findings.ts';
import { widthOf } from './fit.ts';
import { newsBetween } from './news-between.ts';
import { paintFor } from './paint.ts';
import { watchPicture } from './watch-picture.ts';

const names = Array.from({ length: 30 }, (_, i) => `db-${i}`);
const well = names.map((name) => healthyHost(name));
const ill = names.map((name) => saturatedHost(name));
const turns = Array.from({ length: 12 }, (_, i) => ({
  atMs: Date.parse('2018-12-05T15:23:06.000Z') + i * 35_000,
  diff: i % 2 === 0 ? newsBetween(well, ill) : newsBetween(ill, well),
}));

test.each([
  [59, 10],
  [79, 23],
  [199, 49],
])('%d columns and %d lines are never exceeded, and both state and changes are there', (width, height) => {
  for (const hosts of [ill, ill.slice(0, 1)]) {
    const lines = watchPicture(reportOf(hosts), turns, { width, height }, paintFor(false));
    expect(lines.length).toBeLessThanOrEqual(height);
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(width);
    expect(lines.join('\n')).toContain('SATURATED');
    expect(lines.join('\n')).toMatch(/^changes, times in UTC:\n.*(?:NEW|gone) +db-\[0-29\]: /m);
  }
});

test('before anything has changed nothing is said of changes', () => {
  const lines = watchPicture(reportOf(ill), [], { width: 79, height: 23 }, paintFor(false));
  expect(lines.join('\n')).not.toContain('changes');
});

test('one host alone reads like an answer, cut where there is no more room', () => {
  const lines = watchPicture(reportOf([saturatedHost('db-01')]), [], { width: 79, height: 8 }, paintFor(false));
  expect(lines[0]).toMatch(/^db-01: SATURATED\. logtest\.py 18940 saturates sda/);
  expect(lines.slice(-2)).toEqual(['…', '']);
});
