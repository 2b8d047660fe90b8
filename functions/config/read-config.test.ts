import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { type ConfigRequest, readConfig } from './read-config.ts';

const asRoot = needs('root');

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'whodisk-config-'));
  for (const folder of ['cwd', 'home']) mkdirSync(path.join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const read = (more: Partial<ConfigRequest> = {}) =>
  readConfig({ cwd: path.join(root, 'cwd'), homeDirectory: path.join(root, 'home'), ...more });
const configOf = async (more: Partial<ConfigRequest> = {}) => {
  const answer = await read(more);
  if (answer.kind === 'problems') throw new Error(JSON.stringify(answer.problems));
  return answer.config;
};
const problemsOf = async (more: Partial<ConfigRequest> = {}) => {
  const answer = await read(more);
  return answer.kind === 'problems' ? answer.problems : [];
};

describe('whodisk.yml is looked for', () => {
  test('where it was given, else here, else among the configuration of the user, else nowhere', async () => {
    expect(await configOf()).toEqual({
      defaults: {},
      retentionDays: 30,
      inventory: { hosts: new Map(), groups: new Map() },
      tell: new Map(),
      schedules: [],
      alerts: { label: 'instance', hosts: new Map(), quietMinutes: 10, tell: [] },
    });
    write('home/.config/whodisk/whodisk.yml', 'user: home\n');
    expect((await configOf()).defaults).toEqual({ user: 'home' });
    write('xdg/whodisk/whodisk.yml', 'user: xdg\n');
    expect((await configOf({ xdgConfigHome: path.join(root, 'xdg') })).defaults).toEqual({ user: 'xdg' });
    expect((await configOf({ xdgConfigHome: 'xdg' })).defaults).toEqual({ user: 'home' });
    write('cwd/whodisk.yml', 'user: here\n');
    expect(await configOf()).toMatchObject({ file: 'whodisk.yml', defaults: { user: 'here' } });
    write('home/other.yml', 'user: given\n');
    expect((await configOf({ given: '../home/other.yml' })).defaults).toEqual({ user: 'given' });
    expect(await configOf({ given: '~/other.yml' })).toMatchObject({
      file: '~/other.yml',
      defaults: { user: 'given' },
    });
  });

  test('and says on which files it depends, those that are not there among them', async () => {
    const filesOf = async (more: Partial<ConfigRequest> = {}): Promise<string[]> => {
      const answer = await read(more);
      return answer.kind === 'config' ? answer.files.map((file) => path.relative(root, file)) : [];
    };
    expect(await filesOf()).toEqual(['cwd/whodisk.yml', 'home/.config/whodisk/whodisk.yml']);
    write('home/.config/whodisk/whodisk.yml', 'inventories: [fleet]\ngroups: { db: { inventories: [db] } }\n');
    write('home/.config/whodisk/fleet', 'web-1\n');
    write('home/.config/whodisk/db', 'db-1\n');
    expect(await filesOf()).toEqual([
      'cwd/whodisk.yml',
      'home/.config/whodisk/whodisk.yml',
      'home/.config/whodisk/fleet',
      'home/.config/whodisk/db',
    ]);
    write('cwd/whodisk.yml', 'enabled: false\n');
    expect(await filesOf()).toEqual(['cwd/whodisk.yml']);
    write('home/other.yml', '');
    expect(await filesOf({ given: '../home/other.yml' })).toEqual(['home/other.yml']);
  });

  test('and one that was given must be there', async () => {
    write('cwd/whodisk.yml', 'user: here\n');
    expect(await problemsOf({ given: 'nowhere.yml' })).toEqual([
      { file: 'nowhere.yml', message: 'there is no such file.' },
    ]);
    expect(await problemsOf({ given: '/dev/zero' })).toEqual([
      { file: '/dev/zero', message: expect.stringContaining('neither a file nor a pipe') },
    ]);
    expect(await problemsOf({ given: '.' })).toEqual([
      { file: '.', message: 'this is a folder: name the file in it.' },
    ]);
  });

  test('but not trusted where others may write it, or where another user left it', async () => {
    const file = write('cwd/whodisk.yml', 'user: here\n');
    chmodSync(file, 0o666);
    expect(await problemsOf()).toEqual([{ file: 'whodisk.yml', message: expect.stringContaining('chmod o-w') }]);
    expect(await problemsOf({ given: 'whodisk.yml' })).toHaveLength(1);
    chmodSync(file, 0o644);
    expect(await problemsOf()).toEqual([]);
  });

  test.skipIf(asRoot.skip)('where another user left it, only when it was named', async () => {
    chownSync(write('cwd/whodisk.yml', 'user: here\n'), 12_345, 12_345);
    expect(await problemsOf()).toEqual([{ file: 'whodisk.yml', message: expect.stringContaining('another user') }]);
    expect(await problemsOf({ given: 'whodisk.yml' })).toEqual([]);
  });

  test.skipIf(asRoot.skip)('where a group may write it that is not its user alone', async () => {
    const file = write('cwd/whodisk.yml', 'user: here\n');
    chmodSync(file, 0o664);
    expect(await problemsOf()).toEqual([]);
    chownSync(file, 0, 12_345);
    expect(await problemsOf({ given: 'whodisk.yml' })).toMatchObject([
      { message: expect.stringContaining('chmod g-w') },
    ]);
  });

  test('in a pipe only where it was given, and one that nobody writes to is empty', async () => {
    execFileSync('mkfifo', [path.join(root, 'cwd/pipe')]);
    expect(await problemsOf({ given: 'pipe' })).toEqual([]);
    const hold = openSync(path.join(root, 'cwd/pipe'), constants.O_RDWR | constants.O_NONBLOCK);
    writeSync(hold, 'user: piped\n');
    const reading = configOf({ given: 'pipe' });
    setTimeout(() => closeSync(hold), 200);
    expect((await reading).defaults).toEqual({ user: 'piped' });
  });

  test('and a pipe that lies there is not waited for', async () => {
    execFileSync('mkfifo', [path.join(root, 'cwd/whodisk.yml')]);
    expect(await problemsOf()).toEqual([{ file: 'whodisk.yml', message: expect.stringContaining('no regular file') }]);
  });
});

describe('whodisk.yml', () => {
  test('brings inventories, with paths as seen from it', async () => {
    write(
      'cwd/etc/whodisk.yml',
      `
inventories: [hosts.ini, ~/hosts]
store: data/store
identityFiles: [keys/fleet, ~/.ssh/id]
hosts: {db1: {hostKeys: ['ssh-ed25519 AAAAC3Nz']}, web1: {identityFiles: [keys/web]}}
groups: {dbs: {inventories: [more], groups: [db]}}
`,
    );
    write('cwd/etc/hosts.ini', '[db]\ndb1 ansible_user=dba\n');
    write('cwd/etc/more', 'db3\n');
    write('home/hosts', 'web1\n');
    const folder = path.join(root, 'cwd/etc');
    const config = await configOf({ given: 'etc/whodisk.yml' });
    expect(config).toMatchObject({
      store: path.join(folder, 'data/store'),
      defaults: { identityFiles: [path.join(folder, 'keys/fleet'), path.join(root, 'home/.ssh/id')] },
    });
    expect([...config.inventory.hosts.values()]).toEqual([
      { name: 'db1', settings: { hostKeys: ['ssh-ed25519 AAAAC3Nz'], user: 'dba' }, where: 'etc/whodisk.yml line 5' },
      { name: 'web1', settings: { identityFiles: [path.join(folder, 'keys/web')] }, where: 'etc/whodisk.yml line 5' },
      { name: 'db3', settings: {}, where: 'more line 1' },
    ]);
    expect([...config.inventory.groups]).toEqual([
      ['db', ['db1']],
      ['dbs', ['db3', 'db1']],
    ]);
  });

  test('settles hosts of an inventory that the command line gives', async () => {
    write('cwd/whodisk.yml', 'groups: {web: {user: ops}}\n');
    const inventory = {
      hosts: new Map([['w', { name: 'w', settings: { user: 'x', port: 1 }, where: '<stdin>' }]]),
      groups: new Map([['web', ['w']]]),
    };
    const config = await configOf({ inventories: [inventory] });
    expect(config.inventory.hosts.get('w')?.settings).toEqual({ user: 'ops', port: 1 });
  });

  test('is told of problems in the files that it names, by their names', async () => {
    write('cwd/whodisk.yml', 'inventories: [a, b, nowhere]\n');
    write('cwd/a', 'ok\n-x\n');
    write('cwd/b', '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n');
    const problems = await problemsOf();
    expect(problems).toMatchObject([
      { file: 'a', line: 2 },
      { file: 'b' },
      { file: 'nowhere', message: 'there is no such file.' },
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  test('stops everything where enabled is false, whatever else is wrong with its inventories', async () => {
    write('cwd/whodisk.yml', '# now\nenabled: false\ninventories: [nowhere]\nstore: none\n');
    expect(await configOf()).toMatchObject({
      disabled: 'Every sweep is stopped: enabled is false in whodisk.yml line 2.',
      store: 'none',
    });
  });

  test('leaves time after the window', async () => {
    write('cwd/whodisk.yml', 'deadlineSeconds: 5\n');
    expect(await problemsOf()).toMatchObject([
      { line: 1, path: 'deadlineSeconds', message: expect.stringContaining('such as 15') },
    ]);
  });

  test('is UTF-8 text', async () => {
    writeFileSync(path.join(root, 'cwd/whodisk.yml'), Uint8Array.of(0x75, 0xff));
    expect(await problemsOf()).toMatchObject([{ message: expect.stringContaining('UTF-8') }]);
    writeFileSync(path.join(root, 'cwd/whodisk.yml'), 'user: a\u0000\n');
    expect(await problemsOf()).toMatchObject([{ message: expect.stringContaining('NUL') }]);
  });
});
