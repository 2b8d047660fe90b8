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
    'KEY=-----BEGIN RSA PRIVATE KEY-----\\nhunter2\\n-----END RSA PRIVATE KEY-----',
    'hunter2\n-----END OPENSSH PRIVATE KEY-----\n',
    `hunter2\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n`,
    `hunter2\n${'Zm9v+/bX'.repeat(8).replace('9', '1')}\n`,
    `hunter2\n${`${'Zm9vbX'.repeat(10)}\n`.repeat(3)}`,
  ])('that is a private key is recognised and never repeated: %j', (text) => {
    expect(names(text)).toContain('--identity');
    expect(names(text, 'id.yml')).not.toContain('hunter2');
    expect(names(text)).not.toContain('hunter2');
  });

  test.each([
    'ansible_password=hunter2\n',
    'aws_secret_access_key = hunter2/!\n',
    'password=[hunter2\n',
    'password=[1:hunter2]\n',
    'db1:password=hunter2\n',
    'x=1 password=hunter2!\n',
    '[default]\naws_secret_access_key=hunter2\n',
    '[default]\nansible_password=hunter2 ansible_host=192.0.2.1\n',
    '[a:children]\npassword=hunter2\n',
    'all: {hosts: {password=hunter2: }}\n',
    'all: {password=hunter2: }\n',
    '{"all": {"hosts": ["password=hunter2"]}}',
  ])('with a password where a host should be repeats only its name: %j', (text) => {
    const answer = names(text);
    expect(answer).toEqual(expect.any(String));
    expect(answer).not.toContain('hunter2');
  });

  test('of JSON may hold a key among its variables', () => {
    const vars = { tls_key: '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n' };
    expect(names(JSON.stringify({ all: { hosts: ['a'], vars } }))).toEqual(['a']);
  });

  test('that is a public key or a program is said so', () => {
    expect(names('ssh-ed25519 AAAAC3Nz me@here\n')).toContain('public key');
    expect(names('#!/usr/bin/env python3\nprint()\n')).toContain('ansible-inventory -i FILE --list | whodisk -i -');
  });
});
