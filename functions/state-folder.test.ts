import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateFolder, StateFolderProblem } from './state-folder.ts';

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

  it.skipIf(process.getuid?.() !== 0)('is refused where it belongs to somebody else', () => {
    const folder = path.join(base, 'theirs');
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 12_345, 12_345);
    expect(openStateFolder(folder)).toMatchObject({ message: expect.stringContaining('12345') });
    expect(openStateFolder(path.join(folder, 'below'))).toMatchObject({ message: expect.stringContaining(folder) });
  });
});
