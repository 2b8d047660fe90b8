import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/hostile-text.ts';
import { must, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { runApart } from '../../test/store/run-apart.ts';
import { claimKey } from './keys.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

describe('a claim', () => {
  it('goes to one of fifty who come at once, and after its time to one of fifty again', async () => {
    let now = 1_700_000_000_000;
    const stores = await Promise.all(Array.from({ length: 5 }, () => site.open({ nowMs: () => now })));
    const round = async (): Promise<Set<string>> => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => stores[i % 5]?.claim('turn#db-1', `caller ${i}`, now + 1000)),
      );
      const holders = answers.map((answer) => (answer ? must(answer).holder : ''));
      const winners = holders.filter((holder, i) => holder === `caller ${i}`);
      expect(winners).toHaveLength(1);
      return new Set(holders);
    };
    expect((await round()).size).toBe(1);
    now += 999;
    expect(must(await stores[0]?.claim('turn#db-1', 'late', now + 1000))).not.toEqual({ holder: 'late' });
    now += 1;
    expect((await round()).size).toBe(1);
  });

  it('is one for all that have opened the folder', async () => {
    const [first, second] = [await site.open(), await site.open()];
    const soon = Date.now() + 60_000;
    expect(must(await first.claim('a', 'first', soon))).toEqual({ holder: 'first' });
    expect(must(await second.claim('a', 'second', soon))).toEqual({ holder: 'first' });
    must(await first.release('a', 'first'));
    expect(must(await second.claim('a', 'second', soon))).toEqual({ holder: 'second' });
  });

  it('that another process has is seen by this one, and goes on when that is killed', async () => {
    const store = await site.open();
    const soon = Date.now() + 60_000;
    must(await store.claim('ours', 'here', soon));
    const { said } = await runApart(`
      import { openStore } from './functions/store/open.ts';
      const where = { kind: 'embedded' as const, folder: ${JSON.stringify(site.folder)} };
      const store = await openStore(where, { retentionDays: 1, nowMs: Date.now });
      if (!('claim' in store)) throw new Error(store.message);
      console.log(JSON.stringify([await store.claim('ours', 'there', ${soon}), await store.claim('theirs', 'there', ${soon})]));
      process.kill(process.pid, 'SIGKILL');
    `);
    expect(JSON.parse(said)).toEqual([{ holder: 'here' }, { holder: 'there' }]);
    expect(must(await store.claim('theirs', 'here', soon))).toEqual({ holder: 'there' });
  });

  it('may be taken again by who has it, for longer and for less', async () => {
    let now = 1_700_000_000_000;
    const store = await site.open({ nowMs: () => now });
    for (const ms of [1000, 5000]) {
      expect(must(await store.claim('a', 'me', now + ms))).toEqual({ holder: 'me' });
    }
    now += 2000;
    expect(must(await store.claim('a', 'other', now + 1000))).toEqual({ holder: 'me' });
    must(await store.claim('a', 'me', now + 10));
    now += 10;
    expect(must(await store.claim('a', 'other', now + 1000))).toEqual({ holder: 'other' });
  });

  it('is told to whoever only asks, who takes nothing by it', async () => {
    let now = 1_700_000_000_000;
    const store = await site.open({ nowMs: () => now });
    expect(must(await store.claimed('a'))).toBeUndefined();
    expect(must(await store.claim('a', 'me', now + 1000))).toEqual({ holder: 'me' });
    expect(must(await store.claimed('a'))).toBe('me');
    now += 1000;
    expect(must(await store.claimed('a'))).toBeUndefined();
    expect(must(await store.claim('a', 'other', now + 1000))).toEqual({ holder: 'other' });
  });

  it('is not given back by a stranger', async () => {
    const store = await site.open();
    const soon = Date.now() + 60_000;
    must(await store.claim('a', 'me', soon));
    must(await store.release('a', 'stranger'));
    must(await store.release('never taken', 'me'));
    expect(must(await store.claim('a', 'stranger', soon))).toEqual({ holder: 'me' });
  });

  it('has a name and a holder of any text, none of which is another', async () => {
    const store = await site.open();
    const soon = Date.now() + 60_000;
    const long = 'x'.repeat(10_240);
    const names = [...HOSTILE_TEXTS, '', '#', 'a#b', 'a', '__proto__', '\ud800', '\udc00', '\ufffd', long, `${long}y`];
    const unique = [...new Set(names)];
    for (const name of unique) {
      expect(must(await store.claim(name, name, soon)), JSON.stringify(name.slice(0, 40))).toEqual({ holder: name });
    }
    for (const name of unique) expect(must(await store.claim(name, 'other', soon))).toEqual({ holder: name });
  });

  it('is free where what stands there cannot be read as one that lasts', async () => {
    const store = await site.open();
    const table = await site.table();
    const { pk, sk } = claimKey('a');
    const item = { pk: { S: pk }, sk: { S: sk }, expiresAt: { N: '99999999999' } };
    must(await table.put({ ...item, holder: { S: '{' }, untilMs: { N: '1' } }));
    expect(must(await store.claim('a', 'me', Date.now() + 1000))).toEqual({ holder: 'me' });
    must(await table.put({ ...item, holder: { S: '{' }, untilMs: { N: '99999999999999' } }));
    expect(must(await store.claim('a', 'me', Date.now() + 1000))).toEqual({ holder: '{' });
  });
});
