import { expect, test } from 'vitest';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { healthyHost, lostHost, refused } from '../../test/findings.ts';
import { withMeantTarget } from './meant-target.ts';

const settings = {};
const inventory: Pick<Inventory, 'hosts' | 'groups'> = {
  hosts: new Map(['db-1', 'web-7'].map((name) => [name, { name, settings, where: 'x' }])),
  groups: new Map([['dbs', ['db-1']]]),
};
const unfound = (name: string) =>
  lostHost(name, { phase: 'resolve', kind: 'name-not-found', message: `${name} has no address.` });
const said = (name: string): string | undefined => withMeantTarget(unfound(name), inventory).failure?.message;

test.each([
  ['dbs', '@dbs'],
  ['root@dbs:22', '@dbs'],
  ['all', '@all'],
  ['db1', 'db-1'],
  ['root@wbe-7', 'web-7'],
  ['dsb', '@dbs'],
])('%s has no address, and %s was meant', (name, meant) => {
  expect(said(name)).toBe(`${name} has no address. Did you mean ${meant}?`);
  expect(withMeantTarget(unfound(name), inventory).summary).toContain(`Did you mean ${meant}?`);
});

test('nothing is guessed of a name that looks like no other, and of a host that the inventory knows', () => {
  expect(said('mail.example.com')).toBe('mail.example.com has no address.');
  expect(said('db-1')).toBe('db-1 has no address.');
});

test('a host that has an address is what it is called', () => {
  for (const host of [healthyHost('db1'), refused('db1')]) expect(withMeantTarget(host, inventory)).toBe(host);
});
