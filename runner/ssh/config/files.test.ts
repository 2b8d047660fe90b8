import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evaluateSshConfig } from './evaluate.ts';
import { readSshConfig } from './files.ts';
import { expandGlob } from './glob.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-config-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string, mode = 0o600): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

/** The home is `folder`/home and /etc/ssh is `folder`/etc. */
function read(file?: string) {
  return readSshConfig({
    ...(file !== undefined && { file }),
    homeDirectory: join(folder, 'home'),
    user: 'me',
    systemDirectory: join(folder, 'etc'),
  });
}

async function settingsOf(file?: string) {
  const answer = evaluateSshConfig(await read(file), { name: 'db1', localUser: 'me' });
  if (answer.kind === 'refused') return answer.message;
  return Object.fromEntries([...answer.settings].map(([keyword, { words }]) => [keyword, words[0]]));
}

describe('the files of ssh_config', () => {
  test('neither need be there', async () => {
    expect(await read()).toMatchObject({ files: [], problems: [] });
  });

  test('the user’s file goes before the system-wide one', async () => {
    write('home/.ssh/config', 'Port 1\nHost other\n');
    write('etc/ssh_config', 'Port 2\nUser system\n');
    expect(await settingsOf()).toEqual({ port: '1', user: 'system' });
  });

  test('a file that is named takes the place of both', async () => {
    write('home/.ssh/config', 'Port 1\n');
    write('etc/ssh_config', 'User system\n');
    expect(await settingsOf(write('mine', 'HostName x\n'))).toEqual({ hostname: 'x' });
    expect(await settingsOf('none')).toEqual({});
  });

  test('an Include of a pipe that nobody writes to is refused, and the user’s own file may be none either', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    write('home/.ssh/config', `Include ${pipe}\n`);
    expect(await settingsOf()).toContain(`${pipe} is no file`);
    rmSync(join(folder, 'home/.ssh/config'));
    symlinkSync(pipe, join(folder, 'home/.ssh/config'));
    expect(await settingsOf()).toContain('config is no file');
  });

  test('a file that is named and missing is a problem', async () => {
    expect(await settingsOf(join(folder, 'nowhere'))).toContain('nowhere: there is no such file');
  });

  test('relative includes lie in ~/.ssh for the user and beside the system-wide file', async () => {
    write('home/.ssh/config', 'Include conf.d/*\nInclude ~/more ~me/third\n');
    write('home/.ssh/conf.d/a', 'Port 1\n');
    write('home/more', 'User u\n');
    write('home/third', 'HostName h\n');
    write('etc/ssh_config', 'Include conf.d/*\n');
    write('etc/conf.d/a', 'HostKeyAlias k\n');
    expect(await settingsOf()).toEqual({ port: '1', user: 'u', hostname: 'h', hostkeyalias: 'k' });
  });

  test('a system-wide file has no home, and another user’s is not known', async () => {
    write('etc/ssh_config', 'Include ~/x\n');
    expect(await settingsOf()).toContain('ssh_config line 1: Include');
    write('etc/ssh_config', '');
    write('home/.ssh/config', 'Include ~root/x\n');
    expect(await settingsOf()).toContain('config line 1: Include');
  });

  test.each([0o620, 0o602, 0o666])('one’s own file of mode %o is refused, and how to mend it is said', async (mode) => {
    const file = write('home/.ssh/config', 'Port 1\n', mode);
    expect(await settingsOf()).toContain(`chmod go-w ${file}`);
    // As in ssh: whoever names a file vouches for it.
    expect(await settingsOf(file)).toEqual({ port: '1' });
    // An included one is checked wherever it is included.
    expect(await settingsOf(write('top', `Include ${file}\n`))).toContain('chmod go-w');
  });

  test('files that include each other are a problem, by way of links too', async () => {
    const file = write('loop', `Include ${folder}/link*\n`);
    symlinkSync(file, join(folder, 'link'));
    symlinkSync(file, join(folder, 'link2'));
    expect(await settingsOf(file)).toMatch(/link line 1: .*link is included by itself/);
  });

  test('an Include where nothing applies is read for what ssh would stop at, and no more', async () => {
    const more = write('more', 'Host *\n  Port 9\n');
    const file = write('top', `Host other\n  Include ${more}\n`);
    expect(await settingsOf(file)).toEqual({});
    write('more', 'Host *\n  Port nine\n');
    expect(await settingsOf(file)).toContain('more line 2: Port');
  });

  test('a NUL, a line without end and a file without end are refused', async () => {
    expect(await settingsOf(write('nul', 'Port 1\nUser a\0b\n'))).toContain('nul line 2: it holds a NUL');
    expect(await settingsOf(write('long', `User ${'x'.repeat(70_000)}\n`))).toContain('long line 1: it is longer');
    expect(await settingsOf('/dev/zero')).toContain('/dev/zero is larger than 16 MiB');
  });

  test('every bad line is found, with its file and line', async () => {
    const { problems } = await read(write('bad', 'Port x\n\nUser\nHost a\n  IdentitiesOnly perhaps\n'));
    expect(problems.map((problem) => problem.slice(folder.length + 1).split(':')[0])).toEqual([
      'bad line 1',
      'bad line 3',
      'bad line 5',
    ]);
  });
});

describe('glob(7)', () => {
  test.each([
    ['*', ['a', 'b.conf', 'c[1]', 'd']],
    ['.*', ['.hidden']],
    ['?', ['a', 'd']],
    ['[ab]*', ['a', 'b.conf']],
    ['[!ab]*', ['c[1]', 'd']],
    ['[a-c]', ['a']],
    ['c\\[1\\]', ['c[1]']],
    ['c[[]1]', ['c[1]']],
    ['d/*.conf', ['d/x.conf', 'd/y.conf']],
    ['*/x.conf', ['d/x.conf']],
    ['nothing*', []],
    ['a', ['a']],
    ['nothing', []],
    ['[', []],
  ])('%s', async (pattern, found) => {
    for (const path of ['a', 'b.conf', 'c[1]', '.hidden', 'd/y.conf', 'd/x.conf', 'd/.z.conf']) write(path, '');
    const paths = await expandGlob(`${folder}/${pattern}`);
    expect(paths).toEqual(found.map((path) => join(folder, path)));
  });
});
