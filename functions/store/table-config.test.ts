import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { must, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { CONFIG, CONFIG_STAMP } from './keys.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

const HOUR_MS = 3_600_000;
const large = (): object => ({ hosts: Array.from({ length: 9000 }, () => randomBytes(60).toString('hex')) });
const bodiesIn = async (pk = CONFIG): Promise<string[]> => {
  const table = await site.table();
  const { items } = must(await table.query({ pk }));
  return items.map(({ sk }) => sk?.S ?? '').filter((sk) => sk !== CONFIG_STAMP.sk);
};

describe('the configuration of a service', () => {
  it('is not there until it is published, and then as it was given', async () => {
    const store = await site.open();
    expect(must(await store.configStamp())).toBeUndefined();
    expect(must(await store.config())).toBeUndefined();
    expect(must(await store.putConfig({ hosts: ['db-1', '__proto__', '\ud800'] }))).toBe('published');
    const stamp = must(await store.configStamp());
    expect(must(await store.config())).toEqual({ ...stamp, config: { hosts: ['db-1', '__proto__', '\ud800'] } });
  });

  it('that is the same is not written again, but said to have been looked at', async () => {
    let now = Date.now();
    const store = await site.open({ nowMs: () => now });
    must(await store.putConfig({ a: 1 }));
    const before = must(await store.configStamp());
    now += 60_000;
    expect(must(await store.putConfig({ a: 1 }))).toBe('unchanged');
    expect(must(await store.configStamp())).toEqual({ hash: before?.hash, checkedAtMs: now });
    expect(await bodiesIn()).toHaveLength(1);
  });

  it('that is larger than an item is kept whole, and an old one with its parts goes when nobody can be reading it', async () => {
    let now = Date.now();
    const store = await site.open({ nowMs: () => now });
    const [first, second, third] = [large(), large(), large()];
    must(await store.putConfig(first));
    expect(must(await store.config())?.config).toEqual(first);
    const [firstBody = ''] = await bodiesIn();
    const partsOfFirst = () => bodiesIn(`part#${firstBody}#${CONFIG}`);
    expect((await partsOfFirst()).length).toBeGreaterThan(1);

    now += 60_000;
    must(await store.putConfig(second));
    expect(await bodiesIn()).toHaveLength(2);
    expect(must(await store.config())?.config).toEqual(second);

    now += HOUR_MS;
    must(await store.putConfig(third));
    expect(must(await store.config())?.config).toEqual(third);
    expect(await bodiesIn()).not.toContain(firstBody);
    expect(await partsOfFirst()).toEqual([]);
  });

  it('is there for whoever has just seen its stamp, however long it had counted before it was replaced', async () => {
    let now = Date.now();
    const [writer, reader] = [await site.open({ nowMs: () => now }), await site.open()];
    must(await writer.putConfig(large()));
    const [body = ''] = await bodiesIn();
    now += 24 * HOUR_MS;
    must(await writer.putConfig({ n: 2 }));
    expect(await bodiesIn()).toContain(body);
    expect(await bodiesIn(`part#${body}#${CONFIG}`)).not.toEqual([]);
    now += 24 * HOUR_MS;
    must(await writer.putConfig({ n: 3 }));
    expect(await bodiesIn()).not.toContain(body);
    expect(must(await reader.config())?.config).toEqual({ n: 3 });
  });

  it('of several that publish at the same time is one of theirs, whole', async () => {
    const stores = [await site.open(), await site.open()];
    const configs = Array.from({ length: 6 }, large);
    await Promise.all(configs.map(async (config, i) => must(await stores[i % 2]?.putConfig(config))));
    const stored = must(await stores[0]?.config());
    expect(configs).toContainEqual(stored?.config);
  });

  it('is one whole whenever it is read while it changes', async () => {
    const [writer, reader] = [await site.open(), await site.open()];
    must(await writer.putConfig({ n: 0 }));
    let isWriting = true;
    const writing = (async () => {
      for (let n = 1; n <= 30; n++) must(await writer.putConfig({ n }));
      isWriting = false;
    })();
    const seen: number[] = [];
    while (isWriting) seen.push(Number(JSON.stringify(must(await reader.config())?.config).match(/\d+/)?.[0]));
    await writing;
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(must(await reader.config())?.config).toEqual({ n: 30 });
  });

  it('does not expire', async () => {
    let now = Date.now();
    const store = await site.open({ nowMs: () => now });
    must(await store.putConfig({ a: 1 }));
    now += 10 * 365 * 24 * HOUR_MS;
    expect(must(await store.config())?.config).toEqual({ a: 1 });
  });

  it('that cannot be read says so, and what to do', async () => {
    const store = await site.open();
    const table = await site.table();
    must(await store.putConfig({ a: 1 }));
    const [sk = ''] = await bodiesIn();
    const item = must(await table.get({ pk: CONFIG, sk }));
    must(await table.put({ ...item, body: { B: Buffer.from('rubbish') } }));
    expect(await store.config()).toMatchObject({ kind: 'corrupt', mend: expect.stringContaining('stamp') });
    must(await table.removeAll([{ pk: CONFIG, sk }]));
    expect(await store.config()).toMatchObject({ kind: 'corrupt', message: expect.stringContaining('missing') });
    must(await table.removeAll([CONFIG_STAMP]));
    expect(must(await store.putConfig({ a: 1 }))).toBe('published');
    expect(must(await store.config())?.config).toEqual({ a: 1 });
  });

  it('that no store takes is refused, and the one before stays', async () => {
    const store = await site.open();
    must(await store.putConfig({ a: 1 }));
    expect(await store.putConfig({ text: 'x'.repeat(33 * 1024 * 1024) })).toMatchObject({ kind: 'too-large' });
    expect(must(await store.config())?.config).toEqual({ a: 1 });
  });
});
