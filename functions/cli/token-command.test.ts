import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { main } from './main.ts';

const home = mkdtempSync(join(tmpdir(), 'whodisk-tokens-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function whodisk(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const keep = (name: 'out' | 'err'): PassThrough =>
    new PassThrough().on('data', (chunk: Buffer) => {
      said[name] += chunk.toString();
    });
  const streams = Object.assign(new EventEmitter(), {
    stdin: new PassThrough(),
    stdout: keep('out'),
    stderr: keep('err'),
    platform: 'linux',
    exit: () => {},
  });
  const status = await main(argv, { HOME: home }, streams);
  await new Promise(setImmediate);
  return { status, ...said };
}
const state = (name: string): string[] => ['--state', join(home, name)];
const made = async (name: string, where: string): Promise<string> =>
  (await whodisk('token', 'create', '--scope', 'run', '--name', name, ...state(where))).out.trim();

test('a new token is alone on stdout, and what it is called stands on stderr without it', async () => {
  const { status, out, err } = await whodisk('token', 'create', '--scope', 'admin', ...state('alone'));
  expect(status).toBe(0);
  expect(out).toMatch(/^whodisk_[\w-]{43}\n$/);
  expect(err).toContain('has the scope admin');
  expect(err).not.toContain(out.trim());
});

test('a token is revoked by name, by id in any case, or by itself; of two of one name an id is asked for', async () => {
  const token = await made('one', 'revoke');
  await made('two', 'revoke');
  await made('two', 'revoke');
  const listed = async (): Promise<{ id: string; name: string; revokedAt?: string }[]> =>
    JSON.parse((await whodisk('token', 'list', '--json', ...state('revoke'))).out).tokens;
  const [, second, third] = await listed();

  const ambiguous = await whodisk('token', 'revoke', 'two', ...state('revoke'));
  expect(ambiguous).toMatchObject({ status: 2, err: expect.stringMatching(/2 tokens are called 'two'/) });
  expect(ambiguous.err).toContain(second?.id);
  expect((await listed()).some(({ revokedAt }) => revokedAt !== undefined)).toBe(false);

  expect((await whodisk('token', 'revoke', String(second?.id.toLowerCase()), ...state('revoke'))).status).toBe(0);
  // Only one of that name is in use now.
  expect((await whodisk('token', 'revoke', 'two', ...state('revoke'))).err).toContain(third?.id);
  const itself = await whodisk('token', 'revoke', token, ...state('revoke'));
  expect(itself).toMatchObject({ status: 0, err: expect.stringContaining("the token 'one'") });
  expect(itself.err).not.toContain(token);
  expect((await listed()).every(({ revokedAt }) => revokedAt !== undefined)).toBe(true);

  const again = await whodisk('token', 'revoke', 'one', ...state('revoke'));
  expect(again).toMatchObject({ status: 0, err: expect.stringMatching(/was revoked before, at 20/) });
  const { records } = JSON.parse((await whodisk('audit', '--json', ...state('revoke'))).out);
  expect(records.filter(({ event }: { event: string }) => event === 'token-revoked')).toHaveLength(3);
});

test('what is not there is said, with what to do, and nothing is made for it', async () => {
  for (const words of [['token', 'list'], ['token', 'revoke', 'x'], ['audit']]) {
    expect(await whodisk(...words, ...state('nowhere'))).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringContaining('nothing is stored'),
    });
  }
  await made('one', 'some');
  const unknown = await whodisk('token', 'revoke', 'onne', ...state('some'));
  expect(unknown).toMatchObject({ status: 2, err: expect.stringContaining('whodisk token list') });
});
