/** The whole life of a sweep, on real parts. */
import { afterEach, describe, expect, test } from 'vitest';
import { must } from '../../test/store/embedded.ts';
import { type ServiceSite, type ServiceSiteOptions, serviceSite } from '../../test/sweep/service-site.ts';
import type { AuditRecord } from '../audit-record.ts';

let site: ServiceSite;
const open = async (options?: ServiceSiteOptions): Promise<ServiceSite> => {
  site = await serviceSite(options);
  return site;
};
afterEach(() => site.end());

const records = async (): Promise<AuditRecord[]> => must(await site.deps.store.audit({ limit: 50 })).records;

describe('a sweep', () => {
  test('goes from the request to a ranking that is stored and told, and its job is closed', async () => {
    await open();
    site.run();
    const id = await site.begun();
    const { sweep, order, patterns } = await site.ended(id);
    expect(sweep).toMatchObject({ status: 'complete', targets: 3, swept: 3, notSwept: 0, by: 'token ci' });
    expect(sweep.counts).toEqual({ saturated: 3 });
    expect(order).toEqual(['host-1', 'host-2', 'host-3']);
    expect(patterns).toMatchObject([{ program: 'logtest.py', hosts: ['host-1', 'host-2', 'host-3'] }]);
    expect(site.told).toMatchObject([{ id, status: 'complete' }]);
    expect(must(await site.deps.store.openJobs())).toEqual([]);
    expect(site.visits().begun).toBe(3);
  });

  test('leaves a record of who asked for what, and of how it ended', async () => {
    await open();
    site.run();
    const id = await site.begun();
    await site.ended(id);
    expect(await records()).toMatchObject([
      { event: 'ended', sweepId: id, status: 'complete', swept: 3, notSwept: 0 },
      {
        event: 'asked',
        sweepId: id,
        by: { kind: 'api', token: 'ci' },
        targets: ['@fleet'],
        hosts: ['host-[1-3]'],
        hostCount: 3,
        bundleHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  test('is "queued" in the store before its first message is delivered', async () => {
    await open();
    const id = await site.begun();
    expect(must(await site.deps.store.sweep(id))?.sweep).toMatchObject({ status: 'queued', targets: 3 });
  });

  test('of more hosts than a shard has is cut into several', async () => {
    await open({ hosts: 401 });
    site.run();
    const { sweep, order } = await site.ended(await site.begun(), 60_000);
    expect(sweep).toMatchObject({ status: 'complete', swept: 401 });
    expect(order).toHaveLength(401);
    expect(site.sent.filter(({ kind }) => kind === 'shard')).toHaveLength(3);
  }, 60_000);

  test('of a host that does not answer is complete, and says of that host why', async () => {
    await open({ more: '' });
    site.writeConfig(site.configText.replace(/(host-2:.*port: )\d+/, '$11'));
    site.run();
    const id = await site.begun();
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'complete', swept: 2, notSwept: 1 });
    expect(must(await site.deps.store.finding(id, 'host-2'))?.failure?.kind).toBe('refused');
  });
});

describe('what whodisk.yml says when the hosts are visited', () => {
  test('a host that is no longer in it fails by name', async () => {
    await open();
    const id = await site.begun();
    site.writeConfig(site.configText.replace(/ {2}host-2:.*\n/, '').replace('host-[1-3]', 'host-[1,3]'));
    site.run();
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'complete', swept: 2, notSwept: 1 });
    expect(must(await site.deps.store.finding(id, 'host-2'))?.summary).toContain('is not in the inventory any more');
  });

  test('where it cannot be read every host fails by name with that sentence, at once', async () => {
    await open();
    const id = await site.begun();
    site.writeConfig('windowSeconds: lots');
    site.run();
    expect((await site.ended(id)).sweep).toMatchObject({ status: 'complete', swept: 0, notSwept: 3 });
    expect(must(await site.deps.store.finding(id, 'host-1'))?.failure?.kind).toBe('unsupported-setting');
    expect(site.visits().begun).toBe(0);
    expect(site.sent.filter(({ kind }) => kind === 'shard')).toHaveLength(1);
  });

  test('"enabled: false" stops what was asked for before', async () => {
    await open();
    const id = await site.begun();
    site.writeConfig(`enabled: false\n${site.configText}`);
    site.run();
    expect((await site.ended(id)).sweep).toMatchObject({ swept: 0, notSwept: 3 });
    expect(site.visits().begun).toBe(0);
  });
});
