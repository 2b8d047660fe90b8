import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { compareWorstFirst } from '../../runner/triage/rank.ts';
import { rankingRowOf } from '../../runner/triage/ranking-row.ts';
import { healthyHost, refused, reportOf, saturatedHost } from '../../test/findings.ts';
import { must, nextSweepId, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { pack } from './body.ts';
import { markKey, partKey, rowKey, sweepItemKey } from './keys.ts';
import type { Store } from './store.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

const MESSAGE = 'the worker that was to visit it was lost';
const lost = (host: string, message = MESSAGE): VisitedHost => ({
  ...refused(host),
  failure: { phase: 'deadline', kind: 'lost', message },
  summary: message,
  cost: { bytesReceived: 0, clientMs: 0 },
});

/** A sweep that is under way, with three hosts stored. */
async function running(store: Store) {
  const hosts = [saturatedHost('db-1'), healthyHost('web-1'), refused('gone-1')];
  const { sweep, patterns } = reportOf(hosts, { id: nextSweepId(), status: 'incomplete', asked: ['@db'] });
  must(await store.beginSweep({ ...sweep, status: 'queued' }, Date.now() + 60_000));
  must(await store.moveSweep(sweep.id, ['queued'], 'running'));
  must(await store.putHosts(sweep.id, hosts));
  return { sweep, patterns, hosts };
}

const ended = (hosts: readonly VisitedHost[]) => [...hosts].sort(compareWorstFirst);

describe('a sweep of the service', () => {
  it('moves from one state to the next, once', async () => {
    const store = await site.open();
    const { sweep } = await running(store);
    expect(must(await store.sweep(sweep.id))?.sweep.status).toBe('running');
    expect(must(await store.sweeps({ limit: 1 })).sweeps[0]?.status).toBe('running');
    const moves = await Promise.all(
      Array.from({ length: 20 }, () => store.moveSweep(sweep.id, ['queued', 'running'], 'ranking')),
    );
    expect(moves.filter((moved) => moved === true)).toHaveLength(1);
    expect(await store.moveSweep(sweep.id, ['running'], 'ranking')).toBe(false);
    expect(await store.moveSweep(sweep.id, [], 'ranking')).toBe(false);
    expect(await store.moveSweep(nextSweepId(), ['queued'], 'running')).toBe(false);
    expect(must(await store.sweeps({ limit: 9 })).sweeps).toHaveLength(1);
    expect(must(await store.sweep(sweep.id))?.sweep.status).toBe('ranking');
  });

  it('is not put back into the queue by who says late that it begins', async () => {
    const store = await site.open();
    const { sweep } = await running(store);
    must(await store.beginSweep({ ...sweep, status: 'queued', asked: ['@web'] }, Date.now() + 60_000));
    expect(must(await store.sweep(sweep.id))?.sweep).toEqual({ ...sweep, status: 'running' });
  });

  it('that should have ended by now is incomplete to readers, and still moves', async () => {
    let now = Date.now();
    const store = await site.open({ nowMs: () => now });
    const { sweep } = await running(store);
    now += 120_000;
    expect(must(await store.sweep(sweep.id))?.sweep.status).toBe('incomplete');
    expect(await store.moveSweep(sweep.id, ['running'], 'ranking')).toBe(true);
  });

  it('is ended by one of many, and has its hosts, those that were lost too, in order', async () => {
    const stores = [await site.open(), await site.open()];
    const [store] = stores;
    if (!store) throw new Error('no store');
    const { sweep, patterns, hosts } = await running(store);
    const gone = [lost('lost-1'), lost('lost-2', 'another reason'), { ...lost('lost-3'), address: '192.0.2.7' }];
    const all = ended([...hosts, ...gone]);
    const order = all.map(({ host }) => host);
    const endings = await Promise.all(
      Array.from({ length: 20 }, (_, i) => stores[i % 2]?.closeSweep(sweep, { patterns, order, hosts: gone })),
    );
    expect(endings.filter((ending) => ending === true)).toHaveLength(1);
    expect(endings.filter((ending) => ending === false)).toHaveLength(19);

    expect(must(await store.sweep(sweep.id))).toEqual({ sweep, patterns, order });
    const rows = all.map(rankingRowOf);
    expect(must(await store.allRows(sweep.id))).toEqual({ rows, unreadable: [] });
    const paged: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = must(await store.ranking(sweep.id, { limit: 2, ...(cursor !== undefined && { cursor }) }));
      expect(page.rows.length).toBeLessThanOrEqual(2);
      paged.push(...page.rows);
      ({ cursor } = page);
    } while (cursor !== undefined);
    expect(paged).toEqual(rows);
    for (const host of gone) expect(must(await store.finding(sweep.id, host.host))).toEqual(host);
    expect(must(await store.findings('lost-1', { limit: 5 })).findings).toEqual([]);
    expect(await store.moveSweep(sweep.id, ['queued', 'running', 'ranking'], 'running')).toBe(false);
  });

  it('keeps how it was ended, whoever ends it later and in other words', async () => {
    const store = await site.open();
    const { sweep, patterns, hosts } = await running(store);
    // Larger than an item, so that each has parts.
    const words = () => Array.from({ length: 8000 }, () => randomBytes(60).toString('hex'));
    const first = { patterns, order: words(), hosts: [] };
    const second = { patterns, order: words(), hosts: [] };
    const outcomes = await Promise.all([store.closeSweep(sweep, first), store.closeSweep(sweep, second)]);
    const [winner, loser] = outcomes[0] === true ? [first, second] : [second, first];
    expect([...outcomes].sort()).toEqual([false, true]);
    expect(must(await store.sweep(sweep.id))?.order).toEqual(winner.order);
    expect(await store.closeSweep({ ...sweep, status: 'complete' }, second)).toBe(false);
    const table = await site.table();
    const partsOf = async ({ order }: typeof first) => {
      const under = pack({ asked: sweep.asked, patterns, order })?.hash ?? '';
      return must(await table.query({ pk: partKey(sweepItemKey(sweep.id), 0, under).pk })).items.length;
    };
    expect([await partsOf(winner), await partsOf(loser)]).toEqual([expect.any(Number), 0]);
    expect(await partsOf(winner)).toBeGreaterThan(1);
    expect(must(await store.sweep(sweep.id))).toMatchObject({ sweep: { status: 'incomplete' }, order: winner.order });
    expect(must(await store.allRows(sweep.id)).rows).toHaveLength(hosts.length);
  });

  it('shows once a host that was given up and stored after all', async () => {
    const store = await site.open();
    const { sweep, patterns, hosts } = await running(store);
    const gone = Array.from({ length: 9 }, (_, i) => lost(`lost-${i}`));
    const order = ended([...hosts, ...gone]).map(({ host }) => host);
    must(await store.closeSweep(sweep, { patterns, order, hosts: gone }));
    const late = [saturatedHost('lost-3'), healthyHost('lost-4')];
    must(await store.putHosts(sweep.id, late));

    const rows = ended([...hosts, ...late, ...gone.filter((_, i) => i !== 3 && i !== 4)]).map(rankingRowOf);
    expect(must(await store.allRows(sweep.id)).rows).toEqual(rows);
    for (const limit of [1, 2, 3, 100]) {
      const paged: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = must(await store.ranking(sweep.id, { limit, ...(cursor !== undefined && { cursor }) }));
        paged.push(...page.rows);
        ({ cursor } = page);
      } while (cursor !== undefined);
      expect(paged, `${limit} at a time`).toEqual(rows);
    }
    expect(must(await store.finding(sweep.id, 'lost-3'))).toEqual(late[0]);
    expect(must(await store.sweep(sweep.id))?.sweep.status).toBe('incomplete');
  });

  it('that was never noted as begun can be ended too', async () => {
    const store = await site.open();
    const { sweep } = reportOf([], { id: nextSweepId() });
    expect(await store.closeSweep(sweep, { patterns: [], order: [], hosts: [] })).toBe(true);
    expect(must(await store.sweep(sweep.id))?.sweep).toEqual(sweep);
  });
});

