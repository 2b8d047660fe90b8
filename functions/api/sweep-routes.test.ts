import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiOver } from '../../test/api/api-over.ts';
import { type ApiSite, apiSite } from '../../test/api/api-site.ts';
import { reportOf, saturatedHost } from '../../test/findings.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';
import { serviceSite } from '../../test/sweep/service-site.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

interface Sweep {
  readonly id: string;
  readonly status: string;
  readonly targets: number;
  readonly progress?: { done: number; notSwept: number };
}
const sweepOf = async (answer: Response): Promise<Sweep> => (await answer.json()) as Sweep;

describe('a sweep that is asked for', () => {
  let site: ApiSite;
  beforeAll(async () => {
    site = await apiSite();
  });
  afterAll(() => site?.end());
  const start = (json: unknown, key?: string, scope: 'run' | 'admin' = 'run') =>
    site.ask('/v1/sweeps', { json, scope, ...(key !== undefined && { headers: { 'Idempotency-Key': key } }) });

  it('is accepted, with where it is and when to look', async () => {
    const answer = await start({ targets: ['@db', 'web-1'], windowSeconds: 7 });
    expect(answer.status).toBe(202);
    const sweep = await sweepOf(answer);
    expect(sweep).toMatchObject({
      status: 'queued',
      trigger: 'api',
      by: 'token ci',
      targets: 3,
      windowSeconds: 7,
    });
    expect(answer.headers.get('location')).toBe(`/v1/sweeps/${sweep.id}`);
    expect(answer.headers.get('retry-after')).toBe('8');
    const looked = await site.ask(`/v1/sweeps/${sweep.id}`, { scope: 'read' });
    expect(await sweepOf(looked)).toEqual({ ...sweep, progress: { done: 0, notSwept: 0 } });
    expect(looked.headers.get('retry-after')).toBe('8');
  });

  it('tells how far it is', async () => {
    const { id } = await sweepOf(await start({ targets: ['@db'] }));
    must(await site.store.shardProgress(id, 0, { done: 2, notSwept: 1 }));
    must(await site.store.shardProgress(id, 1, { done: 5, notSwept: 0 }));
    expect((await sweepOf(await site.ask(`/v1/sweeps/${id}`))).progress).toEqual({ done: 7, notSwept: 1 });
  });

  it('is the same one for the same key, and one of fifty that come at once is started', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => start({ targets: ['db-1'] }, 'once')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const sweeps = await Promise.all(answers.map(sweepOf));
    expect(new Set(sweeps.map(({ id }) => id)).size).toBe(1);
    expect(await sweepOf(await start({ targets: ['db-1'] }, 'once'))).toMatchObject({ id: sweeps[0]?.id });
  });

  it('is another one for another token with the same key', async () => {
    const mine = await sweepOf(await start({ targets: ['db-1'] }, 'shared'));
    const theirs = await sweepOf(await start({ targets: ['db-1'] }, 'shared', 'admin'));
    expect(theirs.id).not.toBe(mine.id);
  });

  it('is refused where its key was used for another request', async () => {
    await start({ targets: ['db-1'] }, 'other');
    const answer = await start({ targets: ['db-2'] }, 'other');
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
      422,
      'urn:whodisk:problem:key-reused',
    ]);
  });

  it('is cancelled once, and a sweep of the command line is not ours to cancel', async () => {
    const { id } = await sweepOf(await start({ targets: ['db-1'] }));
    expect((await site.ask(`/v1/sweeps/${id}`, { method: 'DELETE', scope: 'run' })).status).toBe(202);
    expect(must(await site.store.job(id))?.isCancelled).toBe(true);
    const { sweep } = reportOf([saturatedHost('db-1')], { id: nextSweepId(), status: 'running' });
    const { finishedAt: _, ...running } = sweep;
    must(await site.store.beginSweep(running, Date.now() + 60_000));
    const answer = await site.ask(`/v1/sweeps/${sweep.id}`, { method: 'DELETE' });
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
      404,
      expect.stringContaining('command line'),
    ]);
  });

  it('is not compared before it has ended', async () => {
    const { id } = await sweepOf(await start({ targets: ['db-1'] }));
    const report = reportOf([saturatedHost('db-1')], { id: nextSweepId() });
    must(await site.store.finishSweep(report));
    expect((await site.ask(`/v1/diff?from=${report.sweep.id}&to=${id}`)).status).toBe(409);
  });
});

