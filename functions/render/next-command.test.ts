import { expect, test } from 'vitest';
import { healthyHost, lostHost, refused, reportOf, saturatedHost, silent } from '../../test/findings.ts';
import { newsBetween } from './news-between.ts';
import { nextAfterDiff, nextAfterExplain, nextAfterHistory, nextAfterSweep, nextLines } from './next-command.ts';
import { paintFor } from './paint.ts';

const CTRL_C = { phase: 'sample', kind: 'interrupted', message: 'x' } as const;
const after = (...hosts: Parameters<typeof reportOf>[0]): string | undefined =>
  nextAfterSweep(reportOf(hosts))?.command;
const lines = (next: Parameters<typeof nextLines>[0], width = 80, places = ''): string[] =>
  nextLines(next, places, paintFor(false), width);

test('after a sweep it is the evidence of the worst host', () => {
  expect(after(healthyHost('a'), saturatedHost('db-1'), refused('z'))).toBe('whodisk explain db-1');
  expect(after(healthyHost('a'), saturatedHost('db-1'), silent('app'))).toBe('whodisk explain app');
});

test('where all is well it is how to stay informed, and where nothing was seen nothing', () => {
  expect(lines(nextAfterSweep(reportOf([healthyHost('a')])))).toEqual([
    '',
    'next: the same with --watch sweeps again and again, and shows what changes',
  ]);
  expect(nextAfterSweep(reportOf([refused('a'), lostHost('b', CTRL_C)]))).toBeUndefined();
  expect(nextAfterSweep(reportOf([healthyHost('a'), refused('b')]))).toBeUndefined();
});

test('after a diff it is the first host that got worse', () => {
  const diff = newsBetween([healthyHost('a'), saturatedHost('b')], [saturatedHost('a'), healthyHost('b')]);
  expect(nextAfterDiff(diff)?.command).toBe('whodisk explain a');
  expect(nextAfterDiff(newsBetween([saturatedHost('a')], [healthyHost('a')]))).toBeUndefined();
});

test('after history it is a diff, where there are two sweeps', () => {
  expect(nextAfterHistory(1)).toBeUndefined();
  expect(nextAfterHistory(2)?.command).toBe('whodisk diff');
});

test('it can be pasted as a whole, with the places that this command had', () => {
  expect(lines(nextAfterExplain('db-1'), 80, ' --state /srv/w')).toEqual([
    '',
    'next: whodisk history db-1 --state /srv/w  # what earlier sweeps found on it',
  ]);
  expect(nextAfterExplain('[fe80::1]:22').command).toBe("whodisk history '[fe80::1]:22'");
  expect(nextAfterExplain("a'; rm -rf b").command).toBe("whodisk history 'a'\\''; rm -rf b'");
  expect(nextAfterExplain('\u001b[2Jx').command).not.toContain('\u001b');
});

test('a command is never broken between two lines', () => {
  const long = `a-host-with-a-name.${'of-many-parts.'.repeat(4)}example.com`;
  expect(lines(nextAfterExplain(long), 60)).toEqual([
    '',
    'next, what earlier sweeps found on it:',
    `  whodisk history ${long}`,
  ]);
});
