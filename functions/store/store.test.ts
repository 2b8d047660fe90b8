import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compareWorstFirst } from '../../runner/triage/rank.ts';
import { rankingRowOf } from '../../runner/triage/ranking-row.ts';
import { healthyHost, refused, reportOf, saturatedHost, silent } from '../../test/findings.ts';
import { HOSTILE_TEXTS } from '../../test/hostile-text.ts';
import { must, nextSweepId, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import { findingKey, partKey, rowKey } from './keys.ts';
import { StoreProblem } from './problem.ts';

const DAY_MS = 86_400_000;

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

const mixed = () => [
  healthyHost('web-2'),
  saturatedHost('db-10'),
  refused('gone-1'),
  saturatedHost('db-2'),
  silent('mute-1'),
];

describe('a sweep', () => {
  it('is there with its hosts, patterns and order after it was finished', async () => {
    const store = await site.open();
    const report = reportOf(mixed(), { id: nextSweepId(), asked: ['@db', 'web-2'] });
    const { id } = report.sweep;
    must(await store.beginSweep({ ...report.sweep, status: 'running' }, Date.now() + 60_000));
    must(await store.putHosts(id, report.hosts.slice(0, 3)));
    must(await store.finishSweep(report));

    expect(must(await store.sweeps({ limit: 5 }))).toEqual({ sweeps: [report.sweep], unreadable: [] });
    const detail = must(await store.sweep(id));
    expect(detail).toEqual({
      sweep: report.sweep,
      patterns: report.patterns,
      order: ['mute-1', 'db-2', 'db-10', 'gone-1', 'web-2'],
    });
    expect(report.patterns).not.toEqual([]);
    const rows = report.hosts.map(rankingRowOf);
    expect(must(await store.allRows(id))).toEqual({ rows, unreadable: [] });
    for (const { rank, ...host } of report.hosts) {
      expect(must(await store.finding(id, host.host)), `rank ${rank}`).toEqual(host);
    }
  });

  it('is the same when everything is said twice, in any order', async () => {
    const store = await site.open();
    const report = reportOf(mixed(), { id: nextSweepId() });
    const { id } = report.sweep;
    const begin = () => store.beginSweep({ ...report.sweep, status: 'running' }, Date.now() + 60_000);
    must(await begin());
    must(await begin());
    // Once more while the first is on its way, and changed: what is said last stands.
    void store.putHosts(id, [saturatedHost('db-2', { score: 11 })]);
    await Promise.all([store.putHosts(id, report.hosts), store.putHosts(id, report.hosts)]);
    must(await store.finishSweep(report));
    must(await store.putHosts(id, report.hosts.slice(0, 2)));
    must(await store.finishSweep(report));
    must(await begin());

    expect(must(await store.sweeps({ limit: 5 })).sweeps).toEqual([report.sweep]);
    expect(must(await store.allRows(id)).rows).toEqual(report.hosts.map(rankingRowOf));
    expect(must(await store.ranking(id, { limit: 100 })).rows).toEqual(report.hosts.map(rankingRowOf));
    expect(must(await store.findings('db-2', { limit: 9 })).findings.map(({ sweepId }) => sweepId)).toEqual([id]);
  });

  it('that was interrupted is there with the hosts whose turn never came, in the same order', async () => {
    const store = await site.open();
    const names = Array.from({ length: 150 }, (_, i) => `web-${i + 1}`);
    const message = 'interrupted before it was done';
    const interrupted = names.map((name) => ({
      ...refused(name),
      failure: { phase: 'sample' as const, kind: 'interrupted' as const, message },
      summary: message,
      cost: { bytesReceived: 0, clientMs: 0 },
    }));
    const report = reportOf([...mixed(), ...interrupted], { id: nextSweepId(), status: 'interrupted' });
    const { id } = report.sweep;
    must(await store.beginSweep({ ...report.sweep, status: 'running' }, Date.now() + 60_000));
    must(await store.putHosts(id, report.hosts));
    must(await store.finishSweep(report));
    must(await store.finishSweep(report));

    const rows = report.hosts.map(rankingRowOf);
    expect(must(await store.allRows(id))).toEqual({ rows, unreadable: [] });
    expect(must(await store.sweep(id))?.order).toEqual(report.hosts.map(({ host }) => host));
    const paged: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = must(await store.ranking(id, { limit: 40, ...(cursor !== undefined && { cursor }) }));
      paged.push(...page.rows);
      ({ cursor } = page);
    } while (cursor !== undefined);
    expect(paged).toEqual(rows);
    expect(must(await store.ranking(id, { limit: 500, verdict: 'healthy' })).rows).toHaveLength(1);
    expect(must(await store.ranking(id, { limit: 500, verdict: 'inconclusive' })).rows).toHaveLength(
      rows.filter(({ verdict }) => verdict === 'inconclusive').length,
    );
    expect(must(await store.finding(id, 'web-77'))).toEqual(interrupted[76]);
    expect(must(await store.finding(id, 'web-151'))).toBeUndefined();
    // It is nothing that was found out about the host.
    expect(must(await store.findings('web-77', { limit: 5 })).findings).toEqual([]);
    const table = await site.table();
    expect(must(await table.get(rowKey(id, 'web-77')))).toBeUndefined();
  });

  it('that is not finished by then is incomplete, with the hosts that were stored', async () => {
    let now = Date.now();
    const store = await site.open({ nowMs: () => now });
    const { sweep } = reportOf(mixed(), { id: nextSweepId(), status: 'running' });
    must(await store.beginSweep(sweep, now + 20_000));
    must(await store.putHosts(sweep.id, mixed().slice(0, 2)));
    expect(must(await store.sweep(sweep.id))?.sweep.status).toBe('running');
    now += 30_000;
    expect(must(await store.sweep(sweep.id))?.sweep.status).toBe('incomplete');
    expect(must(await store.sweeps({ limit: 1 })).sweeps[0]?.status).toBe('incomplete');
    expect(must(await store.allRows(sweep.id)).rows).toHaveLength(2);
  });

  it('of a thousand names is listed shortly, and has all of them by itself', async () => {
    const store = await site.open();
    const asked = Array.from({ length: 1000 }, (_, i) => `host-${i}.example.net`);
    const report = reportOf([], { id: nextSweepId(), asked });
    must(await store.finishSweep(report));
    const [listed] = must(await store.sweeps({ limit: 1 })).sweeps;
    expect(listed?.asked?.length).toBeLessThan(200);
    expect(listed?.asked?.at(-1)).toMatch(/^\(\d+ more\)$/);
    expect(must(await store.sweep(report.sweep.id))?.sweep.asked).toEqual(asked);
  });

  it('that nobody ever ran is not there', async () => {
    const store = await site.open();
    expect(await store.sweep('01JDF3W5Q00000000000000000')).toBeUndefined();
    expect(await store.finding('01JDF3W5Q00000000000000000', 'db-1')).toBeUndefined();
    expect(must(await store.allRows('01JDF3W5Q00000000000000000')).rows).toEqual([]);
  });
});

