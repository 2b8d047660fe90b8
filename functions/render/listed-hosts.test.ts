import { expect, test } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { healthyHost, lostHost, reportOf, saturatedHost, sda, silent } from '../../test/findings.ts';
import { listHosts } from './listed-hosts.ts';

const seq = (count: number, make: (i: number) => VisitedHost): VisitedHost[] =>
  Array.from({ length: count }, (_, i) => make(i));
const list = (hosts: VisitedHost[]) => listHosts(reportOf(hosts).hosts);
const names = (hosts: readonly { host: string }[]): string[] => hosts.map(({ host }) => host);

test('every host is listed, alike or in the rest, once', () => {
  const hosts = [
    ...seq(50, (i) => silent(`s-${i}`)),
    ...seq(90, (i) => saturatedHost(`db-${i}`)),
    ...seq(60, (i) => saturatedHost(`u-${i}`, { disks: [{ ...sda, culprits: [] }] })),
    ...seq(70, (i) => healthyHost(`b-${i}`, { verdict: 'busy', score: 30 })),
  ];
  const { listed, rest } = list(hosts);
  const all = [...listed.flatMap(({ host, alike }) => [host, ...alike]), ...rest];
  expect(names(all).sort()).toEqual(names(hosts).sort());
});

test('two hosts without a disk to show stand for all that fell silent, four with one for all of the same culprit', () => {
  const { listed } = list([...seq(9, (i) => silent(`s-${i}`)), ...seq(9, (i) => saturatedHost(`db-${i}`))]);
  expect(listed.map(({ host, alike }) => [host.host, alike.length])).toEqual([
    ['s-0', 0],
    ['s-1', 7],
    ['db-0', 0],
    ['db-1', 0],
    ['db-2', 0],
    ['db-3', 5],
  ]);
});

test('hosts that failed for another reason are another kind', () => {
  const cut = (name: string, kind: 'ended-early' | 'bad-answer') =>
    healthyHost(name, {
      status: 'partial',
      verdict: 'inconclusive',
      score: 50,
      failure: { phase: 'sample', kind, message: 'x' },
    });
  const { listed } = list([
    ...seq(5, (i) => cut(`a-${i}`, 'ended-early')),
    ...seq(5, (i) => cut(`b-${i}`, 'bad-answer')),
  ]);
  expect(listed.map(({ alike }) => names(alike))).toEqual([[], ['a-2', 'a-3', 'a-4'], [], ['b-2', 'b-3', 'b-4']]);
});

test('a kind of which a standing has no room for one more is folded below its last listed host', () => {
  const kinds = ['ended-early', 'bad-answer', 'output-cap', 'connection-lost'] as const;
  const cut = (i: number): VisitedHost => {
    const kind = kinds[i % 4] ?? 'internal';
    return { ...lostHost(`h-${i}`, { phase: 'sample', kind, message: 'x' }), status: 'partial' };
  };
  const { listed, rest } = list(seq(40, cut));
  expect(listed).toHaveLength(8);
  expect(listed.reduce((sum, { alike }) => sum + alike.length, 0)).toBe(32);
  expect(rest).toEqual([]);
});
