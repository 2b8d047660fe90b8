import { expect, test } from 'vitest';
import type { HostSettings, Inventory } from './inventory.ts';
import { mergeInventories } from './merge-inventories.ts';

const inventory = (
  where: string,
  hosts: Record<string, HostSettings>,
  groups: Record<string, string[]>,
): Inventory => ({
  hosts: new Map(Object.entries(hosts).map(([name, settings]) => [name, { name, settings, where }])),
  groups: new Map(Object.entries(groups)),
});

test('what an earlier inventory says of a host wins, setting by setting, and groups hold the hosts of all', () => {
  const merged = mergeInventories([
    inventory('one', { a: { user: 'u1', jump: [] }, b: {} }, { g: ['a'], ungrouped: ['b'] }),
    inventory('two', { c: {}, a: { user: 'u2', port: 2, proxyCommand: 'x' }, b: {} }, { g: ['c'], h: ['b'] }),
  ]);
  expect([...merged.hosts.values()]).toEqual([
    // The way is one thing: a ProxyCommand of the weaker would undo the direct dial of the stronger.
    { name: 'a', settings: { user: 'u1', port: 2, jump: [] }, where: 'one' },
    { name: 'b', settings: {}, where: 'one' },
    { name: 'c', settings: {}, where: 'two' },
  ]);
  expect([...merged.groups]).toEqual([
    ['g', ['a', 'c']],
    ['h', ['b']],
  ]);
});

test('a problem that one of them has with a host stays', () => {
  const broken: Inventory = {
    hosts: new Map([['a', { name: 'a', settings: {}, problem: 'no', where: 'x' }]]),
    groups: new Map(),
  };
  expect(mergeInventories([inventory('one', { a: {} }, {}), broken]).hosts.get('a')?.problem).toBe('no');
  expect(mergeInventories([])).toEqual({ hosts: new Map(), groups: new Map() });
});
