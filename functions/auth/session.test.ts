import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { createAuthenticate } from './authenticate.ts';
import { issueToken } from './issue-token.ts';
import { createSessions, SESSION_MS, type Sessions } from './session.ts';
import { newToken, tokenHash } from './token.ts';

let site: StoreSite;
let store: Store;
let sessions: Sessions;
let nowMs = 1_000_000;
const fileToken = newToken();
const issued = issueToken({ id: '01JDF3W5Q00000000000000001', name: 'ci', scope: 'run', nowMs: 0 });
beforeAll(async () => {
  site = storeSite();
  store = await site.open({ nowMs: () => nowMs });
  must(await store.addToken(issued.stored));
  sessions = createSessions({ store, fileToken, nowMs: () => nowMs });
});
afterAll(() => site?.end());

async function begun(token: string): Promise<string> {
  const answer = must(await sessions.begin(token));
  if (answer.kind !== 'signed-in') throw new Error(answer.message);
  return answer.secret;
}

describe('a session', () => {
  it('is whose token it was begun with, for any process on the same store', async () => {
    const secret = await begun(` ${issued.token}\n`);
    const other = createSessions({ store, nowMs: () => nowMs });
    expect(await other.holder(secret)).toEqual({ id: issued.stored.id, name: 'ci', scope: 'run' });
    expect(await sessions.holder(await begun(fileToken))).toMatchObject({ id: 'token-file', scope: 'admin' });
  });

  it('has a secret of its own, which is no token, and in the store there is neither', async () => {
    const [one, two] = [await begun(issued.token), await begun(issued.token)];
    expect(one).not.toBe(two);
    const authenticate = createAuthenticate({ store, fileToken });
    expect(await authenticate(`Bearer ${one}`)).toMatchObject({ kind: 'bad-token' });
    const table = await site.table();
    const claims = await Promise.all([...'0123456789abcdef'].map((digit) => table.query({ pk: `claims#${digit}` })));
    const stored = JSON.stringify(claims.map((page) => must(page)));
    expect(stored).toContain('session#');
    for (const secret of [one, two, issued.token]) expect(stored).not.toContain(secret);
  });

  it('is of nobody once the token file has another token', async () => {
    const secret = await begun(fileToken);
    const restarted = createSessions({ store, fileToken: newToken(), nowMs: () => nowMs });
    expect(await restarted.holder(secret)).toBeUndefined();
  });

  it('is of nobody once the secret of the admins has another token', async () => {
    let admin = newToken();
    const cloud = createSessions({ store, adminTokens: async () => ({ tokens: [admin] }), nowMs: () => nowMs });
    const signedIn = must(await cloud.begin(admin));
    const secret = signedIn.kind === 'signed-in' ? signedIn.secret : '';
    expect(await cloud.holder(secret)).toEqual({ id: 'token-secret', name: 'secret', scope: 'admin' });
    admin = newToken();
    expect(await cloud.holder(secret)).toBeUndefined();
  });

  it('ends for everybody who has its secret, and another one does not', async () => {
    const [one, two] = [await begun(issued.token), await begun(issued.token)];
    expect(await sessions.end(one)).toBeUndefined();
    expect(await sessions.end(one)).toBeUndefined();
    expect(await sessions.holder(one)).toBeUndefined();
    expect(await sessions.holder(two)).toMatchObject({ name: 'ci' });
  });

  it('ends when its time is over, however much it is used', async () => {
    const secret = await begun(issued.token);
    nowMs += SESSION_MS - 1;
    expect(await sessions.holder(secret)).toMatchObject({ name: 'ci' });
    nowMs += 1;
    expect(await sessions.holder(secret)).toBeUndefined();
  });

  it('is begun with no text that is no token, and the store is not asked for it', async () => {
    const broken = createSessions({
      store: {
        tokenOf: () => Promise.reject(new Error('asked')),
        claim: () => Promise.reject(new Error('asked')),
        claimed: () => Promise.reject(new Error('asked')),
        release: () => Promise.reject(new Error('asked')),
      },
      nowMs: () => nowMs,
    });
    expect(await broken.begin('hunter2')).toMatchObject({ kind: 'bad-token' });
    for (const secret of ['', 'hunter2', 'é'.repeat(43)]) {
      expect(await broken.holder(secret)).toBeUndefined();
      expect(await broken.end(secret)).toBeUndefined();
    }
  });

  it('that nobody has begun is looked for and leaves nothing in the store, however often', async () => {
    const table = await site.table();
    const kept = async (): Promise<number> => {
      const pages = [...'0123456789abcdef'].map((digit) => table.query({ pk: `claims#${digit}` }));
      return (await Promise.all(pages)).reduce((sum, page) => sum + must(page).items.length, 0);
    };
    const before = await kept();
    for (const letter of 'ABC') {
      expect(await sessions.holder(letter.repeat(43))).toBeUndefined();
      expect(await sessions.end(letter.repeat(43))).toBeUndefined();
    }
    expect(await kept()).toBe(before);
  });

  it('cannot be told where the store does not answer', async () => {
    const problem = new StoreProblem('unreachable', 'it is gone', 'look');
    const gone = createSessions({
      store: {
        tokenOf: async () => problem,
        claim: async () => problem,
        claimed: async () => problem,
        release: async () => problem,
      },
      nowMs: () => nowMs,
    });
    expect(await gone.begin(newToken())).toBe(problem);
    expect(await gone.holder('A'.repeat(43))).toBe(problem);
  });

  it('ends when its token is revoked', async () => {
    const secret = await begun(issued.token);
    must(await store.revokeToken(tokenHash(issued.token), '2026-11-28T00:00:00.000Z'));
    expect(await sessions.holder(secret)).toBeUndefined();
    expect(await sessions.begin(issued.token)).toMatchObject({ kind: 'bad-token' });
  });
});
