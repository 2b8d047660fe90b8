import { describe, expect, test } from 'vitest';
import { readAnsibleYaml } from './ansible-yaml.ts';

const read = (text: string) => {
  const answer = readAnsibleYaml(text, 'hosts.yml');
  if (answer.kind === 'problems') throw new Error(JSON.stringify(answer.problems));
  return answer.inventory;
};
const problemsOf = (text: string) => {
  const answer = readAnsibleYaml(text, 'hosts.yml');
  return answer.kind === 'problems'
    ? answer.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
    : [];
};

describe('an Ansible YAML inventory', () => {
  test('holds groups in groups, ranges, variables, aliases and merge keys', () => {
    const inventory = read(`
all:
  children:
    db:
      hosts:
        db[1:2]: &one {ansible_port: 2222, ansible_password: !vault "x"}
        spare:
          ansible_user: override
          <<: *one
      vars: {ansible_user: dba}
    site: {children: {db: }}
`);
    expect([...inventory.hosts].map(([name, { settings }]) => [name, settings])).toEqual([
      ['db1', { user: 'dba', port: 2222 }],
      ['db2', { user: 'dba', port: 2222 }],
      ['spare', { user: 'override', port: 2222 }],
    ]);
    expect(inventory.groups.get('site')).toEqual(['db1', 'db2', 'spare']);
    expect(inventory.hosts.get('spare')?.where).toBe('hosts.yml line 7');
  });

  test('keeps numbers as they are written, and refuses what cannot be read where it is used', () => {
    const inventory = read('all:\n  hosts:\n    12_3: {ansible_user: 0123}\n    b: {ansible_host: !vault "x"}\n');
    expect(inventory.hosts.get('12_3')?.settings).toEqual({ user: '0123' });
    expect(inventory.hosts.get('b')?.problem).toContain('Vault');
  });

  test.each([
    ['all:\n  hosts:\n    a:\n    a:\n', '4:5 "a" stands twice here'],
    ['all:\n  hosts: [a, b]\n', '2:3 this is a mapping, not a list'],
    ['all:\n  host:\n    a:\n', '2:3 "host" is no part of a group'],
    ['all:\n  hosts:\n    a: secret\n', '3:5 variables are a mapping'],
    ['all:\n  hosts: {"a\\u0007": }\n', '2:11 the host name "a\\u0007" holds a control character'],
    ['- a\n', '1:1 an Ansible inventory is a mapping'],
    ['plugin: aws_ec2\nregions: [x]\n', '1:1 this configures an inventory plugin'],
    ['all:\n  hosts: *nowhere\n', '2:10 an alias without an anchor'],
    ['all:\n\thosts:\n', '2:1 '],
    ['a: {children: {b: {children: {a: }}}}\n', 'undefined:undefined groups are nested in a circle: a > b > a'],
  ])('names what is malformed by line and column: %j', (text, expected) => {
    expect(problemsOf(text)[0]).toContain(expected);
  });

  test('never repeats what stands in a file that is no YAML', () => {
    for (const text of [
      'a: hunter2\n  b: "hunter2',
      'a: [hunter2\nhunter2: }',
      '"hunter2" hunter2',
      'a: b: hunter2',
      '&hunter2 *hunter2',
    ]) {
      expect(problemsOf(text).length).toBeGreaterThan(0);
      expect(problemsOf(text).join()).not.toContain('hunter2');
    }
  });

  test('hostile texts end soon: nesting without end, aliases that multiply, a group in itself', () => {
    expect(problemsOf('['.repeat(100_000))[0]).toContain('nested too deeply');
    expect(problemsOf(`a: ${'{children: {a: '.repeat(5000)}`).length).toBeGreaterThan(0);
    const layers = Array.from(
      { length: 12 },
      (_, n) => `g${n + 1}: &a${n + 1} {children: {${'abcdefghij'.replace(/./gu, (x) => `${x}${n}: *a${n}, `)}}}`,
    );
    expect(problemsOf(['g0: &a0 {hosts: {h: }}', ...layers].join('\n')).join()).toContain('more than');
    expect(problemsOf('a: &a {children: {b: *a}}\n').length).toBeGreaterThan(0);
    expect(problemsOf(`a: ${'x'.repeat(10_000_000)}`)[0]).toContain('10 MiB');
  }, 30_000);
});
