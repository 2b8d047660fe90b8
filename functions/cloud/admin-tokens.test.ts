import { expect, test } from 'vitest';
import { createAuthenticate } from '../auth/authenticate.ts';
import { newToken } from '../auth/token.ts';
import { StoreProblem } from '../store/problem.ts';
import { adminTokensOf } from './admin-tokens.ts';
import type { SecretText } from './secret-reader.ts';

const [old, fresh] = [newToken(), newToken()];
const EMPTY = { tokenOf: async () => undefined };

function site(first: SecretText) {
  let said = first;
  const adminTokens = adminTokensOf({ name: 'whodisk/api', read: async () => said });
  const authenticate = createAuthenticate({ store: EMPTY, adminTokens });
  return {
    authenticate: (token: string) => authenticate(`Bearer ${token}`),
    put: (next: SecretText) => {
      said = next;
    },
  };
}

const ADMIN = { kind: 'known', holder: { scope: 'admin' } };

test('the token of the secret is an admin, and while it is replaced both count', async () => {
  const { authenticate, put } = site({ text: `${old}\n` });
  expect(await authenticate(old)).toMatchObject(ADMIN);
  expect(await authenticate(fresh)).toMatchObject({ kind: 'bad-token' });
  put({ text: `${old}\r\n${fresh}\n` });
  expect([await authenticate(old), await authenticate(fresh)]).toMatchObject([ADMIN, ADMIN]);
  put({ text: fresh });
  expect(await authenticate(old)).toMatchObject({ kind: 'bad-token' });
});

test('while the secret cannot be read nobody is told that their token is bad', async () => {
  const { authenticate } = site({ problem: 'The secret whodisk/api is refused.' });
  const answer = await authenticate(old);
  expect(answer).toBeInstanceOf(StoreProblem);
  expect(answer).toMatchObject({ message: 'The secret whodisk/api is refused.' });
});

test('a word that is no token of whodisk lets nobody in', async () => {
  const { authenticate } = site({ text: 'changeme' });
  expect(await authenticate('changeme')).toMatchObject({ kind: 'bad-token' });
  const mixed = site({ text: `changeme\n${old}` });
  expect(await mixed.authenticate(old)).toMatchObject(ADMIN);
  expect(JSON.stringify(await mixed.authenticate(fresh))).not.toContain('changeme');
});
