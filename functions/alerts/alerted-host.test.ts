import { describe, expect, test } from 'vitest';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { hostFinder } from './alerted-host.ts';

const inventory = (hosts: Record<string, string | null>): Inventory => ({
  hosts: new Map(
    Object.entries(hosts).map(([name, address]) => [
      name,
      { name, settings: address === null ? {} : { address }, where: 'whodisk.yml line 1' },
    ]),
  ),
  groups: new Map(),
});

const FLEET = inventory({
  'db-1': '10.0.0.1',
  'db-2': '2001:db8::2',
  'web-1.example.com': null,
  'app.a.example': null,
  'app.b.example': null,
  'one:2222': '10.0.0.9',
  'two:2222': '10.0.0.9',
  '10.1.1.1': null,
});
const find = hostFinder(
  {
    hosts: new Map([
      ['rack7', 'db-2'],
      ['db-1.old:9100', 'db-2'],
      ['lost', 'nobody'],
    ]),
  },
  FLEET,
);

describe('an alert is about', () => {
  test.each([
    ['db-1', 'db-1'],
    ['db-1:9100', 'db-1'],
    ['DB-1:9100', 'db-1'],
    ['db-1.example.com:9100', 'db-1'],
    ['db-1.example.com', 'db-1'],
    ['web-1', 'web-1.example.com'],
    ['web-1:9100', 'web-1.example.com'],
    ['web-1.example.com:9100', 'web-1.example.com'],
    ['10.0.0.1:9100', 'db-1'],
    ['10.0.0.1', 'db-1'],
    ['[2001:db8::2]:9100', 'db-2'],
    ['2001:db8::2', 'db-2'],
    ['[2001:DB8::2]', 'db-2'],
    ['one:2222', 'one:2222'],
    ['10.1.1.1:9100', '10.1.1.1'],
    ['rack7', 'db-2'],
    ['rack7:9100', 'db-2'],
    ['db-1.old:9100', 'db-2'],
  ])('the host that %j means: %s', (value, name) => expect(find(value)).toEqual({ kind: 'host', name }));

  test.each([
    ['app', 'app.a.example or app.b.example'],
    ['10.0.0.9:9100', 'one:2222 or two:2222'],
    // Another domain is another host.
    ['web-1.example.org', 'has no such host'],
    ['app.c.example', 'has no such host'],
    // No part of an address is a name.
    ['10.0.0.2', 'has no such host'],
    ['db-11', 'has no such host'],
    ['', 'has no such host'],
    [':9100', 'has no such host'],
    ['__proto__', 'has no such host'],
    ['root@db-1', 'has no such host'],
    ['@db', 'has no such host'],
    ['db-[1-2]', 'has no such host'],
    ['lost', 'names a host that the inventory does not have'],
  ])('nobody where %j is none or several', (value, why) => {
    expect(find(value)).toEqual({ kind: 'unknown', why: expect.stringContaining(why) });
  });

  test('one of a hundred thousand hosts, found in no time', () => {
    const many = inventory(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`h${n}.example.com`, null])));
    const among = hostFinder({ hosts: new Map() }, many);
    for (let n = 0; n < 10_000; n++) expect(among(`h${n}:9100`).kind).toBe('host');
  });
});
