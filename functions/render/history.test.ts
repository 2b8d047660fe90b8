import { expect, test } from 'vitest';
import type { Sweep } from '../../runner/report.ts';
import { crowdedHost, healthyHost, refused, reportOf, saturatedHost, silent } from '../../test/findings.ts';
import { ulid } from '../ulid.ts';
import { widthOf } from './fit.ts';
import { renderHistory, renderHistoryPlain } from './history.ts';
import { type HostFinding, renderHostHistory, renderHostHistoryPlain } from './host-history.ts';
import { renderHistoryJson, renderHostHistoryJson } from './json.ts';
import { paintFor } from './paint.ts';
import { countStandings } from './standing.ts';

const NOW = Date.parse('2018-12-05T15:27:10.000Z');
const at = (width: number, colour = false) => ({ width, paint: paintFor(colour) });

const hosts = [silent('f'), saturatedHost('a'), saturatedHost('b'), healthyHost('c'), refused('d')];
const report = reportOf(hosts, { asked: ['@db', 'web-1', 'web-2', 'web-3'] });
const counts = countStandings(report.hosts);
const entries: Sweep[] = [
  { ...report.sweep, counts },
  { ...reportOf([healthyHost('x')]).sweep, id: 'OLDER', startedAt: '2018-12-03T09:00:00.000Z' },
];

test('a sweep is one line where there is room: when, how long ago, its id, what was found, what was asked', () => {
  const lines = renderHistory(entries, NOW, at(140)).split('\n');
  expect(lines[0]).toMatch(/^WHEN \(UTC\) +AGO +SWEEP +HOSTS +RESULT +ASKED$/);
  expect(lines[1]).toMatch(
    /^2018-12-05 15:23 +4m +01JDF3W5Q0000000000000TEST +5 +1 suspected hung, 2 saturated, 1 not swept +@db web-\[1-3\]$/,
  );
  expect(lines[2]).toMatch(/^2018-12-03 09:00 +2d +OLDER +1 +1 swept, 0 not swept +this machine$/);
});

