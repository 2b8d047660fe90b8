import { describe, expect, test } from 'vitest';
import { readAnsibleIni } from './ansible-ini.ts';
import type { Inventory } from './inventory.ts';

const read = (text: string): Inventory => {
  const answer = readAnsibleIni(text, 'hosts.ini');
  if (answer.kind === 'problems') throw new Error(JSON.stringify(answer.problems));
  return answer.inventory;
};
const problemsOf = (text: string) => {
  const answer = readAnsibleIni(text, 'hosts.ini');
  return answer.kind === 'problems' ? answer.problems.map(({ line, message }) => `${line ?? '-'} ${message}`) : [];
};
const settingsOf = (text: string, name: string) => read(text).hosts.get(name)?.settings;

describe('an Ansible INI inventory', () => {
  test('gives a host the variables of its innermost group, and its own before all', () => {
    const text = `
[all:vars]
ansible_user=everybody
ansible_port=22
[site:children]
db
[site:vars]
ansible_user=site
[db:vars]
ansible_user=dba
[db]
db1
db2 ansible_user=me
[web]
web1
`;
    expect(settingsOf(text, 'db1')).toEqual({ user: 'dba', port: 22 });
    expect(settingsOf(text, 'db2')).toEqual({ user: 'me', port: 22 });
    expect(settingsOf(text, 'web1')).toEqual({ user: 'everybody', port: 22 });
    expect([...read(text).groups]).toEqual([
      ['site', ['db1', 'db2']],
      ['db', ['db1', 'db2']],
      ['web', ['web1']],
    ]);
    expect(read(text).hosts.get('db1')?.where).toBe('hosts.ini line 12');
  });

  test('holds ranges of both kinds, ports, users and IPv6 addresses', () => {
    const text = 'db[01:03]\nweb-[1-2]\nroot@edge:2222\n[2001:db8::1]:23\n[x]\ndb01';
    expect([...read(text).hosts.keys()]).toEqual(['db01', 'db02', 'db03', 'web-1', 'web-2', 'edge', '2001:db8::1']);
    expect(settingsOf(text, 'edge')).toEqual({ user: 'root', port: 2222 });
    expect(settingsOf(text, '2001:db8::1')).toEqual({ port: 23 });
    expect([...read(text).groups.keys()]).toEqual(['x', 'ungrouped']);
  });

  test('names every problem by its line', () => {
    expect(
      problemsOf(
        [
          'ok',
          'a b',
          'c "open',
          '[web:children]',
          'nowhere',
          '[db:vars]',
          'no assignment',
          '[db:what]',
          'skipped with its section',
          '[x y]',
          'd[3:1]',
          'host:port',
        ].join('\n'),
      ),
    ).toEqual([
      expect.stringMatching(/^2 word 2 is no key=value/u),
      expect.stringMatching(/^3 the quote " is never closed/u),
      expect.stringMatching(/^5 the group "nowhere" is not described/u),
      expect.stringMatching(/^6 \[db:vars\] is about a group/u),
      expect.stringMatching(/^7 a variable is written key=value/u),
      expect.stringMatching(/^8 \[db:what\] is no kind of section/u),
    ]);
    expect(problemsOf('[x y]\nd[3:1]\nhost:port\nnot.a.host-')).toHaveLength(3);
  });

  test('is refused where groups are nested in a circle or a host has neither name nor address', () => {
    expect(problemsOf('[a:children]\nb\n[b:children]\nc\n[c:children]\na\n').join()).toContain('a > b > c > a');
    expect(problemsOf('"my alias"\n')).toEqual([expect.stringMatching(/^1 "my alias" is no host name/u)]);
    expect(settingsOf('"my alias" ansible_host=192.0.2.1\n', 'my alias')).toEqual({ address: '192.0.2.1' });
  });

  test('never repeats a password, be it well written or not', () => {
    const text =
      'h1 ansible_password=hunter2 ansible_become_pass="hunter2 hunter2"\nh2 ansible_password=my hunter2\nh3 x="hunter2\n[all:vars]\nhunter2\n';
    expect(problemsOf(text)).toHaveLength(3);
    expect(problemsOf(text).join()).not.toContain('hunter2');
    const fine = read('h1 ansible_password=hunter2 ansible_user=u\n');
    expect(JSON.stringify([...fine.hosts])).not.toContain('hunter2');
  });

  test('takes __proto__ and constructor for names like others', () => {
    const inventory = read('[__proto__]\nconstructor __proto__=1\n[constructor:children]\n__proto__\n[x]\n');
    expect(inventory.groups.get('__proto__')).toEqual(['constructor']);
    expect(inventory.groups.get('constructor')).toEqual(['constructor']);
    expect(({} as Record<string, unknown>)['constructor']).toBe(Object);
  });

  test('chains of groups as long as a file end soon', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) => `[g${index}:children]\ng${index + 1}\n`).join('');
    expect(read(`${chain}[g100000]\nh\n`).groups.get('g0')).toEqual(['h']);
    const wide = Array.from({ length: 100 }, (_, index) => `[g${index}:children]\ng${index + 1}\n`).join('');
    expect(problemsOf(`${wide}[g100]\nh[1:90000]\n`).join()).toContain('nesting multiplies');
  }, 30_000);
});
