import { describe, expect, test } from 'vitest';
import { readInventory } from './inventory-text.ts';

const names = (text: string, file = 'hosts') => {
  const read = readInventory(text, file);
  return read.kind === 'inventory'
    ? [...read.inventory.hosts.keys()]
    : read.problems.map(({ message }) => message).join();
};

describe('the kind of an inventory', () => {
  test.each([
    ['a plain list', 'web1\nroot@db[1-2]:22\n', ['web1', 'db1:22', 'db2:22']],
    ['a plain list that begins with an address', '[::1]:22\n[::2]:22', ['[::1]:22', '[::2]:22']],
    ['INI by its section', '# x\n\nweb1\n[db]\ndb[1:2]\n', ['web1', 'db1', 'db2']],
    ['INI by its variables', 'web1 ansible_user=x\n', ['web1']],
    ['INI by its ranges', 'web[01:02]\n', ['web01', 'web02']],
    ['YAML by its first line', '---\nall: {hosts: {a: }}\n', ['a']],
    ['YAML by its first key', '# x\nall:\n  hosts:\n    a:\n', ['a']],
    ['JSON', '\uFEFF\n {"all": {"hosts": ["a"]}}', ['a']],
    ['an empty list', '\n# nothing\n', []],
  ])('is told from what it holds: %s', (_, text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test('is YAML where the name says so', () => {
    expect(names('a b\n', 'hosts.yml')).toContain('mapping of groups');
  });

  test.each([
    '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----\n',
    '\r\n-----BEGIN RSA PRIVATE KEY-----\r\nhunter2',
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nhunter2',
    'PuTTY-User-Key-File-3: ssh-ed25519\nhunter2',
    'Bag Attributes\n-----BEGIN PRIVATE KEY-----\nhunter2',
  ])('that is a private key is recognised and never repeated', (text) => {
    expect(names(text, 'id.yml')).toContain('--identity');
    expect(names(text)).not.toContain('hunter2');
  });

  test('that is a public key or a program is said so', () => {
    expect(names('ssh-ed25519 AAAAC3Nz me@here\n')).toContain('public key');
    expect(names('#!/usr/bin/env python3\nprint()\n')).toContain('ansible-inventory -i FILE --list | whodisk -i -');
  });
});
