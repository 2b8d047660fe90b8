import { describe, expect, test } from 'vitest';
import type { Inventory, InventoryHost } from './inventory.ts';
import { selectHosts } from './select-hosts.ts';

const host = (name: string, rest: Partial<InventoryHost> = {}): [string, InventoryHost] => [
  name,
  { name, settings: {}, where: 'x', ...rest },
];
const INVENTORY: Inventory = {
  hosts: new Map([
    host('db-1', { settings: { user: 'dba', address: '192.0.2.1' } }),
    host('db-2', { settings: { jump: ['bastion'] } }),
    host('My Alias', { settings: { address: '192.0.2.9' } }),
    host('local', { problem: 'not SSH' }),
    host('[::1]:22', { settings: { port: 22 } }),
    host('db1:2222', { settings: { port: 2222 } }),
    host('root@alias1', { settings: { user: 'root' } }),
    host('db1:2223', { settings: { address: '192.0.2.3', port: 2223 } }),
    host('Web', {}),
  ]),
  groups: new Map([
    ['dbs', ['db-1', 'db-2']],
    ['empty', []],
  ]),
};
const chosen = (...words: string[]) => {
  const selection = selectHosts(words, INVENTORY);
  return selection.kind === 'chosen' ? selection.hosts : selection.problems.map(({ message }) => message);
};

describe('the words of a command line', () => {
  test('choose hosts of the inventory by name, group and set, each once and in order', () => {
    expect(chosen('db-2', '@dbs', 'db-[1-2]')).toEqual([
      { name: 'db-2', host: 'db-2', settings: { jump: ['bastion'] } },
      { name: 'db-1', host: 'db-1', settings: { user: 'dba', address: '192.0.2.1' } },
    ]);
    expect(chosen('@all')).toHaveLength(9);
  });

  test('choose what no inventory knows as it is written', () => {
    expect(chosen('Root@New.example.com:2222', '[::2]:23', '10.0.0.1')).toEqual([
      { name: 'Root@New.example.com:2222', host: 'New.example.com', user: 'Root', port: 2222 },
      { name: '[::2]:23', host: '::2', port: 23 },
      { name: '10.0.0.1', host: '10.0.0.1' },
    ]);
  });

  test('may give a user and a port around names of the inventory, which keep their other settings', () => {
    expect(chosen('root@db-[1-2]:2222', 'me@DB-1', 'me@Web')).toEqual([
      {
        name: 'root@db-1:2222',
        host: 'db-1',
        user: 'root',
        port: 2222,
        settings: { user: 'dba', address: '192.0.2.1' },
      },
      { name: 'root@db-2:2222', host: 'db-2', user: 'root', port: 2222, settings: { jump: ['bastion'] } },
      { name: 'me@DB-1', host: 'db-1', user: 'me', settings: { user: 'dba', address: '192.0.2.1' } },
      { name: 'me@Web', host: 'Web', user: 'me' },
    ]);
  });

  test('find a host however it is capitalised, where that is clear', () => {
    const inventory: Inventory = {
      hosts: new Map([
        host('DB1', { settings: { jump: ['bastion'] } }),
        host('Edge:2222', { settings: { port: 2222, user: 'ops' } }),
        host('web', { settings: { port: 1 } }),
        host('Web', { settings: { port: 2 } }),
      ]),
      groups: new Map(),
    };
    const named = (word: string) => {
      const selection = selectHosts([word], inventory);
      return selection.kind === 'chosen' ? selection.hosts[0] : selection.problems[0]?.message;
    };
    expect(named('root@db1')).toEqual({ name: 'root@db1', host: 'DB1', user: 'root', settings: { jump: ['bastion'] } });
    expect(named('db1')).toMatchObject({ name: 'DB1' });
    expect(named('edge:2222')).toMatchObject({ name: 'Edge:2222' });
    expect(named('root@edge:2222')).toMatchObject({
      host: 'Edge',
      user: 'root',
      port: 2222,
      settings: { user: 'ops' },
    });
    expect(named('root@Web')).toMatchObject({ settings: { port: 2 } });
    expect(named('web')).toMatchObject({ settings: { port: 1 } });
    expect(named('root@WEB')).toMatchObject({
      name: 'root@WEB',
      problem: '"WEB" may be web, Web: write it as the inventory does.',
    });
  });

  test('reach aliases, addresses with ports, and hosts that must not be dialled', () => {
    expect(chosen('My Alias', '[::1]:22', 'local')).toEqual([
      { name: 'My Alias', host: '192.0.2.9', settings: { address: '192.0.2.9' } },
      { name: '[::1]:22', host: '::1', settings: { port: 22 } },
      { name: 'local', host: 'local', problem: 'not SSH' },
    ]);
  });

  test('leave the host of a name with a user or a port to ssh_config, unless an address is given', () => {
    expect(chosen('db1:2222', 'root@alias1', 'db1:2223')).toEqual([
      { name: 'db1:2222', host: 'db1', settings: { port: 2222 } },
      { name: 'root@alias1', host: 'alias1', settings: { user: 'root' } },
      { name: 'db1:2223', host: '192.0.2.3', settings: { address: '192.0.2.3', port: 2223 } },
    ]);
  });

  test('that name no group are answered with the one that was meant, or with those that there are', () => {
    expect(chosen('@dsb')).toEqual(['There is no group "dsb". Did you mean @dbs?']);
    expect(chosen('@')).toEqual(['There is no group after "@". Known are @dbs, @empty.']);
    expect(chosen('@nothing')).toEqual(['There is no group "nothing". Known are @dbs, @empty.']);
    expect(chosen('@dbs[1-2]', 'db[', '-x', '')).toHaveLength(4);
    const none = { hosts: new Map(), groups: new Map() };
    expect(selectHosts(['@all'], none)).toMatchObject({ problems: [{ message: expect.stringContaining('-i') }] });
  });

  test('a group without hosts is a note, not a problem', () => {
    expect(selectHosts(['@empty', 'x'], INVENTORY)).toMatchObject({
      kind: 'chosen',
      notes: ['The group @empty has no hosts.'],
    });
  });

  test('defaults hold where nothing else is said, and never change the way that a host has', () => {
    const selection = selectHosts(['db-1', 'db-2', 'new'], INVENTORY, { user: 'ops', proxyCommand: 'x' });
    expect(selection).toMatchObject({
      hosts: [
        { settings: { user: 'dba', proxyCommand: 'x' } },
        { settings: { user: 'ops', jump: ['bastion'] } },
        { settings: { user: 'ops', proxyCommand: 'x' } },
      ],
    });
    expect(selection.kind === 'chosen' && selection.hosts[1]?.settings).not.toHaveProperty('proxyCommand');
  });
});
