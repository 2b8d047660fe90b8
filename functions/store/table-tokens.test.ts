import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { must, nextSweepId, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { tokenKey } from './keys.ts';
import type { StoredToken } from './store.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

const at = '2025-11-28T15:00:00.000Z';
function token(name: string): StoredToken {
  const hash = createHash('sha256').update(name).digest('hex');
  return { id: nextSweepId(), name, scope: 'run', hash, createdAt: at };
}

describe('a token', () => {
  it('is found by its hash, and listed with the others, oldest first', async () => {
    const store = await site.open();
    const tokens = ['ci', '__proto__', '\ud800', 'x'.repeat(10_240)].map(token);
    for (const one of [...tokens].reverse()) must(await store.addToken(one));
    for (const one of tokens) expect(must(await store.tokenOf(one.hash))).toEqual(one);
    expect(must(await store.tokens())).toEqual(tokens);
  });

  it('is revoked once, stays in the list, and does not come to life again', async () => {
    const stores = [await site.open(), await site.open()];
    const [store] = stores;
    if (!store) throw new Error('no store');
    const one = token('ci');
    must(await store.addToken(one));
    const revoked = await Promise.all(Array.from({ length: 20 }, (_, i) => stores[i % 2]?.revokeToken(one.hash, at)));
    expect(revoked.filter((isOurs) => isOurs === true)).toHaveLength(1);
    expect(await store.revokeToken(one.hash, '2026-01-01T00:00:00.000Z')).toBe(false);
    must(await store.addToken(one));
    expect(must(await store.tokenOf(one.hash))).toEqual({ ...one, revokedAt: at });
    expect(must(await store.tokens())).toEqual([{ ...one, revokedAt: at }]);
  });

  it('that was never made is not there, whatever was sent in its place', async () => {
    const store = await site.open();
    for (const hash of ['0'.repeat(64), '', '#', '__proto__', '\ud800', 'x'.repeat(10_240)]) {
      expect(must(await store.tokenOf(hash))).toBeUndefined();
      expect(await store.revokeToken(hash, at)).toBe(false);
    }
    expect(must(await store.tokens())).toEqual([]);
  });

  it('does not end by itself', async () => {
    let now = Date.now();
    const store = await site.open({ nowMs: () => now, retentionDays: 1 });
    const one = token('ci');
    must(await store.addToken(one));
    now += 100 * 365 * 86_400_000;
    expect(must(await store.tokenOf(one.hash))).toEqual(one);
  });

  it('that somebody else has written opens nothing, and hides no other', async () => {
    const store = await site.open();
    const [one, other] = [token('ci'), token('other')];
    for (const each of [one, other]) must(await store.addToken(each));
    const table = await site.table();
    const item = must(await table.get(tokenKey(one.hash)));
    must(await table.put({ ...item, made: { S: '{"scope":"root"}' } }));
    expect(await store.tokenOf(one.hash)).toMatchObject({ kind: 'corrupt' });
    expect(must(await store.tokens())).toEqual([other]);
  });
});
