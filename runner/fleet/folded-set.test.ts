import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldNames } from '../../functions/render/fold-names.ts';
import { expandFoldedSet, isFolded } from './folded-set.ts';
import { MOST_HOSTS } from './inventory.ts';
import { ansibleBoundsOf } from './range-bounds.ts';

const names = (text: string) => {
  const set = expandFoldedSet(text);
  return set.kind === 'names' ? set.names : set;
};

describe('a folded set', () => {
  test.each([
    ['db-[1-3]', ['db-1', 'db-2', 'db-3']],
    ['db-[01-03,30]', ['db-01', 'db-02', 'db-03', 'db-30']],
    ['a[08-11]', ['a08', 'a09', 'a10', 'a11']],
    ['a[9-11]', ['a9', 'a10', 'a11']],
    ['a[0-10/4]', ['a0', 'a4', 'a8']],
    ['r[1-2]-n[1-2].example.com', ['r1-n1.example.com', 'r1-n2.example.com', 'r2-n1.example.com', 'r2-n2.example.com']],
    ['b[3,1]', ['b3', 'b1']],
    ['b[1-2,2,1]', ['b1', 'b2']],
    ['a[1-2],web , c[5]', ['a1', 'a2', 'web', 'c5']],
    ['root@db[1-2]:2222', ['root@db1:2222', 'root@db2:2222']],
    ['[::1]:22', ['[::1]:22']],
    ['root@[::1]', ['root@[::1]']],
    ['web', ['web']],
  ])('stands for its names in the order in which they are written: %s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test.each([
    ['db-[1-3', 4, 'never closed'],
    ['db-1]', 5, 'no "["'],
    ['db-[]', 5, 'a number is missing'],
    ['db-[1,,3]', 7, 'a number is missing'],
    ['db-[1-3],', 10, 'beside the comma'],
    [',db', 1, 'beside the comma'],
    ['', 1, 'it is empty'],
    ['db-[3-1]', 5, 'counts down'],
    ['db-[5,01-5]', 7, 'differ in length'],
    ['db-[1-9/0]', 5, 'never ends'],
    ['db-[4/2]', 5, 'a step but no range'],
    ['db-[a-f]', 5, 'neither a number nor a range'],
    ['db-[01:05]', 5, 'as Ansible writes it'],
    ['db1[9-10]', 4, 'uneven lengths'],
    ['db-[1-12345678901234567890]', 5, 'more than 15 digits'],
  ])('that is malformed is told by column and mend: %s', (text, column, message) => {
    expect(names(text)).toEqual({ kind: 'malformed', column, message: expect.stringContaining(message) });
  });

  test('of too many hosts is refused before any is spelled out, however many brackets multiply', () => {
    for (const text of ['a[1-99999999999]', `a${'[0-9]'.repeat(300)}`, `a[1-${MOST_HOSTS}],b`]) {
      expect(names(text)).toMatchObject({ kind: 'malformed', message: expect.stringContaining(`${MOST_HOSTS} hosts`) });
    }
    expect(names(`a[1-${MOST_HOSTS}]`)).toHaveLength(MOST_HOSTS);
  }, 30_000);

  test('that whodisk prints stands for the names that it was folded from', () => {
    const name = fc
      .tuple(
        fc.constantFrom('db-', 'web', 'n0x'),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('', '.example.com'),
      )
      .map(([before, number, width, after]) => `${before}${String(number).padStart(width, '0')}${after}`);
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(name, fc.ipV4()), { minLength: 1, maxLength: 50 }), (all) => {
        expect([names(foldNames(all).join(','))].flat().sort()).toEqual([...all].sort());
      }),
    );
  });

  test('is read or refused, never thrown at, whatever is written', () => {
    const piece = fc.constantFrom('[', ']', ',', '-', '/', '@', ':', ' ', '0', '1', '9', 'a', '\u0000', '::1');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          const set = expandFoldedSet(text, { most: 1000 });
          expect(
            set.kind === 'names' ? set.names.length <= 1000 : set.column >= 1 && set.column <= text.length + 1,
          ).toBe(true);
        },
      ),
    );
  });

  test('is told from a plain name', () => {
    expect(['db', 'root@db:22', '[::1]:22', '::1'].map(isFolded)).toEqual([false, false, false, false]);
    expect(['db[1-2]', 'a,b', 'db['].map(isFolded)).toEqual([true, true, true]);
  });
});

test("Ansible's ranges count numbers, letters and steps as Ansible does", () => {
  const expand = (text: string) => expandFoldedSet(text, { readBounds: ansibleBoundsOf });
  expect(expand('d[01:05:2]')).toEqual({ kind: 'names', names: ['d01', 'd03', 'd05'] });
  expect(expand('d[:2]')).toEqual({ kind: 'names', names: ['d0', 'd1', 'd2'] });
  expect(expand('d[y:B]')).toEqual({ kind: 'names', names: ['dy', 'dz', 'dA', 'dB'] });
  expect(expand('d[1-2]')).toEqual({ kind: 'names', names: ['d1', 'd2'] });
  for (const text of ['d[c:a]', 'd[a:3]', 'd[1:]', 'd[1:3:0]', 'd[01:100]'])
    expect(expand(text).kind).toBe('malformed');
});
