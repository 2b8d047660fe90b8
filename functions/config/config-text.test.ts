import { describe, expect, test } from 'vitest';
import { readConfigText } from './config-text.ts';

const problemsOf = (text: string) => {
  const read = readConfigText(text, 'whodisk.yml');
  return read.kind === 'problems'
    ? read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
    : [];
};

const WHOLE = `
enabled: true
user: ops
port: 2222
jump: [jump@bastion:2222, second]
identityFiles: [~/.ssh/fleet, keys/other]
privilege: user
hostKeyPolicy: accept-new
windowSeconds: 10
deadlineSeconds: 30
forks: 64
store: dynamodb:whodisk-findings
retentionDays: 7
inventories: [hosts.ini]
hosts:
  db-[01-20]: &db {user: dba, jump: none}
  spare: {<<: nothing}
  web:
  pinned:
    address: 192.0.2.1
    hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk me@here']
groups:
  dbs: ['db-[01-20]', '@old']
  old: {hosts: [spare], groups: [older], inventories: [old.ini], privilege: root}
  older: []
`.replace('{<<: nothing}', '*db');

describe('whodisk.yml', () => {
  test('holds everything that is documented, and nothing at all', () => {
    const read = readConfigText(WHOLE, 'whodisk.yml');
    expect(read).toMatchObject({
      kind: 'config',
      value: { jump: ['jump@bastion:2222', 'second'], retentionDays: 7, hosts: { spare: { user: 'dba' }, web: null } },
    });
    for (const text of ['', '\n# nothing\n', '---\n', '{}']) {
      expect(readConfigText(text, 'whodisk.yml')).toMatchObject({ kind: 'config', value: { retentionDays: 30 } });
    }
  });

  test('is told all that is wrong with it at once, in the order of the file, by path, line and column', () => {
    const text = `
windowSecond: 5
window: 5
port: 70000
user: -x
jump: {}
hosts:
  db-1:
    prt: 22
    hostKeys: [nonsense]
  "db 2": 7
groups:
  db: {hosts: [db-1, 2], sub: [x]}
  web: 7
privilege: sudo
enabled: "no"
`;
    expect(problemsOf(text)).toEqual([
      '2:1 windowSecond: there is no such setting. Did you mean windowSeconds?',
      '3:1 window: there is no such setting. Did you mean windowSeconds?',
      '4:1 port: give a whole number from 1 to 65535.',
      '5:1 user: give a login name.',
      '6:1 jump: give a text or a list of texts.',
      '9:5 hosts.db-1.prt: there is no such setting. Did you mean port?',
      expect.stringMatching(/^10:16 hosts\.db-1\.hostKeys\[0\]: give a public key/u),
      '11:3 hosts["db 2"]: give a mapping, name: value.',
      expect.stringMatching(/^13:22 groups\.db\.hosts\[1\]: give the name of a host/u),
      expect.stringMatching(/^13:26 groups\.db\.sub: there is no such setting\. Known are hosts, groups/u),
      '14:3 groups.web: give a list of members, or a mapping.',
      '15:1 privilege: give one of auto, root, user.',
      '16:1 enabled: give true or false.',
    ]);
  });

  test.each([
    ['a: 1\na: 2\n', '2:1 "a" stands twice here'],
    ['- a\n', 'give a mapping, name: value.'],
    ['hosts: {__proto__: }\n', '__proto__'],
    ['hosts: {a: {<<: {}}}\n', '"<<" has no meaning here'],
    ['user: !env USER\n', '1:12 user: a tag has no meaning here'],
    ['user: *nobody\n', '1:7 an alias without an anchor'],
    ['user: [\n', '2:1 '],
    ['store: dynamodb:x\n', 'store: give a path, none, or dynamodb:TABLE'],
    ['inventories: ["-"]\n', 'inventories[0]: give the path of a file; standard input'],
    ['jump: "a,,b"\n', 'jump: give [user@]host'],
    ['windowSeconds: 1.5\n', 'windowSeconds: give a whole number from 1 to 60.'],
    ['{? [a] : b}\n', 'a key is a plain name'],
  ])('is refused where YAML allows more than it means: %j', (text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected);
  });

  test('never repeats a value', () => {
    for (const key of ['user', 'port', 'hosts', 'store', 'privilege', 'identityFiles', 'hunted']) {
      expect(problemsOf(`${key}: "\\u0000hunter2"\n`).join()).toMatch(/./u);
      expect(problemsOf(`${key}: "\\u0000hunter2"\n`).join()).not.toContain('hunter2');
    }
    expect(problemsOf('user: "hunter2\n').join()).not.toContain('hunter2');
  });

  test('hostile texts end soon', () => {
    expect(problemsOf('['.repeat(100_000)).length).toBeGreaterThan(0);
    const bomb = Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(10)}]`);
    expect(problemsOf(['a0: &a0 [x]', ...bomb].join('\n')).join()).toContain('aliases multiply');
    expect(problemsOf('hosts: &a {x: *a}\n').length).toBeGreaterThan(0);
    expect(problemsOf('hosts:\n'.repeat(10_000)).length).toBeGreaterThan(0);
  }, 30_000);
});
