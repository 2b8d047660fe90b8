import { describe, expect, test } from 'vitest';
import { folded, type RankedRow, type ScaleSweep, wrongInRanking } from './scale-check.ts';

const sweep: ScaleSweep = { id: '1', names: ['a', 'b', 'c'], lost: new Set(['c']), token: '' };
const row = (host: string, more: Partial<RankedRow> = {}): RankedRow => ({
  host,
  status: 'swept',
  verdict: 'saturated',
  score: 70,
  ...more,
});
const lost = row('c', { status: 'not-swept', verdict: 'inconclusive', score: 40 });

describe('the check of a ranking', () => {
  test('finds nothing where each host stands once, worst first, and the lost one as lost', () => {
    expect(wrongInRanking([row('a', { score: 80 }), row('b'), lost], sweep)).toEqual([]);
  });

  test.each([
    ['a host twice', [row('a'), row('a'), row('b'), lost], 'a has 2 places'],
    ['a host that is missing', [row('a'), lost], 'b has 0 places'],
    ['a host that nobody asked for', [row('a'), row('b'), lost, row('d', { score: 40 })], 'd is a stranger'],
    ['a lost host that is said to be swept', [row('a'), row('b'), row('c')], 'c is swept, saturated'],
    ['a host that was not visited', [row('a'), lost, row('b', { status: 'not-swept', score: 40 })], 'b is not-swept'],
    ['a worse host below a better one', [row('a', { score: 60 }), row('b'), lost], 'b stands too low'],
  ])('finds %s', (_, rows, complaint) => {
    expect(wrongInRanking(rows, sweep).join('\n')).toContain(complaint);
  });
});

test('a thousand complaints of one kind are one line', () => {
  const many = Array.from({ length: 1000 }, (_, host) => `host-${host} has ${host} places`);
  expect(folded([...many, 'the sweep was ended 2 times'])).toEqual([
    'host-0 has 0 places (1000 like it)',
    'the sweep was ended 2 times',
  ]);
});
