import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VERDICTS } from '../../runner/triage/finding.ts';
import { compareWorstFirst, type Rankable } from '../../runner/triage/rank.ts';
import { rankKey } from './rank-key.ts';

const name = fc.oneof(
  fc.stringMatching(/^[a-c]?[0-9]{0,3}[-.]?[0-9]{0,12}$/),
  fc.stringMatching(/^(db-0*[0-9]{1,10}|10\.0\.[0-9]{1,3}\.[0-9]{1,3}|[!"~} 0a]{0,5})$/),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc
    .array(fc.oneof(fc.constantFrom(0, 0x20, 0x21, 0x22, 0x30, 0x7d, 0x7e, 0x7f, 0xd800, 0xdc00, 0xe000, 0xffff)))
    .map((units) => String.fromCharCode(...units)),
);
const host: fc.Arbitrary<Rankable> = fc.record({
  host: name,
  status: fc.constantFrom('swept' as const, 'partial' as const, 'not-swept' as const),
  verdict: fc.constantFrom(...VERDICTS),
  score: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 100, noNaN: true }), fc.constant(-0)),
  failure: fc.option(fc.constantFrom({ kind: 'suspected-hung' }, { kind: 'refused' }), { nil: undefined }),
});

const sign = (order: number): number => Math.sign(order);
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

test('keys compare, byte by byte, as hosts are ranked', () => {
  fc.assert(
    fc.property(host, host, (a, b) => {
      expect(sign(compareBytes(rankKey(a), rankKey(b)))).toBe(sign(compareWorstFirst(a, b)));
    }),
    { numRuns: 5000 },
  );
});

test('hosts that differ in their name only are ordered by it as a person counts', () => {
  fc.assert(
    fc.property(host, name, (a, other) => {
      const b = { ...a, host: other };
      expect(sign(compareBytes(rankKey(a), rankKey(b)))).toBe(sign(compareWorstFirst(a, b)));
    }),
    { numRuns: 5000 },
  );
});

test('a key is printable ASCII and short enough for a sort key, whatever the host is called', () => {
  for (const long of ['x'.repeat(5000), '漢'.repeat(5000), '1'.repeat(5000), '\u0000'.repeat(5000)]) {
    const key = rankKey({ host: long, status: 'swept', verdict: 'busy', score: 1 });
    expect(key).toMatch(/^[\x20-\x7e]{1,1024}$/);
    expect(key).not.toBe(rankKey({ host: `${long}x`, status: 'swept', verdict: 'busy', score: 1 }));
  }
});
