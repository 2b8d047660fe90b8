import { expect, test } from 'vitest';
import type { Ec2Source } from '../config/ec2-source.ts';
import { type Ec2Instance, inventoryOfInstances } from './ec2-inventory.ts';

const ID = 'i-0123456789abcdef0';
const source = (more: Partial<Ec2Source> = {}): Ec2Source => ({
  tags: { Role: ['db'] },
  address: 'private-ip',
  settings: { user: 'ec2-user' },
  where: 'whodisk.yml line 2',
  ...more,
});
const hostOf = (instance: Partial<Ec2Instance>, more: Partial<Ec2Source> = {}) =>
  inventoryOfInstances([{ id: ID, ...instance }], source(more)).hosts.get(ID);

const ALL = {
  privateIp: '10.0.0.7',
  privateName: 'ip-10-0-0-7.eu-central-1.compute.internal',
  publicIp: '198.51.100.7',
  publicName: 'ec2-198-51-100-7.eu-central-1.compute.amazonaws.com',
};

test.each([
  ['private-ip', ALL.privateIp],
  ['private-dns', ALL.privateName],
  ['public-ip', ALL.publicIp],
  ['public-dns', ALL.publicName],
] as const)('an instance is dialled by its %s, and known by its id', (address, dialled) => {
  expect(hostOf(ALL, { address })).toEqual({
    name: ID,
    settings: { user: 'ec2-user', address: dialled, hostKeyAlias: ID },
    where: 'whodisk.yml line 2',
  });
});

test.each([
  [{ ...ALL, publicIp: undefined }, 'public-ip', 'has no public-ip'],
  [{ ...ALL, publicName: '' }, 'public-dns', 'has no public-dns'],
  [{ privateIp: '127.0.0.1' }, 'private-ip', 'this machine'],
  [{ privateIp: '169.254.169.254' }, 'private-ip', 'this machine'],
  [{ privateIp: '0.0.0.0' }, 'private-ip', 'this machine'],
  [{ privateIp: 'db-1' }, 'private-ip', 'which is none'],
  [{ privateIp: '10.0.0.7\n' }, 'private-ip', 'which is none'],
  [{ privateName: 'localhost' }, 'private-dns', 'this machine'],
  [{ privateName: 'x.localhost.' }, 'private-dns', 'this machine'],
  [{ privateName: '-oProxyCommand=x' }, 'private-dns', 'which is none'],
  [{ privateName: '10.0.0.7' }, 'private-dns', 'which is none'],
  [{ privateName: '0x7f.1' }, 'private-dns', 'which is none'],
] as const)('of %j the %s is a problem of that host', (instance, address, words) => {
  const host = hostOf(instance, { address });
  expect(host?.problem).toContain(words);
  expect(host?.settings.address).toBeUndefined();
});

test('what is no instance id is no host', () => {
  const ids = ['', 'i-1', 'i-0123456789ABCDEF0', 'db-1', '__proto__', '@all', `${ID}\n`, 'i-12345678'];
  const { hosts } = inventoryOfInstances(
    ids.map((id) => ({ id, privateIp: '10.0.0.7' })),
    source(),
  );
  expect([...hosts.keys()]).toEqual(['i-12345678']);
});

test('a group is there without hosts too, and the order of the answer does not count', () => {
  expect(inventoryOfInstances([], source({ group: 'db' })).groups).toEqual(new Map([['db', []]]));
  const both = [{ id: 'i-0000000b' }, { id: 'i-0000000a' }];
  const read = inventoryOfInstances(both, source({ group: 'db' }));
  expect(read.groups).toEqual(new Map([['db', ['i-0000000a', 'i-0000000b']]]));
  expect(inventoryOfInstances([...both].reverse(), source({ group: 'db' }))).toEqual(read);
});
