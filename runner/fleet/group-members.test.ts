import { expect, test } from 'vitest';
import { membersOf } from './group-members.ts';

const groups = (described: Record<string, { hosts?: string[]; children?: string[] }>) =>
  new Map(
    Object.entries(described).map(([name, { hosts = [], children = [] }]) => [
      name,
      { hosts: new Set(hosts), children: new Set(children) },
    ]),
  );

test('a group holds its own hosts and then those of the groups within it, each once', () => {
  const nested = membersOf(
    groups({
      a: { hosts: ['1'], children: ['b', 'c'] },
      c: { hosts: ['3', '1'], children: ['b'] },
      b: { hosts: ['2'] },
    }),
  );
  expect(nested).toEqual({
    kind: 'members',
    members: new Map([
      ['a', ['1', '2', '3']],
      ['c', ['3', '1', '2']],
      ['b', ['2']],
    ]),
    innerFirst: ['b', 'c', 'a'],
  });
});

test('groups that hold one another are named in their circle, without those that only lead to it', () => {
  expect(membersOf(groups({ x: { children: ['a'] }, a: { children: ['b'] }, b: { children: ['a'] } }))).toEqual({
    kind: 'cycle',
    cycle: ['a', 'b', 'a'],
  });
});