describe('lists', () => {
  it('of sweeps and of a host go from the newest to the oldest, page by page', async () => {
    const store = await site.open();
    const ids = Array.from({ length: 7 }, nextSweepId);
    for (const id of ids) must(await store.finishSweep(reportOf([saturatedHost('db-1', { kernel: id })], { id })));
    const newest = [...ids].reverse();

    const first = must(await store.sweeps({ limit: 4 }));
    expect(first.sweeps.map(({ id }) => id)).toEqual(newest.slice(0, 4));
    const rest = must(await store.sweeps({ limit: 4, before: first.before ?? '' }));
    expect(rest.sweeps.map(({ id }) => id)).toEqual(newest.slice(4));
    expect(rest.before).toBeUndefined();

    const page = must(await store.findings('db-1', { limit: 3 }));
    expect(page.findings.map(({ sweepId, host }) => [sweepId, host.kernel])).toEqual(
      newest.slice(0, 3).map((id) => [id, id]),
    );
    const older = must(await store.findings('db-1', { limit: 10, before: page.before ?? '' }));
    expect(older.findings.map(({ sweepId }) => sweepId)).toEqual(newest.slice(3));
  });

  it('of a ranking are in the order of the ranking, page by page, and by verdict', async () => {
    const store = await site.open();
    const hosts = Array.from({ length: 120 }, (_, i) =>
      i % 3 === 0 ? saturatedHost(`db-${i}`, { score: 70 + (i % 5) }) : healthyHost(`web-${i}`, { score: i % 4 }),
    );
    const report = reportOf(hosts, { id: nextSweepId() });
    must(await store.finishSweep(report));
    const wanted = [...hosts].sort(compareWorstFirst).map(({ host }) => host);

    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = must(await store.ranking(report.sweep.id, { limit: 50, ...(cursor !== undefined && { cursor }) }));
      names.push(...page.rows.map(({ host }) => host));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(names).toEqual(wanted);

    const healthy = must(await store.ranking(report.sweep.id, { limit: 500, verdict: 'healthy' }));
    expect(healthy.rows.map(({ host }) => host)).toEqual(wanted.filter((name) => name.startsWith('web')));
    const [last] = must(await store.ranking(report.sweep.id, { limit: 1, verdict: 'healthy' })).rows;
    expect(last?.host).toBe(wanted.find((name) => name.startsWith('web')));
  });

  it('of a ranking have every host of a verdict, page by page, wherever it stands', async () => {
    const store = await site.open();
    const base = healthyHost('x');
    const verdicts = ['hung', 'saturated', 'inconclusive', 'busy', 'healthy'] as const;
    const hosts = verdicts.flatMap((verdict) =>
      Array.from({ length: 12 }, (_, i) => ({
        ...base,
        host: `${verdict}-${i}`,
        verdict,
        score: 50 + (i % 3),
        // Ranked by its failure, whatever its verdict is.
        ...(i % 4 === 0 && {
          failure: { phase: 'sample' as const, kind: 'suspected-hung' as const, message: 'silent' },
        }),
        ...(i % 4 === 1 && { status: 'not-swept' as const }),
      })),
    );
    const report = reportOf(hosts, { id: nextSweepId() });
    must(await store.finishSweep(report));
    const { id } = report.sweep;
    const ranked = [...hosts].sort(compareWorstFirst);
    for (const verdict of verdicts) {
      const wanted = ranked.filter((host) => host.verdict === verdict).map(({ host }) => host);
      for (const limit of [1, 5, 11, 12, 13]) {
        const names: string[] = [];
        let cursor: string | undefined;
        do {
          const page = must(await store.ranking(id, { limit, verdict, ...(cursor !== undefined && { cursor }) }));
          names.push(...page.rows.map(({ host }) => host));
          cursor = page.cursor;
        } while (cursor !== undefined);
        expect(names, `${verdict}, ${limit} at a time`).toEqual(wanted);
      }
      // A cursor of the whole ranking, which may point behind every host of the verdict.
      const { cursor = '' } = must(await store.ranking(id, { limit: 59 }));
      expect(must(await store.ranking(id, { limit: 9, verdict, cursor })).rows.length).toBe(
        verdict === 'healthy' ? 1 : 0,
      );
    }
  });

  it.each([' ', '', '\ud800', 'x'.repeat(10_240)])(
    'of sweeps refuse a place that cannot be one: %j',
    async (before) => {
      const store = await site.open();
      if (before === ' ') expect(must(await store.sweeps({ limit: 5, before })).sweeps).toEqual([]);
      else {
        expect(await store.sweeps({ limit: 5, before })).toMatchObject({ kind: 'bad-cursor' });
        expect(await store.findings('db-1', { limit: 5, before })).toMatchObject({ kind: 'bad-cursor' });
      }
    },
  );

  it.each([
    '',
    'x',
    '!!!',
    Buffer.from('9abc').toString('base64url'),
    Buffer.from('3\0'.repeat(30)).toString('base64url'),
  ])('refuse a cursor that they did not give out: %j', async (cursor) => {
    const store = await site.open();
    expect(await store.ranking('01JDF3W5Q00000000000000000', { limit: 5, cursor })).toMatchObject({
      kind: 'bad-cursor',
    });
  });
});