describe('whether a host is stored', () => {
  it('is told of this host and this sweep, and only where all of it is', async () => {
    const store = await site.open();
    const { sweep } = await running(store);
    expect(await store.hasHost(sweep.id, 'db-1')).toBe(true);
    expect(await store.hasHost(sweep.id, 'db-2')).toBe(false);
    expect(await store.hasHost(nextSweepId(), 'db-1')).toBe(false);
    for (const name of ['', '#', '__proto__', '\ud800', 'x'.repeat(10_240)]) {
      expect(await store.hasHost(sweep.id, name)).toBe(false);
      must(await store.putHosts(sweep.id, [healthyHost(name)]));
      expect(await store.hasHost(sweep.id, name)).toBe(true);
      expect(await store.hasHost(name, 'db-1')).toBe(false);
    }
    const table = await site.table();
    must(await table.removeAll([rowKey(sweep.id, 'db-1')]));
    expect(await store.hasHost(sweep.id, 'db-1')).toBe(false);
  });
});

describe('hosts without a row', () => {
  it('are found where the mark that counts them is missing', async () => {
    const store = await site.open();
    const { sweep, patterns, hosts } = await running(store);
    must(await store.closeSweep(sweep, { patterns, order: [], hosts: [lost('lost-1')] }));
    must(await (await site.table()).removeAll([markKey(sweep.id)]));
    expect(must(await store.ranking(sweep.id, { limit: 500 })).rows).toHaveLength(hosts.length + 1);
    expect(must(await store.allRows(sweep.id)).rows).toHaveLength(hosts.length + 1);
  });

  it('are on every page where they belong, by verdict too', async () => {
    const store = await site.open();
    const { sweep, patterns, hosts } = await running(store);
    const gone = [lost('lost-1'), lost('lost-2')];
    must(await store.closeSweep(sweep, { patterns, order: [], hosts: gone }));
    const wanted = ended([...hosts, ...gone]).filter(({ verdict }) => verdict === 'inconclusive');
    expect(wanted.length).toBeGreaterThan(2);
    const first = must(await store.ranking(sweep.id, { limit: 2, verdict: 'inconclusive' }));
    const rest = must(await store.ranking(sweep.id, { limit: 9, verdict: 'inconclusive', cursor: first.cursor ?? '' }));
    expect([...first.rows, ...rest.rows]).toEqual(wanted.map(rankingRowOf));
    expect(rest.cursor).toBeUndefined();
  });
});
