import { describe, expect, test } from 'vitest';
import type { HostSettings, Inventory } from '../../runner/fleet/inventory.ts';
import { readPlainList } from '../../runner/fleet/plain-list.ts';
import { fleetOf } from './config-fleet.ts';
import { readConfigText } from './config-text.ts';

const NONE: Inventory = { hosts: new Map(), groups: new Map() };
const listed = (text: string): Inventory => {
  const read = readPlainList(text, 'hosts');
  return read.kind === 'inventory' ? read.inventory : NONE;
};

function read(text: string, base: Inventory = NONE) {
  const config = readConfigText(text, 'whodisk.yml');
  if (config.kind === 'problems') throw new Error(JSON.stringify(config.problems));
  return fleetOf(config.value, config.problemAt, () => base, base);
}
function fleet(
  text: string,
  base: Inventory = NONE,
): { hosts: Record<string, HostSettings>; groups: Record<string, readonly string[]> } {
  const answer = read(text, base);
  if (answer.kind === 'problems') throw new Error(JSON.stringify(answer.problems));
  const { hosts, groups } = answer.inventory;
  return {
    hosts: Object.fromEntries([...hosts].map(([name, { settings }]) => [name, settings])),
    groups: Object.fromEntries(groups),
  };
}
const problemsOf = (text: string, base: Inventory = NONE) => {
  const answer = read(text, base);
  return answer.kind === 'problems' ? answer.problems.map(({ line, message }) => `${line} ${message}`) : [];
};

describe('the fleet of whodisk.yml', () => {
  test('holds hosts, sets, groups and nested groups, in the order of the file', () => {
    const { hosts, groups } = fleet(`
hosts:
  db-[1-2]: {user: dba}
  web: {address: 192.0.2.1, jump: "a, b"}
groups:
  all-dbs: ['db-[1-3]', '@old']
  old: {hosts: [old-db], groups: ['@older']}
  older: [web]
`);
    expect(hosts).toEqual({
      'db-1': { user: 'dba' },
      'db-2': { user: 'dba' },
      web: { address: '192.0.2.1', jump: ['a', 'b'] },
      'db-3': {},
      'old-db': {},
    });
    expect(groups).toEqual({
      'all-dbs': ['db-1', 'db-2', 'db-3', 'old-db', 'web'],
      old: ['old-db', 'web'],
      older: ['web'],
    });
  });

  test('a name goes before a set, a set before a group, the inner group before the outer, and all before inventory files', () => {
    const base: Inventory = {
      hosts: new Map(
        ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => [
          name,
          { name, settings: { user: 'file', port: 9 }, where: 'hosts' },
        ]),
      ),
      groups: new Map([['filed', ['a4', 'a5']]]),
    };
    const { hosts } = fleet(
      `
hosts:
  a1: {user: name}
  a[1-2]: {user: set, port: 1}
groups:
  inner: {hosts: ['a[1-3]'], user: inner}
  outer: {groups: [inner], user: outer, privilege: root}
  filed: {user: filed}
`,
      base,
    );
    expect(hosts).toEqual({
      a1: { user: 'name', port: 1, privilege: 'root' },
      a2: { user: 'set', port: 1, privilege: 'root' },
      a3: { user: 'inner', port: 9, privilege: 'root' },
      a4: { user: 'filed', port: 9 },
      a5: { user: 'filed', port: 9 },
    });
  });

  test('the way to a host is taken as a whole: jump hosts put a ProxyCommand of an inventory aside', () => {
    const base: Inventory = {
      hosts: new Map([['a', { name: 'a', settings: { proxyCommand: 'x' }, where: 'f' }]]),
      groups: new Map(),
    };
    expect(fleet('hosts: {a: {jump: none}}\n', base).hosts).toEqual({ a: { jump: [] } });
    expect(fleet('hosts: {a: {user: u}}\n', base).hosts).toEqual({ a: { user: 'u', proxyCommand: 'x' } });
  });

  test('a group may hold the hosts of an inventory file, and a host keeps the problem that the file has with it', () => {
    const base: Inventory = {
      hosts: new Map([['a', { name: 'a', settings: {}, problem: 'not SSH', where: 'f line 1' }]]),
      groups: new Map(),
    };
    const answer = read('groups: {g: {inventories: [f], user: u}}\n', base);
    expect(answer).toMatchObject({ kind: 'fleet', inventory: { groups: new Map([['g', ['a']]]) } });
    expect(answer.kind === 'fleet' && answer.inventory.hosts.get('a')).toEqual({
      name: 'a',
      settings: { user: 'u' },
      problem: 'not SSH',
      where: 'f line 1',
    });
  });

  test.each([
    ['groups:\n  a: [h]\n  b: {hosts: ["@aa"]}\n', '3 groups.b.hosts[0]: there is no group "aa". Did you mean @a?'],
    [
      'groups:\n  a: {groups: [b]}\n  b: ["@c"]\n  c: ["@a"]\n',
      '2 groups.a: groups are nested in a circle: a > b > c > a.',
    ],
    ['groups:\n  a: ["@a"]\n', '2 groups.a: groups are nested in a circle: a > a.'],
    ['groups: {all: [h]}\n', '1 groups.all: @all is every host already'],
    ['groups: {a: ["@all"]}\n', '1 groups.a[0]: @all is every host'],
    ['groups: {"a b": []}\n', '1 groups["a b"]: a group is named without blanks'],
    ['hosts: {"a[1-2]": {address: x}}\n', '1 hosts["a[1-2]"].address: several hosts cannot have one address'],
    ['hosts: {"a[2-1]": }\n', '1 hosts["a[2-1]"]: the range from 2 to 1 counts down'],
    ['hosts: {"root@a": }\n', '1 hosts["root@a"]: a host is named without its user'],
    ['hosts: {"a:22": }\n', '1 hosts["a:22"]: "a:22" is no host name: give address'],
    ['groups: {g: ["a_-"]}\n', '1 groups.g[0]: "a_-" is no host name'],
    ['hosts: {"a[1-99999]": , "b[1-99999]": }\n', 'more than 100000 hosts'],
    [
      'hosts:\n  a[1-2]: {user: x}\n  a[2-3]: {user: y}\n',
      '3 hosts["a[2-3]"].user: a[1-2] and a[2-3] say different things of a2',
    ],
    [
      'groups:\n  a: {hosts: [h], user: x}\n  b: {hosts: [h], user: y}\n',
      '3 groups.b.user: a and b say different things of h',
    ],
  ])('is refused where it contradicts itself, by path and line: %j', (text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected);
    expect(problemsOf(text)).toHaveLength(1);
  });

  test('two groups may say the same, and a host may settle what they do not agree on', () => {
    const groups = 'groups:\n  a: {hosts: [h], user: x}\n  b: {hosts: [h], user: y}\n';
    expect(fleet('groups:\n  a: {hosts: [h], user: x}\n  b: {hosts: [h], user: x}\n').hosts).toEqual({
      h: { user: 'x' },
    });
    expect(fleet(`hosts: {h: {user: z}}\n${groups}`).hosts).toEqual({ h: { user: 'z' } });
  });

  test('a hundred thousand hosts in groups are read within seconds', () => {
    const base = listed('h[1-50000]');
    const { hosts } = fleet(
      'groups: {a: {hosts: ["h[1-50000]"], user: a}, b: {groups: [a], user: b}, c: ["g[1-50000]"]}\n',
      base,
    );
    expect(Object.keys(hosts)).toHaveLength(100_000);
    expect(hosts['h50000']).toEqual({ user: 'a' });
  }, 30_000);
});
