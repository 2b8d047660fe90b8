import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { healthyHost, reportOf } from '../../test/findings.ts';
import { must, nextSweepId, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { removeExpired } from './expire.ts';
import { AUDIT, CLAIMS, JOB_BODIES, JOBS, markKey, rowKey, TOKENS } from './keys.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

const DAY_MS = 86_400_000;
let site: StoreSite;
let now: number;
beforeEach(() => {
  site = storeSite();
  now = Date.now();
});
afterEach(() => site.end());

const nowMs = (): number => now;
const plenty = () => ({ items: 100_000, untilMs: now + 60_000 });

async function left(table: Table): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const pk of [JOBS, JOB_BODIES, AUDIT, TOKENS, ...CLAIMS]) {
    const { length } = must(await table.query({ pk })).items;
    const name = pk.replace(/#.*/, '');
    if (length > 0) counts[name] = (counts[name] ?? 0) + length;
  }
  return counts;
}

const at = '2025-11-28T15:00:00.000Z';
async function addOfEach(store: Store): Promise<string> {
  const id = nextSweepId();
  const large = Array.from({ length: 8000 }, () => randomBytes(60).toString('hex'));
  must(await store.openJob(id, large));
  const closed = nextSweepId();
  must(await store.openJob(closed, []));
  must(await store.closeJob(closed));
  for (let i = 0; i < 40; i++) must(await store.claim(`turn#db-${i}`, id, now + 60_000));
  must(await store.addAudit({ event: 'ended', at, sweepId: id, status: 'complete', swept: 1, notSwept: 0 }));
  must(await store.addToken({ id, name: 'ci', scope: 'read', hash: id, createdAt: at }));
  return id;
}

describe('what has expired of a service', () => {
  it('is removed in the end, also where one call has not the time to look through all claims', async () => {
    const store = await site.open({ nowMs });
    const table = await site.table();
    for (let i = 0; i < 40; i++) must(await store.claim(`turn#db-${i}`, 'me', now + 60_000));
    const { sweep } = reportOf([], { id: nextSweepId() });
    must(await store.beginSweep(sweep, now));
    now += 400 * DAY_MS;
    for (let i = 0; i < 400; i++) must(await store.claim(`told#${i}`, 'me', now + 40 * DAY_MS));
    const slowly = (): number => (now += 100);
    const place = { partition: 0 };
    let calls = 0;
    while ((await removeExpired(table, slowly, { items: 1000, untilMs: now + 1000 }, place)) !== 'all') {
      expect(++calls).toBeLessThan(50);
    }
    expect(await left(table)).toEqual({ claims: 400 });
    expect(must(await table.query({ pk: 'sweeps' })).items).toEqual([]);
  });

  it('is removed, each kind in its time, and what has not is left', async () => {
    const store = await site.open({ nowMs });
    const table = await site.table();
    const id = await addOfEach(store);
    const all = { jobs: 1, 'job-bodies': 2, audit: 1, tokens: 1, claims: 40 };
    expect(await left(table)).toEqual(all);
    expect(await removeExpired(table, nowMs, plenty())).toBe('all');
    expect(await left(table)).toEqual(all);

    now += DAY_MS;
    must(await store.claim('turn#db-1', 'again', now + 60_000));
    expect(await removeExpired(table, nowMs, plenty())).toBe('all');
    expect(await left(table)).toEqual({ ...all, claims: 1 });
    expect(must(await store.claim('turn#db-1', 'other', now + 60_000))).toEqual({ holder: 'again' });

    now += 8 * DAY_MS;
    expect(await removeExpired(table, nowMs, plenty())).toBe('all');
    expect(await left(table)).toEqual({ audit: 1, tokens: 1 });
    expect(must(await table.query({ pk: `part#${id}#job-bodies` })).items).toEqual([]);

    now += 365 * DAY_MS;
    expect(await removeExpired(table, nowMs, plenty())).toBe('all');
    expect(await left(table)).toEqual({ tokens: 1 });
  });

  it('is removed piece by piece, and what was left is found the next time', async () => {
    const store = await site.open({ nowMs });
    const table = await site.table();
    await addOfEach(store);
    now += 400 * DAY_MS;
    let rounds = 1;
    while ((await removeExpired(table, nowMs, { items: 2, untilMs: now + 1 })) === 'some') rounds += 1;
    expect(rounds).toBeGreaterThan(3);
    expect(await left(table)).toEqual({ tokens: 1 });
  });

  it('is removed by a service that is never closed, after its next sweep', async () => {
    const store = await site.open({ nowMs, retentionDays: 10 });
    const table = await site.table();
    const end = async (): Promise<string> => {
      const { sweep } = reportOf([healthyHost('web-1')], { id: nextSweepId() });
      must(await store.beginSweep({ ...sweep, status: 'running' }, now + 60_000));
      must(await store.putHosts(sweep.id, [healthyHost('web-1')]));
      expect(await store.closeSweep(sweep, { patterns: [], order: ['web-1'], hosts: [] })).toBe(true);
      return sweep.id;
    };
    const old = await end();
    expect(must(await table.get(markKey(old)))).toBeDefined();
    now += 11 * DAY_MS;
    const recent = await end();
    await vi.waitFor(async () => expect(must(await table.get({ pk: 'sweeps', sk: old }))).toBeUndefined(), 10_000);
    expect(must(await table.get(markKey(old)))).toBeUndefined();
    expect(must(await table.get(rowKey(old, 'web-1')))).toBeUndefined();
    expect(must(await table.get(rowKey(recent, 'web-1')))).toBeDefined();
  });
});
