import { expect, test } from 'vitest';
import { crowdedHost, healthyHost, lostHost, refused, saturatedHost, silent } from '../../test/findings.ts';
import { boardLines } from './board.ts';
import { widthOf } from './fit.ts';
import { paintFor } from './paint.ts';

const show = (hosts: Parameters<typeof boardLines>[0], width = 100, height = 20): string[] =>
  boardLines(hosts, { width, height }, paintFor(false));

test('hosts stand worst first in whatever order they finished, and those that nobody has to look at are counted', () => {
  const lines = show([
    healthyHost('web-1'),
    saturatedHost('db-2'),
    refused('old'),
    silent('app'),
    healthyHost('web-2'),
  ]);
  expect(lines[0]).toMatch(/^# {2}HOST +DISK +VERDICT/);
  expect(lines[1]).toMatch(/^1 {2}app +HUNG\?$/);
  expect(lines[2]).toMatch(/^2 {2}db-2 +sda +SATURATED +99\.2 %/);
  expect(lines.slice(3)).toEqual(['1 not swept, 2 healthy']);
});

test('a table that grows keeps the order in which it will end', () => {
  const hosts = [saturatedHost('b', { score: 70 }), silent('c'), saturatedHost('a', { score: 88 })];
  const order = (known: typeof hosts): string[] =>
    show(known)
      .slice(1)
      .map((line) => line.split(/ +/u)[1] ?? '');
  expect(order(hosts.slice(0, 1))).toEqual(['b']);
  expect(order(hosts.slice(0, 2))).toEqual(['c', 'b']);
  expect(order(hosts)).toEqual(['c', 'a', 'b']);
});

test.each([4, 5, 8, 24])('%d lines are never exceeded, and hosts without room are counted', (height) => {
  const hosts = [...Array.from({ length: 60 }, (_, i) => saturatedHost(`db-${i}`)), healthyHost('x'), crowdedHost('c')];
  const lines = show(hosts, 80, height);
  expect(lines.length).toBeLessThanOrEqual(height);
  expect(lines.join('\n')).toMatch(/^and [0-9]+ more SATURATED\n1 healthy$/m);
});

test.each([59, 79, 199])('at %d columns no line is wider, with names that take two columns a letter', (width) => {
  const hosts = [
    saturatedHost('データベース-1', { disks: crowdedHost('x').disks }),
    saturatedHost('🐘-primary'),
    crowdedHost('a-rather-long-name.of-a-host.example.com'),
    silent('s'),
  ];
  const lines = show(hosts, width, 12);
  for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(width);
  const column = (line: string, word: string): number => widthOf(line.slice(0, line.indexOf(word)));
  const rows = lines.filter((line) => line.includes(' sda '));
  expect(rows).toHaveLength(3);
  expect(new Set(rows.map((line) => column(line, ' sda '))).size).toBe(1);
});

test('where every cell is long each gives way, before a line is broken', () => {
  const [disk = expect.fail()] = saturatedHost('x').disks;
  const long = saturatedHost('a-rather-long-name-of-a-host.example.com', {
    verdict: 'inconclusive',
    disks: [{ ...disk, device: 'nvme10n1-with-more', verdict: 'inconclusive' }],
  });
  const lines = show([...Array.from({ length: 9 }, (_, i) => saturatedHost(`db-${i}`)), long], 59, 30);
  for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(59);
  expect(lines.join('\n')).toMatch(/^10 {2}a-rather-[^ ]*… +nvme10[^ ]*… +inconclusive +python [^ ]*/mu);
});

test('colour is never the only sign', () => {
  const hosts = [saturatedHost('db'), healthyHost('web'), refused('a'), silent('s')];
  const coloured = boardLines(hosts, { width: 100, height: 20 }, paintFor(true)).join('\n');
  expect(coloured).toContain('\u001b[31m');
  expect(coloured.replace(/\u001b\[[0-9]+m/gu, '')).toBe(show(hosts).join('\n'));
});

test('before anything is known there is no line, and what a Ctrl-C cut off is no finding', () => {
  expect(show([])).toEqual([]);
  expect(show([lostHost('a', { phase: 'sample', kind: 'interrupted', message: 'x' })])).toEqual([]);
});

test('what a host calls itself cannot act on the terminal', () => {
  expect(show([saturatedHost('\u001b[2Jdb')]).join('\n')).not.toMatch(/\u001b/u);
});
