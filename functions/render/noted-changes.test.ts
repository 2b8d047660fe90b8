import { expect, test } from 'vitest';
import { healthyHost, refused, saturatedHost } from '../../test/findings.ts';
import { widthOf } from './fit.ts';
import { newsBetween } from './news-between.ts';
import { changeLines, countChanges, type Noted } from './noted-changes.ts';
import { paintFor } from './paint.ts';

const AT = Date.parse('2018-12-05T15:23:06.000Z');
const note = (
  before: Parameters<typeof newsBetween>[0],
  after: Parameters<typeof newsBetween>[0],
  atMs = AT,
): Noted => ({
  atMs,
  diff: newsBetween(before, after),
});
const show = (noted: Noted[], most = 10, width = 100): string[] => changeLines(noted, most, width, paintFor(false));

test('each change has its time, what kind it is, its hosts and what happened', () => {
  const well = ['db-1', 'db-2', 'db-3'].map((name) => healthyHost(name));
  const ill = ['db-1', 'db-2', 'db-3'].map((name) => saturatedHost(name));
  const noted = [note(well, ill), note(ill, well, AT + 65_000)];
  expect(show(noted)).toEqual([
    expect.stringMatching(/^15:23:06 {2}NEW {6}db-\[1-3\]: saturated by logtest\.py.*; was healthy$/),
    expect.stringMatching(/^15:24:11 {2}gone {5}db-\[1-3\]: healthy; was saturated by logtest\.py/),
  ]);
  expect(countChanges(noted)).toBe(2);
});

test('a host that stays down is told of once', () => {
  const well = [healthyHost('a')];
  const down = [refused('a')];
  expect(show([note(well, down)])[0]).toMatch(/^15:23:06 {2}unknown {2}a: not /);
  expect(show([note(down, down)])).toEqual([]);
  expect(note(down, down).diff).toMatchObject({ unchanged: 1, notCompared: [] });
});

test('of many changes the newest are kept', () => {
  const turns = Array.from({ length: 9 }, (_, i) =>
    i % 2 === 0
      ? note([healthyHost('a')], [saturatedHost('a')], AT + i * 1000)
      : note([saturatedHost('a')], [healthyHost('a')], AT + i * 1000),
  );
  expect(show(turns, 2).map((line) => line.slice(0, 8))).toEqual(['15:23:13', '15:23:14']);
  expect(show(turns, 0)).toEqual([]);
});

test.each([59, 80, 200])('at %d columns no line is wider, and many names do not push off what happened', (width) => {
  const names = Array.from({ length: 40 }, (_, i) => `データ-${String.fromCharCode(97 + (i % 26))}-${i * 3}-x`);
  const noted = [
    note(
      names.map((name) => healthyHost(name)),
      names.map((name) => saturatedHost(name)),
    ),
  ];
  const [line = ''] = show(noted, 5, width);
  expect(widthOf(line)).toBeLessThanOrEqual(width);
  expect(line).toContain(': saturated');
});