describe('two sweeps', () => {
  it('are compared as they are named, or the newest with the last one of the same targets', async () => {
    const site = await apiSite();
    try {
      expect((await site.ask('/v1/diff')).status).toBe(404);
      const [web, first, second] = [['@web'], ['@db'], ['@db']].map((asked, index) =>
        reportOf(index === 2 ? [saturatedHost('db-1')] : [], { id: nextSweepId(), asked }),
      );
      if (!web || !first || !second) throw new Error('three sweeps');
      const diff = async (query: string) => {
        const answer = await site.ask(`/v1/diff${query}`);
        return {
          status: answer.status,
          ...((await answer.json()) as { from: Sweep | null; to: Sweep; new: { host: string }[] }),
        };
      };
      must(await site.store.finishSweep(first));
      expect(await diff('')).toMatchObject({ status: 200, from: null, to: { id: first.sweep.id } });
      must(await site.store.finishSweep(web));
      must(await site.store.finishSweep(second));
      expect(await diff('')).toMatchObject({
        from: { id: first.sweep.id },
        to: { id: second.sweep.id },
        new: [{ host: 'db-1' }],
      });
      expect(await diff(`?from=${web.sweep.id}`)).toMatchObject({
        from: { id: web.sweep.id },
        to: { id: second.sweep.id },
      });
      expect(await diff(`?from=${second.sweep.id}&to=${first.sweep.id}`)).toMatchObject({ status: 200, new: [] });
      expect((await diff(`?from=${second.sweep.id}`)).status).toBe(404);
    } finally {
      await site.end();
    }
  });
});

describe('a sweep of hosts that answer', () => {
  it('is there with its ranking, its findings and its record when it has ended', async () => {
    const site = await serviceSite({ hosts: 3 });
    site.run();
    try {
      const ask = apiOver(site.deps.store, site.service);
      const { id } = await sweepOf(await ask('/v1/sweeps', { json: { targets: ['@fleet'], windowSeconds: 1 } }));
      await site.ended(id);
      const looked = await ask(`/v1/sweeps/${id}`);
      expect(looked.headers.has('retry-after')).toBe(false);
      expect(await sweepOf(looked)).toMatchObject({
        status: 'complete',
        targets: 3,
        swept: 3,
        counts: { saturated: 3 },
      });
      const { rows } = (await (await ask(`/v1/sweeps/${id}/ranking`)).json()) as { rows: { host: string }[] };
      expect(rows.map(({ host }) => host)).toEqual(['host-1', 'host-2', 'host-3']);
      expect(await (await ask(`/v1/sweeps/${id}/hosts/host-2`)).json()).toMatchObject({
        host: 'host-2',
        verdict: 'saturated',
      });
      const { patterns } = (await (await ask(`/v1/sweeps/${id}/patterns`)).json()) as {
        patterns: { hosts: string[] }[];
      };
      expect(patterns[0]?.hosts).toEqual(['host-1', 'host-2', 'host-3']);
      const { records } = (await (await ask('/v1/audit')).json()) as { records: { event: string; sweepId: string }[] };
      expect(records.map(({ event, sweepId }) => [event, sweepId])).toEqual([
        ['ended', id],
        ['asked', id],
      ]);
      expect((await ask(`/v1/sweeps/${id}`, { method: 'DELETE' })).status).toBe(409);
      expect(await (await ask('/metrics')).text()).toContain('whodisk_last_sweep_hosts{standing="saturated"} 3\n');
    } finally {
      await site.end();
    }
  });
});
