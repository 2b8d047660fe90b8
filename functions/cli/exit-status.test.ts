import { expect, test } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { healthyHost, lostHost, refused, reportOf, saturatedHost } from '../../test/findings.ts';
import { type Ending, exitStatus } from './exit-status.ts';

const status = (hosts: VisitedHost[], more: Partial<Ending> = {}): number =>
  exitStatus({
    report: reportOf(hosts),
    interrupted: false,
    unwritten: false,
    unstored: false,
    failOn: undefined,
    ...more,
  });
const busy = healthyHost('b', { verdict: 'busy', score: 30 });
const broken = lostHost('x', { phase: 'parse', kind: 'internal', message: 'bug' });

test('each status by itself', () => {
  expect(status([healthyHost('a'), saturatedHost('b')])).toBe(0);
  expect(status([healthyHost('a'), broken])).toBe(1);
  expect(status([healthyHost('a')], { unwritten: true })).toBe(1);
  expect(status([healthyHost('a')], { unstored: true })).toBe(1);
  expect(status([healthyHost('a'), refused('b')])).toBe(3);
  expect(status([refused('a'), refused('b')])).toBe(4);
  expect(status([saturatedHost('a')], { failOn: 'saturated' })).toBe(5);
  expect(status([healthyHost('a')], { interrupted: true })).toBe(130);
});

test('--fail-on counts the named verdict and worse ones, never an unclear one', () => {
  expect(status([busy], { failOn: 'busy' })).toBe(5);
  expect(status([busy], { failOn: 'saturated' })).toBe(0);
  expect(status([healthyHost('h', { verdict: 'hung', score: 95 })], { failOn: 'saturated' })).toBe(5);
  expect(status([healthyHost('i', { verdict: 'inconclusive', score: 45 })], { failOn: 'busy' })).toBe(0);
});

test('an answer that broke off is no sweep of its target, and one that is suspected to hang is what --fail-on asks for', () => {
  expect(status([healthyHost('a'), saturatedHost('b', { status: 'partial' })])).toBe(3);
  const failure = { phase: 'deadline', kind: 'suspected-hung', message: 'silent' } as const;
  const stalled = healthyHost('a', { status: 'partial', verdict: 'inconclusive', score: 89, failure });
  expect(status([healthyHost('b'), stalled], { failOn: 'saturated' })).toBe(5);
  expect(status([healthyHost('b'), stalled])).toBe(3);
});

test('where several hold: 130, 1, 4, 5, 3', () => {
  const mixed = [saturatedHost('a'), refused('b')];
  expect(status(mixed, { failOn: 'saturated' })).toBe(5);
  expect(status([...mixed, broken], { failOn: 'saturated' })).toBe(1);
  expect(status([refused('b')], { failOn: 'busy' })).toBe(4);
  expect(status([broken], {})).toBe(1);
  expect(status([broken], { interrupted: true, unwritten: true })).toBe(130);
});