describe('names and texts as a hostile host sends them', () => {
  it('come back as they were, each under a key of its own', async () => {
    const store = await site.open();
    const names = [...HOSTILE_TEXTS, 'y'.repeat(3000), `${'y'.repeat(3000)}z`, '', '#', 'a#b', '\udc00'];
    const hosts = names.map((name) => saturatedHost(name, { summary: `of ${name.slice(0, 50)}` }));
    const report = reportOf(hosts, { id: nextSweepId() });
    must(await store.finishSweep(report));
    const { rows, unreadable } = must(await store.allRows(report.sweep.id));
    expect(unreadable).toEqual([]);
    expect(rows.map(({ host }) => host).sort()).toEqual([...names].sort());
    for (const host of hosts) expect(must(await store.finding(report.sweep.id, host.host))).toEqual(host);
  });
});

describe('a finding that is larger than an item may be', () => {
  const large = () =>
    saturatedHost('db-1', { limits: Array.from({ length: 40 }, () => randomBytes(15_000).toString('base64')) });

  it('is stored in parts and comes back whole', async () => {
    const store = await site.open();
    const host = large();
    const { sweep } = reportOf([host], { id: nextSweepId() });
    must(await store.finishSweep(reportOf([host, healthyHost('web-1')], sweep)));
    expect(must(await store.finding(sweep.id, 'db-1'))).toEqual(host);
    expect(must(await store.findings('db-1', { limit: 2 })).findings).toEqual([{ sweepId: sweep.id, host }]);
  });

  it('says which part is missing, and costs the others nothing', async () => {
    const store = await site.open();
    const table = await site.table();
    const first = reportOf([saturatedHost('db-1')], { id: nextSweepId() });
    const second = reportOf([large()], { id: nextSweepId() });
    for (const report of [first, second]) must(await store.finishSweep(report));
    must(await table.removeAll([partKey(findingKey(second.sweep.id, 'db-1'), 1)]));

    expect(await store.finding(second.sweep.id, 'db-1')).toMatchObject({
      kind: 'corrupt',
      message: expect.stringMatching(/db-1.*part 2 of \d/),
    });
    const history = must(await store.findings('db-1', { limit: 5 }));
    expect(history.findings.map(({ sweepId }) => sweepId)).toEqual([first.sweep.id]);
    expect(history.unreadable).toEqual([{ what: second.sweep.id, why: expect.stringContaining('part 2') }]);
  });
});