test('on a narrow terminal the id still is whole and the rest stands below', () => {
  for (const width of [60, 80]) {
    const shown = renderHistory(entries, NOW, at(width));
    expect(shown).toContain('01JDF3W5Q0000000000000TEST');
    expect(shown.replace(/\n +asked/u, '  asked')).toContain(
      '\n    1 suspected hung, 2 saturated, 1 not swept, 1 healthy  asked for @db web-[1-3]\n',
    );
    expect(shown).toContain('  this machine\n');
    for (const line of shown.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
  }
});

test('a sweep that did not run to its end says so, and one in which all is well says that', () => {
  const cut: Sweep = { ...report.sweep, status: 'interrupted', trigger: 'schedule' };
  const shown = renderHistory(
    [
      { ...cut, counts },
      { ...report.sweep, counts: { healthy: 5 } },
    ],
    NOW,
    at(160),
  );
  expect(shown).toContain('interrupted: 1 suspected hung');
  expect(shown).toContain('(schedule)');
  expect(shown).toContain('all healthy');
});

test('counts of a large fleet are written in one way', () => {
  const sweep: Sweep = {
    ...report.sweep,
    targets: 20_000,
    swept: 0,
    notSwept: 20_000,
    counts: { 'not-swept': 20_000 },
  };
  for (const shown of [renderHistory([sweep], NOW, at(80)), renderHistory([sweep], NOW, at(140))]) {
    expect(shown).toContain('20,000 not swept');
    expect(shown).not.toContain('20000');
  }
  expect(renderHistoryPlain([sweep])).toContain(' 20,000 targets, 0 swept, 20,000 not swept, ');
});

test('where nothing is remembered, that is said', () => {
  for (const text of [renderHistory([], NOW, at(80)), renderHistoryPlain([])])
    expect(text).toMatch(/^No sweep is remembered/);
  for (const text of [renderHostHistory('h', [], NOW, at(80)), renderHostHistoryPlain('h', [])]) {
    expect(text).toMatch(/^Nothing is remembered of h/);
  }
});

test('plain history is a line for each sweep with everything in it', () => {
  expect(renderHistoryPlain(entries).split('\n')[0]).toBe(
    '2018-12-05T15:23:01.000Z 01JDF3W5Q0000000000000TEST: complete, 5 targets, 3 swept, 2 not swept, 1 suspected hung, 2 saturated, 1 healthy, by cli, asked for: @db web-1 web-2 web-3',
  );
});

const finding = (host: HostFinding['host'], daysAgo: number): HostFinding => ({
  sweepId: ulid(NOW - 60_000 - daysAgo * 86_400_000, new Uint8Array(10)),
  host,
});
const findings = [
  finding(saturatedHost('db-01'), 0),
  finding(crowdedHost('db-01'), 1),
  finding(refused('db-01'), 2),
  finding(silent('db-01'), 3),
  finding(healthyHost('db-01'), 4),
  finding(healthyHost('db-01'), 5),
];

test('the history of a host is a line for each finding, and the course of its score from left to right', () => {
  const lines = renderHostHistory('db-01', findings, NOW, at(140)).split('\n');
  expect(lines[0]).toMatch(/^db-01: 6 findings, in trouble in 3 of them; score from the oldest to the newest ▁▁█▇█$/);
  expect(lines[2]).toMatch(/^WHEN \(UTC\) +AGO +VERDICT +SCORE +DISK +BUSY +AWAIT +CULPRIT +FILE$/);
  expect(lines[3]).toMatch(
    /^2018-12-05 15:26 +1m +SATURATED +88 +sda +99\.2 % +7\.3 s +python 18940 \(logtest\.py, logger\.service\) +\/tmp\/logtest\.txt$/,
  );
  expect(lines[5]).toMatch(/not swept +40 +\(connection refused\)$/);
  expect(lines[6]).toMatch(/HUNG\? +89$/);
});

test.each([60, 80, 120])('at %d columns when, verdict and culprit are there and every line fits', (width) => {
  const lines = renderHostHistory('db-01', findings, NOW, at(width)).split('\n');
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
  expect(lines.some((line) => /^2018-12-05 15:26 .*SATURATED .*python 18940/.test(line))).toBe(true);
});

test('colour never is the only sign', () => {
  for (const show of [
    (colour: boolean) => renderHistory(entries, NOW, at(120, colour)),
    (colour: boolean) => renderHostHistory('db-01', findings, NOW, at(120, colour)),
  ]) {
    expect(show(true)).toContain('\u001b[');
    expect(show(true).replace(/\u001b\[[0-9]+m/gu, '')).toBe(show(false));
  }
});

test('plain history of a host names the sweep of each finding', () => {
  const lines = renderHostHistoryPlain('db-01', findings).split('\n');
  expect(lines[0]).toContain(
    `2018-12-05T15:26:10.000Z ${findings[0]?.sweepId}: db-01: saturated, score 88, disk sda, 99.2 % busy, queue 1,102`,
  );
  expect(lines[0]).toContain('file /tmp/logtest.txt (fd 3)');
  expect(lines[2]).toContain('not-swept, score 40, connection refused');
});

test('JSON of both holds what was remembered', () => {
  const json = JSON.parse(renderHistoryJson(entries));
  expect(json.sweeps[0]).toEqual({
    ...report.sweep,
    counts: { 'suspected-hung': 1, saturated: 2, 'not-swept': 1, healthy: 1 },
  });
  expect(json.sweeps[1]).not.toHaveProperty('counts');
  const { host, findings: told } = JSON.parse(renderHostHistoryJson('db-01', findings));
  expect(host).toBe('db-01');
  expect(told[0]).toEqual({ sweep: findings[0]?.sweepId, startedAt: '2018-12-05T15:26:10.000Z', ...findings[0]?.host });
});
