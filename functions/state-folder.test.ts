import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../test/needs.ts';
import { runApart } from '../test/store/run-apart.ts';
import { openStateFolder, StateFolderProblem } from './state-folder.ts';

const asRoot = needs('root');

const UID_MAP = '/proc/self/uid_map';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'whodisk-state-')));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('the state folder', () => {
  it('is made private, whatever the umask, and opened again', () => {
    const before = process.umask(0);
    try {
      const folder = path.join(base, 'state', 'whodisk');
      expect(openStateFolder(folder)).toEqual({ path: folder });
      expect(mode(folder)).toBe('700');
      expect(openStateFolder(folder)).toEqual({ path: folder });
    } finally {
      process.umask(before);
    }
  });

  it('is refused where others may enter it, and chmod is named', () => {
    const folder = path.join(base, "it's");
    mkdirSync(folder);
    chmodSync(folder, 0o750);
    const refused = openStateFolder(folder);
    expect(refused).toBeInstanceOf(StateFolderProblem);
    expect(refused).toMatchObject({
      message: expect.stringContaining('750'),
      mend: expect.stringContaining('chmod 700'),
    });
    chmodSync(folder, 0o700);
    expect(openStateFolder(folder)).toEqual({ path: folder });
  });

  it('is refused where it could be exchanged from above, but not below a sticky folder', () => {
    const open = path.join(base, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(openStateFolder(path.join(open, 'whodisk'))).toMatchObject({ message: expect.stringContaining(open) });
    chmodSync(open, 0o1777);
    expect(openStateFolder(path.join(open, 'whodisk'))).toEqual({ path: path.join(open, 'whodisk') });
  });

  it('may be a symbolic link to a private folder of ours, which is used by its real path', () => {
    mkdirSync(path.join(base, 'real'), { mode: 0o700 });
    symlinkSync('real', path.join(base, 'link'));
    expect(openStateFolder(path.join(base, 'link'))).toEqual({ path: path.join(base, 'real') });
    mkdirSync(path.join(base, 'public'), { mode: 0o755 });
    symlinkSync('public', path.join(base, 'other'));
    expect(openStateFolder(path.join(base, 'other'))).toBeInstanceOf(StateFolderProblem);
    symlinkSync('nowhere/at/all', path.join(base, 'dangling'));
    expect(openStateFolder(path.join(base, 'dangling'))).toBeInstanceOf(StateFolderProblem);
  });

  it('is refused where a file is in its place', () => {
    writeFileSync(path.join(base, 'file'), '');
    expect(openStateFolder(path.join(base, 'file'))).toBeInstanceOf(StateFolderProblem);
    expect(openStateFolder(path.join(base, 'file', 'below'))).toBeInstanceOf(StateFolderProblem);
    expect(lstatSync(path.join(base, 'file')).isFile()).toBe(true);
  });

  it.skipIf(!existsSync('/proc/self'))('is refused where nothing can be made, at once', async () => {
    const { said, status } = await runApart(
      `import { openStateFolder } from './functions/state-folder.ts';
       for (const folder of ['/proc/nope', '/proc/nope/below/it']) console.log(JSON.stringify(openStateFolder(folder)));`,
      { timeoutMs: 10_000 },
    );
    expect(status).toBe(0);
    expect(said.trim().split('\n')).toEqual([
      expect.stringMatching(/the state folder \/proc\/nope cannot be made or read: .*--state DIR/),
      expect.stringMatching(/the state folder \/proc\/nope\/below\/it cannot be made or read: .*--state DIR/),
    ]);
  });

  it.skipIf(asRoot.skip)('is not made where somebody else could exchange it: nothing is left behind', () => {
    const home = path.join(base, 'home');
    mkdirSync(path.join(home, '.local'), { recursive: true });
    chownSync(path.join(home, '.local'), 12_345, 12_345);
    expect(openStateFolder(path.join(home, '.local', 'state', 'whodisk'))).toMatchObject({
      message: expect.stringMatching(/\.local, above the state folder, belongs to user 12345/u),
      mend: expect.stringMatching(/^set HOME .*--state DIR$/u),
    });
    expect(readdirSync(path.join(home, '.local'))).toEqual([]);
    const open = path.join(base, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(openStateFolder(path.join(open, 'a', 'b'))).toMatchObject({ mend: expect.stringContaining('chmod o-w') });
    expect(readdirSync(open)).toEqual([]);
  });

  it.skipIf(asRoot.skip)('is refused below what a group may write that is not its user alone', () => {
    const shared = path.join(base, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o775);
    expect(openStateFolder(path.join(shared, 'own'))).toEqual({ path: path.join(shared, 'own') });
    chownSync(shared, 0, 12_345);
    for (const name of ['own', 'new']) {
      expect(openStateFolder(path.join(shared, name))).toMatchObject({ mend: expect.stringContaining('chmod g-w') });
    }
    chmodSync(shared, 0o1775);
    expect(openStateFolder(path.join(shared, 'own'))).toEqual({ path: path.join(shared, 'own') });
  });

  const isIdentity = existsSync(UID_MAP) && /^\s*0\s+0\s+4294967295\s*$/u.test(readFileSync(UID_MAP, 'utf8'));
  it.skipIf(asRoot.skip || !isIdentity)("is refused below nobody's folder, outside of a user namespace", () => {
    const theirs = path.join(base, 'nobody');
    mkdirSync(theirs, { mode: 0o755 });
    chownSync(theirs, 65_534, 65_534);
    expect(openStateFolder(path.join(theirs, 'own'))).toMatchObject({ message: expect.stringContaining('65534') });
  });

  it.skipIf(asRoot.skip)('is refused where it belongs to somebody else', () => {
    const folder = path.join(base, 'theirs');
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 12_345, 12_345);
    expect(openStateFolder(folder)).toMatchObject({ message: expect.stringContaining('12345') });
    expect(openStateFolder(path.join(folder, 'below'))).toMatchObject({ message: expect.stringContaining(folder) });
  });
});