describe('what somebody else has put into the table', () => {
  it('is named and left out, never thrown over the rest', async () => {
    const store = await site.open();
    const table = await site.table();
    const report = reportOf([saturatedHost('db-1'), saturatedHost('db-2')], { id: nextSweepId() });
    const { id } = report.sweep;
    must(await store.finishSweep(report));
    const expiresAt = { N: '99999999999' };
    const key = ({ pk, sk }: { pk: string; sk: string }) => ({ pk: { S: pk }, sk: { S: sk }, expiresAt });
    const row = must(await table.get(rowKey(id, 'db-1')));
    must(await table.put({ ...row, row: { S: '{"host":"db-1","score":1e999}' } }));
    must(await table.put({ ...key(findingKey(id, 'db-2')), parts: { N: '1000000000' }, hash: { S: '' } }));
    must(await table.put({ ...key({ pk: 'sweeps', sk: `${id}Z` }), head: { S: '[1' } }));

    const rows = must(await store.allRows(id));
    expect(rows.rows.map(({ host }) => host)).toEqual(['db-2']);
    expect(rows.unreadable).toEqual([{ what: 'db-1', why: expect.any(String) }]);
    expect(must(await store.ranking(id, { limit: 9 })).rows).toHaveLength(1);
    expect(await store.finding(id, 'db-2')).toBeInstanceOf(StoreProblem);
    const sweeps = must(await store.sweeps({ limit: 9 }));
    expect(sweeps.sweeps.map((sweep) => sweep.id)).toEqual([id]);
    expect(sweeps.unreadable).toEqual([{ what: `${id}Z`, why: expect.any(String) }]);
  });
});

describe('what has expired', () => {
  it('is not shown, and is removed by the next sweep that is stored, the rest is not', async () => {
    let now = Date.now();
    const store = await site.open({ nowMs: () => now, retentionDays: 10 });
    const table = await site.table();
    const old = reportOf([saturatedHost('db-1'), healthyHost('web-1')], { id: nextSweepId() });
    must(await store.finishSweep(old));
    now += 6 * DAY_MS;
    const recent = reportOf([saturatedHost('db-1')], { id: nextSweepId() });
    must(await store.finishSweep(recent));
    now += 5 * DAY_MS;

    expect(must(await store.sweeps({ limit: 9 })).sweeps.map(({ id }) => id)).toEqual([recent.sweep.id]);
    expect(await store.sweep(old.sweep.id)).toBeUndefined();
    expect(await store.finding(old.sweep.id, 'db-1')).toBeUndefined();
    expect(must(await store.allRows(old.sweep.id)).rows).toEqual([]);
    expect(must(await store.ranking(old.sweep.id, { limit: 5 })).rows).toEqual([]);
    expect(must(await store.findings('db-1', { limit: 9 })).findings.map(({ sweepId }) => sweepId)).toEqual([
      recent.sweep.id,
    ]);

    expect(must(await table.get(findingKey(old.sweep.id, 'web-1')))).toBeDefined();
    await store.close();
    for (const key of [
      findingKey(old.sweep.id, 'web-1'),
      rowKey(old.sweep.id, 'db-1'),
      { pk: 'sweeps', sk: old.sweep.id },
    ]) {
      expect(must(await table.get(key))).toBeUndefined();
    }
    expect(must(await table.get(findingKey(recent.sweep.id, 'db-1')))).toBeDefined();
  });
});
