import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { type Authenticate, createAuthenticate } from './authenticate.ts';
import { issueToken } from './issue-token.ts';
import { holdsScope, SCOPES } from './scope.ts';
import { isToken, newToken, tokenHash } from './token.ts';

let site: StoreSite;
let store: Store;
let authenticate: Authenticate;
const fileToken = newToken();
const issued = issueToken({ id: '01JDF3W5Q00000000000000001', name: 'ci', scope: 'run', nowMs: 0 });
beforeAll(async () => {
  site = storeSite();
  store = await site.open();
  must(await store.addToken(issued.stored));
  authenticate = createAuthenticate({ store, fileToken });
});
afterAll(() => site?.end());

describe('a token', () => {
  it('is whodisk_ and 32 random bytes, and only its hash is stored', async () => {
    expect(issued.token).toMatch(/^whodisk_[A-Za-z0-9_-]{43}$/);
    expect(newToken()).not.toBe(newToken());
    expect(JSON.stringify(must(await store.tokens()))).not.toContain(issued.token.slice(8));
    expect(must(await store.tokens())[0]).toMatchObject({
      hash: tokenHash(issued.token),
      createdAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it.each([
    '',
    'whodisk_',
    `whodisk_${'A'.repeat(42)}`,
    `whodisk_${'A'.repeat(44)}`,
    `whodisk_${'A'.repeat(42)}B`,
    `Whodisk_${'A'.repeat(43)}`,
    `whodisk_${'A'.repeat(42)}\n`,
  ])('is not %j', (text) => {
    expect(isToken(text)).toBe(false);
  });
});

describe('whoever asks', () => {
  it.each(['Bearer', 'bearer', 'BEARER'])('is known by the token in %s', async (scheme) => {
    const holder = { id: '01JDF3W5Q00000000000000001', name: 'ci', scope: 'run' };
    expect(await authenticate(`${scheme} ${issued.token}`)).toEqual({ kind: 'known', holder });
  });

  it('is an admin with the token of the file, which needs no store', async () => {
    const broken = createAuthenticate({ store: { tokenOf: () => Promise.reject(new Error('asked')) }, fileToken });
    expect(await broken(`Bearer ${fileToken}`)).toMatchObject({ kind: 'known', holder: { scope: 'admin' } });
  });

  it.each([undefined, '', '  '])('has no token with %j', async (header) => {
    expect(await authenticate(header)).toEqual({ kind: 'no-token' });
  });

  it.each([
    ['Basic YTpi'],
    ['Bearer'],
    ['Bearer x'],
    [`Bearer ${newToken()}`],
    [`Bearer ${issued.token}A`],
    [`Bearer ${issued.token} ${issued.token}`],
    [`Bearer ${'x'.repeat(100_000)}`],
    [issued.token],
  ])('has none that is good with %s', async (header) => {
    const found = await authenticate(header);
    expect(found).toMatchObject({ kind: 'bad-token' });
    expect(JSON.stringify(found)).not.toContain(issued.token);
  });

  it('is unknown from the moment in which the token is revoked', async () => {
    const other = issueToken({ id: '01JDF3W5Q00000000000000002', name: 'old', scope: 'read', nowMs: 0 });
    must(await store.addToken(other.stored));
    expect(await authenticate(`Bearer ${other.token}`)).toMatchObject({ kind: 'known' });
    must(await store.revokeToken(other.stored.hash, '2026-11-28T00:00:00.000Z'));
    expect(await authenticate(`Bearer ${other.token}`)).toMatchObject({
      kind: 'bad-token',
      message: expect.stringContaining('revoked'),
    });
  });

  it('is told that the store failed, and not that the token is bad', async () => {
    const problem = new StoreProblem('busy', 'no answer', 'wait');
    const failing = createAuthenticate({ store: { tokenOf: async () => problem } });
    expect(await failing(`Bearer ${issued.token}`)).toBe(problem);
  });
});

it('each scope holds those before it', () => {
  const held = SCOPES.map((scope) => SCOPES.filter((needed) => holdsScope(scope, needed)));
  expect(held).toEqual([['read'], ['read', 'run'], ['read', 'run', 'admin']]);
});
