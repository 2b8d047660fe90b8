import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../test/needs.ts';
import { isToken, newToken } from './token.ts';
import { openTokenFile, TokenFileProblem } from './token-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-token-'));
  file = join(folder, 'token');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tokenOf = async (): Promise<string> => {
  const opened = await openTokenFile(file);
  if (opened instanceof TokenFileProblem) throw new Error(opened.message);
  return opened.token;
};

describe('the token file', () => {
  it('is made once, for its owner alone, and nothing else is left', async () => {
    const token = await tokenOf();
    expect(isToken(token)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(`${token}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await tokenOf()).toBe(token);
    expect(readdirSync(folder)).toEqual(['token']);
  });

  it('is one for all that come at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, tokenOf));
    expect(new Set(tokens).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['token']);
  });

  it('may be there already, with whatever ends its line', async () => {
    const token = newToken();
    writeFileSync(file, ` ${token}\r\n\n`, { mode: 0o400 });
    expect(await tokenOf()).toBe(token);
  });

  it.each([0o604, 0o644, 0o622, 0o601])('is refused where others may do something with it: %o', async (mode) => {
    const token = newToken();
    writeFileSync(file, token);
    chmodSync(file, mode);
    const problem = await openTokenFile(file);
    expect(problem).toMatchObject({
      message: expect.stringContaining(mode.toString(8)),
      mend: expect.stringContaining('rm '),
    });
    expect(JSON.stringify(problem)).not.toContain(token);
  });

  it.each(['', 'hunter2', 'x'.repeat(100_000), `${newToken()}\n${newToken()}`])(
    'is refused where it holds no token',
    async (text) => {
      writeFileSync(file, text, { mode: 0o600 });
      const problem = await openTokenFile(file);
      expect(problem).toMatchObject({ message: expect.stringContaining('holds no token') });
      expect(JSON.stringify(problem)).not.toContain('hunter2');
    },
  );

  it('is refused where it is a folder, a pipe, or in no folder', async () => {
    mkdirSync(file);
    expect(await openTokenFile(file)).toMatchObject({ message: expect.stringContaining('is not a file') });
    rmSync(file, { recursive: true });
    execFileSync('mkfifo', ['-m', '600', file]);
    expect(await openTokenFile(file)).toMatchObject({ message: expect.stringContaining('is not a file') });
    expect(await openTokenFile(join(folder, 'none', 'token'))).toMatchObject({
      message: expect.stringContaining('no folder'),
    });
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    expect(await openTokenFile(join(folder, 'link'))).toBeInstanceOf(TokenFileProblem);
  });
});

const need = needs('root');
describe.skipIf(need.skip)('a token file', () => {
  it('of somebody else is refused', async () => {
    writeFileSync(file, newToken(), { mode: 0o600 });
    chownSync(file, 12_345, 0);
    expect(await openTokenFile(file)).toMatchObject({ message: expect.stringContaining('belongs to user 12345') });
  });

  it.each([0o640, 0o620, 0o610])('that a group may do something with is refused: %o', async (mode) => {
    writeFileSync(file, newToken());
    chownSync(file, 0, 12_345);
    chmodSync(file, mode);
    expect(await openTokenFile(file)).toMatchObject({ message: expect.stringContaining('open to others') });
  });
});
