import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VERDICTS } from './finding.ts';
import { compareWorstFirst, type Rankable, rankHosts } from './rank.ts';

const host = (name: string, verdict: Rankable['verdict'], score: number, more: Partial<Rankable> = {}): Rankable => ({
  host: name,
  status: 'swept',
  verdict,
  score,
  ...more,
});

test('a host that fell silent ranks right below the hung ones, an unreachable one above the busy ones', () => {
  const hosts = [
    host('idle', 'healthy', 3),
    host('busy', 'busy', 30),
    host('down', 'inconclusive', 40, { status: 'not-swept', failure: { kind: 'refused' } }),
    host('unsure', 'inconclusive', 40),
    host('full', 'saturated', 88),
    host('silent', 'inconclusive', 89, { status: 'not-swept', failure: { kind: 'suspected-hung' } }),
    host('stuck', 'hung', 90),
  ];
  expect(rankHosts(hosts).map((h) => h.host)).toEqual(['stuck', 'silent', 'full', 'unsure', 'down', 'busy', 'idle']);
  expect(rankHosts(hosts).map((h) => h.rank)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('the higher score comes first, then the name as a person counts', () => {
  const hosts = [host('db-10', 'saturated', 70), host('db-2', 'saturated', 70), host('db-3', 'saturated', 71)];
  expect(rankHosts(hosts).map((h) => h.host)).toEqual(['db-3', 'db-2', 'db-10']);
});

const anyHost = fc.record({
  host: fc.oneof(fc.stringMatching(/^[a-c]?[0-9]{0,2}[-.]?[0-9]{0,3}$/), fc.string({ unit: 'binary', maxLength: 6 })),
  status: fc.constantFrom('swept' as const, 'partial' as const, 'not-swept' as const),
  verdict: fc.constantFrom(...VERDICTS),
  score: fc.integer({ min: 0, max: 100 }),
  failure: fc.option(fc.constantFrom({ kind: 'suspected-hung' }, { kind: 'refused' }), { nil: undefined }),
});

test('the order is total: antisymmetric and transitive, and 0 only for the same name', () => {
  fc.assert(
    fc.property(anyHost, anyHost, anyHost, (a, b, c) => {
      expect(Math.sign(compareWorstFirst(a, b)) + Math.sign(compareWorstFirst(b, a))).toBe(0);
      if (compareWorstFirst(a, b) <= 0 && compareWorstFirst(b, c) <= 0) {
        expect(compareWorstFirst(a, c)).toBeLessThanOrEqual(0);
      }
      if (compareWorstFirst(a, b) === 0) expect(a.host).toBe(b.host);
    }),
    { numRuns: 2000 },
  );
});

test('the ranking does not depend on the order in which hosts finish, and leaves its input alone', () => {
  const uniqueHosts = fc.uniqueArray(anyHost, { selector: (h) => h.host, maxLength: 12 });
  fc.assert(
    fc.property(uniqueHosts, fc.integer(), (hosts, seed) => {
      const before = structuredClone(hosts);
      const shuffled = [...hosts].sort((a, b) => hashed(a.host, seed) - hashed(b.host, seed));
      expect(rankHosts(shuffled)).toEqual(rankHosts(hosts));
      expect(hosts).toEqual(before);
    }),
  );
});

function hashed(text: string, seed: number): number {
  return [...text].reduce((sum, character) => Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193), seed);
}
