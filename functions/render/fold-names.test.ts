import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandFoldedSet } from '../../runner/fleet/folded-set.ts';
import { hostileText } from '../../test/hostile-text.ts';
import { foldedNames, foldNames } from './fold-names.ts';

test.each([
  [
    ['db-1', 'db-2', 'db-3', 'web'],
    ['db-[1-3]', 'web'],
  ],
  [['db-01', 'db-02', 'db-03'], ['db-[01-03]']],
  [['db-8', 'db-9', 'db-10'], ['db-[8-10]']],
  [['db-01', 'db-02', 'db-03', 'db-07'], ['db-[01-03,07]']],
  [['db-1', 'db-20', 'db-300'], ['db-[1,20,300]']],
  [
    ['db-08', 'db-09', 'db-10', 'db-100', 'db-101', 'db-102'],
    ['db-[08-10]', 'db-[100-102]'],
  ],
  [
    ['db-09', 'db-9', 'db-10'],
    ['db-09', 'db-9', 'db-10'],
  ],
  [
    ['db-1', 'db-2'],
    ['db-1', 'db-2'],
  ],
  [
    ['web-2', 'api', 'web-1', 'cache', 'web-3'],
    ['web-[1-3]', 'api', 'cache'],
  ],
  [['root@web1.a.example', 'root@web2.a.example', 'root@web3.a.example'], ['root@web[1-3].a.example']],
  [
    ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.9', '10.0.1.1'],
    ['10.0.0.[1-3,9]', '10.0.1.1'],
  ],
  [['127.0.1.2:2201', '127.0.1.3:2201', '127.0.1.10:2201'], ['127.0.1.[2-3,10]:2201']],
  [['root@db-1:2222', 'root@db-2:2222', 'root@db-3:2222'], ['root@db-[1-3]:2222']],
  [['j.doe@10.0.0.1', 'j.doe@10.0.0.2', 'j.doe@10.0.0.3'], ['j.doe@10.0.0.[1-3]']],
  [
    ['10.0.0.1', '10.0.0.2', '10.0.0.3:22', 'root@10.0.0.4'],
    ['10.0.0.1', '10.0.0.2', '10.0.0.3:22', 'root@10.0.0.4'],
  ],
  [
    ['1.2.3', '1.2.4', '1.2.5', '1.2.3.4.5', '1.2.3.4.6', '1.2.3.4.7'],
    ['1.2.3', '1.2.4', '1.2.5', '1.2.3.4.5', '1.2.3.4.6', '1.2.3.4.7'],
  ],
  [
    ['fe80::1', 'fe80::2', 'fe80::3'],
    ['fe80::1', 'fe80::2', 'fe80::3'],
  ],
  [
    ['127.0.0.1:2201', '127.0.0.1:2202', '127.0.0.1:2203'],
    ['127.0.0.1:2201', '127.0.0.1:2202', '127.0.0.1:2203'],
  ],
  [
    ['localhost:2201', 'localhost:2202', 'localhost:2203'],
    ['localhost:2201', 'localhost:2202', 'localhost:2203'],
  ],
  [['web-1:2222', 'web-2:2222', 'web-3:2222'], ['web-[1-3]:2222']],
  [
    ['[fe80::1]', '[fe80::2]', '[fe80::3]'],
    ['[fe80::1]', '[fe80::2]', '[fe80::3]'],
  ],
  [
    ['a,b1', 'a,b2', 'a,b3'],
    ['a,b1', 'a,b2', 'a,b3'],
  ],
  [
    ['n1', 'n2', 'n3', 'rack1-n1', 'rack1-n2', 'rack1-n3'],
    ['n[1-3]', 'rack1-n[1-3]'],
  ],
  [
    ['a1', 'b2', 'a3'],
    ['a1', 'b2', 'a3'],
  ],
  [[], []],
])('%j folds to %j', (names, folded) => {
  expect(foldNames(names)).toEqual(folded);
});

/** As NodeSet expands it: one bracket, ranges whose ends are equally long where the first one is padded. */
function expand(word: string): string[] {
  const match = /^([^[\]]+)\[([0-9,-]+)\]([^[\]]*)$/u.exec(word);
  if (!match) return [word];
  const [, before = '', inside = '', after = ''] = match;
  return inside.split(',').flatMap((range) => {
    const [first = '', last = first] = range.split('-');
    const width = /^0./u.test(first) ? first.length : 0;
    if (width > 0) expect(last.length).toBe(width);
    return Array.from(
      { length: Number(last) - Number(first) + 1 },
      (_, i) => `${before}${String(Number(first) + i).padStart(width, '0')}${after}`,
    );
  });
}

const name = fc
  .tuple(
    fc.constantFrom('', 'root@', 'j.doe@'),
    fc.constantFrom('db-', 'web', 'rack1-n', '127.0.0.', '10.20.30.'),
    fc.tuple(fc.integer({ min: 0, max: 1200 }), fc.integer({ min: 0, max: 4 })),
    fc.constantFrom('', '.a.example', ':2222', '.a.example:22'),
  )
  .map(([user, base, [number, width], after]) => `${user}${base}${String(number).padStart(width, '0')}${after}`);

test('what is folded expands to the same names, each as often as it is counted', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 200 }), (names) => {
      const folded = foldedNames(names);
      expect(folded.flatMap(({ text }) => expand(text)).sort()).toEqual([...names].sort());
      for (const { text, count } of folded) expect(expand(text)).toHaveLength(count);
    }),
  );
});

test('what is folded is a target that stands for the same names', () => {
  const address = fc
    .tuple(
      fc.constantFrom('', 'root@'),
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.nat(400).map((n) => `10.0.0.${n}`),
        fc.nat(40).map((n) => `10.0.0.${n}`.replace(/(?<=\.)(?=[0-9]$)/u, '0')),
      ),
      fc.constantFrom('', ':2222'),
    )
    .map(([user, host, port]) => (host.includes(':') ? `[${host}]${port}` : `${user}${host}${port}`));
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(name, address), { minLength: 1, maxLength: 100 }), (names) => {
      const folded = foldNames(names);
      const expanded = folded.map((text) => expandFoldedSet(text));
      expect(expanded.flatMap((set) => (set.kind === 'names' ? set.names : [])).sort()).toEqual([...names].sort());
    }),
  );
});

test('names that hosts could make up stay whole', () => {
  fc.assert(
    fc.property(fc.uniqueArray(hostileText, { maxLength: 20 }), (names) => {
      expect(foldNames(names)).toEqual(names);
    }),
    { numRuns: 200 },
  );
});

test('a set of many gaps is several words', () => {
  const names = Array.from({ length: 17 }, (_, i) => `n${i * 2}`);
  expect(foldNames(names)).toEqual(['n[0,2,4,6,8,10,12,14]', 'n[16,18,20,22,24,26,28,30]', 'n32']);
});

test('a thousand names fold to one word', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `web-${String(i + 1).padStart(4, '0')}.example.com`);
  expect(foldNames(names)).toEqual(['web-[0001-1000].example.com']);
});
