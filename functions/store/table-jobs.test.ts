import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { must, nextSweepId, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { jobBodyKey, jobKey, partKey } from './keys.ts';
import type { Store } from './store.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

const JOB = { names: ['db-1', '\ud800', '__proto__'], nested: { deadlineSeconds: 30 } };

async function opened(store: Store, job: unknown = JOB): Promise<string> {
  const id = nextSweepId();
  must(await store.openJob(id, job));
  return id;
}

describe('a job', () => {
  it('is there as it was given until it is closed, and listed with the others, oldest first', async () => {
    const store = await site.open();
    const [first, second, third] = [await opened(store), await opened(store), await opened(store)];
    expect(must(await store.openJobs())).toEqual([first, second, third]);
    expect(must(await store.job(second))).toEqual({
      id: second,
      job: JOB,
      doneShards: new Set(),
      progress: new Map(),
      isCancelled: false,
    });
    expect(must(await store.jobState(second))).toEqual({ isCancelled: false });
    must(await store.closeJob(second));
    must(await store.closeJob(second));
    expect(must(await store.job(second))).toBeUndefined();
    expect(must(await store.jobState(second))).toBeUndefined();
    expect(must(await store.openJobs())).toEqual([first, third]);
  });

  it('of ten thousand hosts is kept whole, and one that needs several items too', async () => {
    const store = await site.open();
    const names = Array.from({ length: 10_000 }, (_, i) => `host-${i}.rack-${i % 40}.example.net`);
    const id = await opened(store, { names });
    expect(must(await store.job(id))?.job).toEqual({ names });

    const large = Array.from({ length: 10_000 }, () => randomBytes(60).toString('hex'));
    const second = await opened(store, { names: large });
    expect(must(await store.job(second))?.job).toEqual({ names: large });
    const part = partKey(jobBodyKey(second), 0);
    const table = await site.table();
    expect(must(await table.get(part))).toBeDefined();
    must(await store.closeJob(second));
    expect(must(await table.get(part))).toBeUndefined();
  });

  it('stays as it was first said, and what is done of it stays done', async () => {
    const store = await site.open();
    const id = await opened(store);
    must(await store.shardDone(id, 1));
    must(await store.openJob(id, { names: [] }));
    expect(must(await store.job(id))).toMatchObject({ job: JOB, doneShards: new Set([1]) });
  });

  it('counts each shard once, whoever says how often and at the same time that it is done', async () => {
    const stores = [await site.open(), await site.open()];
    const [store] = stores;
    if (!store) throw new Error('no store');
    const id = await opened(store);
    const shards = Array.from({ length: 50 }, (_, i) => i % 25);
    const counts = await Promise.all(shards.map((shard, i) => stores[i % 2]?.shardDone(id, shard)));
    expect(Math.max(...counts.map(Number))).toBe(25);
    expect(counts.filter((count) => count === 25).length).toBeGreaterThan(0);
    expect(must(await store.shardDone(id, 3))).toBe(25);
    expect(must(await store.job(id))?.doneShards).toEqual(new Set(shards.slice(0, 25)));
  });

  it('knows of each shard how far it is, as it was last said', async () => {
    const store = await site.open();
    const id = await opened(store);
    must(await store.shardProgress(id, 0, { done: 10, notSwept: 1 }));
    must(await store.shardProgress(id, 12, { done: 5, notSwept: 0 }));
    must(await store.shardProgress(id, 0, { done: 200, notSwept: 7 }));
    expect(must(await store.job(id))?.progress).toEqual(
      new Map([
        [0, { done: 200, notSwept: 7 }],
        [12, { done: 5, notSwept: 0 }],
      ]),
    );
  });

  it('is cancelled once and for all', async () => {
    const store = await site.open();
    const id = await opened(store);
    expect(await store.cancelJob(id)).toBe(true);
    expect(await store.cancelJob(id)).toBe(true);
    expect(must(await store.job(id))?.isCancelled).toBe(true);
    expect(must(await store.jobState(id))).toEqual({ isCancelled: true });
    expect(await store.cancelJob(nextSweepId())).toBe(false);
  });

  it('that is closed is not there for whoever comes late, and is not made again', async () => {
    const store = await site.open();
    const table = await site.table();
    const id = await opened(store);
    must(await store.closeJob(id));
    expect(await store.shardDone(id, 0)).toBe(0);
    must(await store.shardProgress(id, 0, { done: 1, notSwept: 0 }));
    expect(await store.cancelJob(id)).toBe(false);
    must(await store.openJob(id, JOB));
    expect(must(await store.openJobs())).toEqual([]);
    expect(must(await store.job(id))).toBeUndefined();
    expect(must(await table.get(jobKey(id)))).toBeUndefined();
  });

  it('that was never opened is not there, and closing it leaves nothing behind', async () => {
    const store = await site.open();
    const id = nextSweepId();
    must(await store.closeJob(id));
    expect(must(await store.job(id))).toBeUndefined();
    must(await store.openJob(id, JOB));
    expect(must(await store.job(id))?.job).toEqual(JOB);
  });

  it('is gone a week after it was opened', async () => {
    let now = Date.now();
    const store = await site.open({ nowMs: () => now });
    const id = await opened(store);
    now += 7 * 86_400_000 - 2000;
    expect(must(await store.openJobs())).toEqual([id]);
    now += 4000;
    expect(must(await store.openJobs())).toEqual([]);
    expect(must(await store.job(id))).toBeUndefined();
  });

  it('that cannot be read says so', async () => {
    const store = await site.open();
    const table = await site.table();
    const id = await opened(store);
    const item = must(await table.get(jobBodyKey(id)));
    must(await table.put({ ...item, body: { B: Buffer.from('rubbish') } }));
    expect(await store.job(id)).toMatchObject({ kind: 'corrupt', message: expect.stringContaining(id) });
    expect(must(await store.openJobs())).toEqual([id]);
  });

  it.each(['', '#', '__proto__', '\ud800', 'x'.repeat(10_240)])('under the id %j is none', async (id) => {
    const store = await site.open();
    expect(must(await store.job(id))).toBeUndefined();
    expect(await store.shardDone(id, 0)).toBe(0);
    expect(await store.cancelJob(id)).toBe(false);
    expect(must(await store.closeJob(id))).toBeUndefined();
  });
});
