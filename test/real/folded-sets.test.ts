/** Folded sets beside ClusterShell's nodeset(1), which defines them. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldNames } from '../../functions/render/fold-names.ts';
import { expandFoldedSet } from '../../runner/fleet/folded-set.ts';
import { needs } from '../needs.ts';

const need = needs('clustershell');

function nodeset(way: '-e' | '-f', words: readonly string[]): readonly string[] | 'malformed' {
  const { status, stdout } = spawnSync('nodeset', [way, '-S', '\n', ...words], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').filter((name) => name !== '') : 'malformed';
}

function ours(text: string): readonly string[] | 'malformed' {
  const set = expandFoldedSet(text);
  return set.kind === 'names' ? set.names : 'malformed';
}

const sorted = (names: readonly string[] | 'malformed'): unknown => (names === 'malformed' ? names : [...names].sort());

describe.skipIf(need.skip)('a folded set', () => {
  test.each([
    'db-[01-20,30]',
    'a[1-100]',
    '[08-11]',
    'a[098-102]',
    'a[0-10/2]',
    'a[00-10/3]',
    'a[1-5/2,2]',
    'rack[1-2]-n[1-3]',
    'rack[01-02]-n[1-3].example.com',
    'db[1-3].example.com',
    'a[1-2],b[3-4],web',
    'a[ 1 - 3 , 5 ] , b',
    'a[3,1-2,1]',
    'a[1-2]5',
    'x1[0-3]',
    'a0[1-3]',
    '10.0.0.[1-3]',
    'a[7]',
    'a[0]',
    'a[00]',
    'a[1-3/9]',
    // Malformed:
    'a[01-5]',
    'a[9-010]',
    'a[0-02]',
    'a[10-1]',
    'a[1-2',
    'a[]',
    'a[1,,2]',
    'a[1-2],',
    ',a',
    'a[1-3/0]',
    'a[1/2]',
    'a[1-2]]',
    'a]',
    'a[x]',
    'a[1-b]',
    'a[[1-2]]',
  ])('means the same to ClusterShell: %s', (text) => {
    expect(sorted(ours(text))).toEqual(sorted(nodeset('-e', [text])));
  });

  test('that ClusterShell folded expands to the names it was folded from', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 60 }), (names) => {
        const folded = nodeset('-f', names);
        expect(folded).toHaveLength(1);
        expect(sorted(ours(folded[0] ?? ''))).toEqual(sorted(names));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('that is well formed has the same names in ClusterShell', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        const names = ours(text);
        expect(names).not.toBe('malformed');
        expect(sorted(names)).toEqual(sorted(nodeset('-e', [text])));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test('as whodisk prints it means the same names to ClusterShell', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 60 }), (names) => {
        expect(sorted(nodeset('-e', [foldNames(names).join(',')]))).toEqual(sorted(names));
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

const digits = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map(String),
  fc.integer({ min: 0, max: 30 }).map((number) => String(number).padStart(2, '0')),
  fc.integer({ min: 95, max: 105 }).map((number) => String(number).padStart(3, '0')),
);
const name = fc
  .tuple(fc.constantFrom('db-', 'web', 'n'), digits, fc.constantFrom('', '.example.com', '-x'))
  .map((parts) => parts.join(''));
const range = fc
  .tuple(
    fc.integer({ min: 0, max: 120 }),
    fc.integer({ min: 0, max: 12 }),
    fc.integer({ min: 0, max: 4 }),
    fc.boolean(),
  )
  .map(([first, more, step, padded]) => {
    const digits = (number: number): string => (padded ? String(number).padStart(3, '0') : String(number));
    if (more === 0) return digits(first);
    return `${digits(first)}-${digits(first + more)}${step === 0 ? '' : `/${step}`}`;
  });
const bracket = fc.array(range, { minLength: 1, maxLength: 3 }).map((ranges) => `[${ranges.join(',')}]`);
const wellFormed = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'b-'),
      bracket,
      fc.constantFrom('', '.c', '-d'),
      fc.oneof(
        fc.constant(''),
        bracket.map((b) => `e${b}`),
      ),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((items) => items.map((parts) => parts.join('')).join(','));
