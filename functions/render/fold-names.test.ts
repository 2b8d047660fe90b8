import { expect, test } from 'vitest';
import { foldNames } from './fold-names.ts';

test.each([
  [
    ['db-1', 'db-2', 'db-3', 'web'],
    ['db-[1-3]', 'web'],
  ],
  [['db-01', 'db-02', 'db-03'], ['db-[01-03]']],
  [['db-8', 'db-9', 'db-10'], ['db-[8-10]']],
  [
    ['db-09', 'db-9', 'db-10'],
    ['db-09', 'db-9', 'db-10'],
  ],
  [
    ['db-1', 'db-2'],
    ['db-1', 'db-2'],
  ],
  [['root@web1.a.example', 'root@web2.a.example', 'root@web3.a.example'], ['root@web[1-3].a.example']],
  [
    ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
    ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
  ],
  [
    ['a1', 'b2', 'a3'],
    ['a1', 'b2', 'a3'],
  ],
  [[], []],
])('%j folds to %j', (names, folded) => {
  expect(foldNames(names)).toEqual(folded);
});
