import { expect, test } from 'vitest';
import type { Report, VisitedHost } from '../../runner/report.ts';
import { diffOf, diffSchema } from '../../runner/triage/diff.ts';
import { rankingRowOf } from '../../runner/triage/ranking-row.ts';
import { healthyHost, python, refused, reportOf, saturatedHost, sda, silent } from '../../test/findings.ts';
import { renderDiff, renderDiffPlain } from './diff.ts';
import { widthOf } from './fit.ts';
import { renderDiffJson } from './json.ts';
import { paintFor } from './paint.ts';

const NOW = Date.parse('2018-12-05T15:27:10.000Z');
const rack = (make: (name: string) => VisitedHost): VisitedHost[] =>
  Array.from({ length: 12 }, (_, i) => make(`db-${String(i + 1).padStart(2, '0')}`));
const tar = { ...python, command: 'tar', program: 'tar', unit: 'backup.service' };

const before = reportOf(
  [
    ...rack(healthyHost),
    saturatedHost('old'),
    saturatedHost('x', { score: 70 }),
    healthyHost('w'),
    healthyHost('gone-1'),
    refused('r'),
  ],
  { id: '01BEFORE', startedAt: '2018-12-05T12:00:00.000Z', asked: ['@db'] },
);
const after = reportOf(
  [
    ...rack(saturatedHost),
    healthyHost('old'),
    saturatedHost('x', { disks: [{ ...sda, culprits: [tar] }] }),
    silent('w'),
    refused('r'),
  ],
  { id: '01AFTER', asked: ['@db'], status: 'interrupted' },
);
const diffBetween = (from: Report, to: Report) => diffOf(from.hosts.map(rankingRowOf), to.hosts.map(rankingRowOf));
const facts = { from: before.sweep, to: after.sweep, nowMs: NOW };
const show = (width = 100, colour = false): string =>
  renderDiff(diffBetween(before, after), facts, { width, paint: paintFor(colour) });

test('the sweeps are named, then what is new comes first, hosts with the same change in one line', () => {
  const lines = show().split('\n');
  expect(lines[0]).toBe('from  01BEFORE: 2018-12-05 12:00:00 UTC, 3 hours ago; 16 of 17 targets swept: @db');
  expect(lines[1]).toBe(
    'to    01AFTER: 2018-12-05 15:23:01 UTC, 4 minutes ago; 14 of 16 targets swept (interrupted): @db',
  );
  expect(lines[2]).toBe('14 new, 1 gone; 0 unchanged, 2 not compared');
  expect(lines.slice(3, 8)).toEqual([
    '',
    'NEW',
    'w: suspected to hang; was healthy',
    '    before: nvme0n1, 3 % busy, await 0.3 ms, score 3',
    '12 hosts: saturated by logtest.py (buffered-write); was healthy: db-[01-12]',
  ]);
});

test('one host alone shows its figures now and before', () => {
  const shown = show(140);
  expect(shown).toContain(
    'x: still saturated, by another culprit: tar (buffered-write); before by logtest.py (buffered-write)\n' +
      '    sda, 99.2 % busy, await 7.3 s, score 88, /tmp/logtest.txt\n' +
      '    before: 99.2 % busy, await 7.3 s, score 70\n',
  );
  expect(shown).toContain('\ngone\nold: healthy; was saturated by logtest.py (buffered-write)\n');
});

test('what could not be compared is named last, and is never gone', () => {
  expect(show()).toMatch(
    /\nnot compared\nr: not swept now \(refused\), nor before\ngone-1: not among the targets now; was healthy\n$/,
  );
});

test('where nothing has changed, that is said in one line', () => {
  const same = { from: before.sweep, to: before.sweep, nowMs: NOW };
  const shown = renderDiff(diffBetween(before, before), same, { width: 80, paint: paintFor(false) });
  expect(shown).toContain('Nothing has changed: 16 unchanged, 1 not compared\n');
  expect(shown).not.toMatch(/^(?:NEW|WORSE|better|gone)$/m);
  const lost = reportOf([refused('a')]);
  expect(renderDiffPlain(diffBetween(lost, lost), same)).toContain('Nothing can be said of a change');
});

test.each([60, 80, 120])('at %d columns every line fits, and colour never is the only sign', (width) => {
  for (const line of show(width).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
  expect(show(width, true)).toContain('\u001b[31m');
  expect(show(width, true).replace(/\u001b\[[0-9]+m/gu, '')).toBe(show(width));
});

test('a thousand hosts with changes of their own do not scroll away', () => {
  const many = (make: (i: number) => VisitedHost): Report => reportOf(Array.from({ length: 1000 }, (_, i) => make(i)));
  const changed = many((i) =>
    saturatedHost(`h${i}`, { disks: [{ ...sda, culprits: [{ ...python, program: `job${i}.py` }] }] }),
  );
  const shown = renderDiff(
    diffBetween(
      many((i) => healthyHost(`h${i}`)),
      changed,
    ),
    facts,
    { width: 80, paint: paintFor(false) },
  );
  expect(shown).toContain('and 980 more hosts: --plain or --json has all');
  expect(shown.split('\n').length).toBeLessThan(100);
});

test('plain text has a line for every host', () => {
  const lines = renderDiffPlain(diffBetween(before, after), facts).split('\n');
  expect(lines.filter((line) => line.startsWith('new: db-'))).toHaveLength(12);
  expect(lines).toContain('not compared: gone-1: not among the targets now; was healthy');
});

test('JSON is the two sweeps and the diff', () => {
  const { from, to, ...diff } = JSON.parse(renderDiffJson(diffBetween(before, after), before.sweep, after.sweep));
  expect([from, to]).toEqual([before.sweep, after.sweep]);
  expect(diffSchema.parse(diff)).toEqual(diffBetween(before, after));
});
