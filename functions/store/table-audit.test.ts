import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { must, nextSweepId, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import type { AuditRecord } from '../audit-record.ts';
import { auditKey } from './keys.ts';
import type { Store } from './store.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

const DAY_MS = 86_400_000;

let site: StoreSite;
beforeEach(() => {
  site = storeSite();
});
afterEach(() => site.end());

const at = '2025-11-28T15:00:00.000Z';
const by = { kind: 'api', token: 'ci', id: '01JDF3W5Q00000000000000001' } as const;

const asked = (sweepId: string, hosts = ['db-[01-20]']): AuditRecord & { event: 'asked' } => ({
  event: 'asked',
  at,
  sweepId,
  by,
  targets: ['@db'],
  hosts,
  hostCount: 20,
  bundleHash: 'ab'.repeat(32),
});
const ended = (sweepId: string): AuditRecord => ({
  event: 'ended',
  at,
  sweepId,
  status: 'complete',
  swept: 20,
  notSwept: 0,
});
const refusedOf = (id: string): AuditRecord => ({ event: 'refused', at, id, by, what: 'sweep @db', why: 'scope read' });

async function add(store: Store, records: readonly AuditRecord[]): Promise<void> {
  for (const record of records) must(await store.addAudit(record));
}

async function pages(store: Store, limit: number): Promise<AuditRecord[][]> {
  const all: AuditRecord[][] = [];
  let before: string | undefined;
  do {
    const page = must(await store.audit({ limit, ...(before !== undefined && { before }) }));
    expect(page.unreadable).toEqual([]);
    all.push(page.records);
    ({ before } = page);
  } while (before !== undefined);
  return all;
}

describe('the audit', () => {
  it('goes from the newest to the oldest, what was asked beside how it ended, whenever that came', async () => {
    const store = await site.open();
    const [first, second, third, fourth] = Array.from({ length: 4 }, nextSweepId) as [string, string, string, string];
    await add(store, [asked(first), asked(second), refusedOf(third), asked(fourth), ended(second), ended(first)]);
    const wanted = [asked(fourth), refusedOf(third), ended(second), asked(second), ended(first), asked(first)];
    expect(must(await store.audit({ limit: 100 }))).toEqual({ records: wanted, unreadable: [] });
  });

  it('comes page by page without a loss, and no page cuts a sweep in two', async () => {
    const store = await site.open();
    const ids = Array.from({ length: 12 }, nextSweepId);
    await add(
      store,
      ids.flatMap((id, i) => (i % 4 === 3 ? [refusedOf(id)] : [asked(id), ended(id)])),
    );
    const wanted = must(await store.audit({ limit: 100 })).records;
    expect(wanted).toHaveLength(21);
    for (const limit of [1, 2, 3, 4, 5, 20, 21]) {
      const got = await pages(store, limit);
      expect(got.flat(), `${limit} at a time`).toEqual(wanted);
      for (const page of got) {
        expect(page.length).toBeGreaterThan(0);
        expect(page.length).toBeLessThanOrEqual(limit);
        const first = page[0];
        // An "asked" that begins a page has no "ended" on the one before.
        if (limit > 1) expect(first?.event).not.toBe('asked');
      }
    }
  });

  it('is only added to: what is said again, in other words too, changes nothing', async () => {
    const store = await site.open();
    const id = nextSweepId();
    const large = (): string[] => Array.from({ length: 8000 }, () => randomBytes(60).toString('hex'));
    const record = asked(id, large());
    await add(store, [record, record, asked(id, ['others']), asked(id, large())]);
    expect(must(await store.audit({ limit: 9 })).records).toEqual([record]);
  });

  it('is kept for a year, or for as long as the rest where that is longer', async () => {
    let now = Date.now();
    const [short, long] = [storeSite(), storeSite()];
    const month = await short.open({ nowMs: () => now, retentionDays: 30 });
    const decade = await long.open({ nowMs: () => now, retentionDays: 3650 });
    const id = nextSweepId();
    for (const store of [month, decade]) await add(store, [asked(id)]);
    now += 364 * DAY_MS;
    for (const store of [month, decade]) expect(must(await store.audit({ limit: 9 })).records).toHaveLength(1);
    now += 2 * DAY_MS;
    expect(must(await month.audit({ limit: 9 })).records).toHaveLength(0);
    expect(must(await decade.audit({ limit: 9 })).records).toHaveLength(1);
    await Promise.all([short.end(), long.end()]);
  });

  it.each(['', 'x', '#', '~', '\ud800', 'x'.repeat(10_240), '01JDF3W5Q00000000000000001#3'])(
    'refuses a cursor that it did not give out: %j',
    async (before) => {
      const store = await site.open();
      expect(await store.audit({ limit: 5, before })).toMatchObject({ kind: 'bad-cursor' });
    },
  );

  it('names what cannot be read, and takes ids of any text', async () => {
    const store = await site.open();
    const table = await site.table();
    const ids = ['__proto__', '#', '', '\ud800', 'x'.repeat(10_240)];
    await add(
      store,
      ids.flatMap((id) => [asked(id), ended(id), refusedOf(id)]),
    );
    expect((await pages(store, 2)).flat()).toHaveLength(15);
    const id = nextSweepId();
    await add(store, [asked(id)]);
    const key = auditKey(id, 'asked');
    must(await table.put({ ...must(await table.get(key)), body: { B: Buffer.from('rubbish') } }));
    const { records, unreadable } = must(await store.audit({ limit: 100 }));
    expect(records).toHaveLength(15);
    expect(unreadable).toEqual([{ what: key.sk, why: expect.any(String) }]);
  });
});
