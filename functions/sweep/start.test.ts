/** Asking for a sweep. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../test/store/embedded.ts';
import { type ServiceSite, serviceSite } from '../../test/sweep/service-site.ts';
import { resume } from './watchdog.ts';

let site: ServiceSite;
beforeAll(async () => {
  site = await serviceSite({ hosts: 12 });
});
afterAll(() => site.end());

import { knownTargets } from './known-targets.ts';

describe('targets', () => {
  test.each([
    ['a name', 'host-3', ['host-3']],
    ['a name in other capitals', 'HOST-3', ['host-3']],
    ['a group', '@fleet', Array.from({ length: 12 }, (_, index) => `host-${index + 1}`)],
    ['a folded set', 'host-[2-3,7]', ['host-2', 'host-3', 'host-7']],
  ])('may be %s', async (_, target, names) => {
    const id = await site.begun({ targets: [target, 'host-3'] });
    const job = must(await site.deps.store.job(id))?.job as { names: string[] };
    expect(job.names).toEqual([...new Set([...names, 'host-3'])]);
  });

  test.each([
    ['root@host-1', 'The inventory has no host "root@host-1"'],
    ['host-1:22', 'The inventory has no host "host-1:22"'],
    ['169.254.169.254', 'addresses are not taken'],
    ['127.0.1.0', 'addresses are not taken'],
    ['hots-1', 'Did you mean host-1?'],
    ['host-[10-14]', 'The inventory has no host "host-13"'],
    ['fleet', 'Did you mean @fleet?'],
    ['@flet', 'Did you mean @fleet?'],
    ['@empty', 'The group @empty has no hosts.'],
    ['host-[1-', 'olumn'],
    ['host-[1-99999],x-[1-99999]', 'olumn'],
    ['', 'olumn'],
  ])('%j is refused', async (target, message) => {
    const started = await site.start({ targets: ['host-1', target] });
    expect(started).toMatchObject({ kind: 'bad-targets', problems: [{ index: 1 }] });
    expect(JSON.stringify(started)).toContain(message.replaceAll('"', '\\"'));
  });

  test('a private key that was pasted is not repeated', async () => {
    const key = `-----BEGIN OPENSSH PRIVATE KEY----- ${'b3BlbnNzaC1rZXktdjEAAAAA'.repeat(4)}`;
    const started = await site.start({ targets: [key] });
    expect(started.kind).toBe('bad-targets');
    expect(JSON.stringify(started)).not.toContain('b3BlbnNzaC1rZXk');
  });

  test('none at all is refused', async () => {
    expect(await site.start({ targets: [] })).toMatchObject({ kind: 'bad-targets', problems: [{ index: 0 }] });
  });

  test('words that spell one name in many characters are given up early too', () => {
    const inventory = { hosts: new Map([['db-1', { name: 'db-1', settings: {}, where: '' }]]), groups: new Map() };
    const words = Array.from({ length: 4000 }, () => `db-[${'1,'.repeat(495)}1]`);
    expect(knownTargets(words.slice(0, 10), inventory)).toEqual({ kind: 'names', names: ['db-1'] });
    expect(knownTargets(words, inventory)).toMatchObject({
      kind: 'bad-targets',
      problems: [{ index: expect.any(Number) }],
    });
  });

  test('words that spell millions of names are given up early', async () => {
    const started = await site.start({ targets: Array.from({ length: 1000 }, (_, i) => `x${i}-[1-99999]`) });
    expect(started).toMatchObject({ kind: 'bad-targets' });
  });

  test('hosts that the caller may not sweep are named, folded', async () => {
    expect(await site.start({ targets: ['@fleet'], mayOnly: ['host-1', 'host-[3-11]'] })).toEqual({
      kind: 'forbidden',
      hosts: ['host-2', 'host-12'],
    });
    expect(await site.start({ targets: ['host-1'], mayOnly: [] })).toMatchObject({ kind: 'forbidden' });
    expect(await site.start({ targets: ['host-1'], mayOnly: ['@all'] })).toMatchObject({ kind: 'started' });
  });
});

describe('whodisk.yml', () => {
  test('that is stopped, or broken, stops every request with its sentence', async () => {
    site.writeConfig(`enabled: false\n${site.configText}`);
    expect(await site.start()).toMatchObject({ kind: 'stopped', message: expect.stringContaining('enabled is false') });
    site.writeConfig('nonsense: [');
    expect(await site.start()).toMatchObject({ kind: 'stopped' });
    site.writeConfig(site.configText);
    expect(await site.start()).toMatchObject({ kind: 'started' });
  });

  test('a longer window moves its deadline by as much', async () => {
    const id = await site.begun({ windowSeconds: 30 });
    expect(must(await site.deps.store.job(id))?.job).toMatchObject({
      deadlineSeconds: 33,
      sweep: { windowSeconds: 30 },
    });
  });
});

describe('with a key', () => {
  test('the same request gets the same sweep, another one is refused', async () => {
    const first = await site.start({ idempotencyKey: 'T1 a' });
    const second = await site.start({ idempotencyKey: 'T1 a' });
    expect([first.kind, second.kind]).toEqual(['started', 'known']);
    expect(second).toMatchObject({ sweep: 'sweep' in first ? first.sweep : {} });
    expect(await site.start({ idempotencyKey: 'T1 a', targets: ['host-1'] })).toEqual({ kind: 'key-reused' });
  });

  test('of twenty at the same time one starts, and all get its sweep', async () => {
    const before = site.sent.length;
    const all = await Promise.all(Array.from({ length: 20 }, () => site.start({ idempotencyKey: 'T1 b' })));
    const ids = new Set(all.map((one) => ('sweep' in one ? one.sweep.id : one.kind)));
    expect(ids.size).toBe(1);
    expect(all.filter(({ kind }) => kind === 'started')).toHaveLength(1);
    const [id = ''] = ids;
    expect(site.sent.slice(before)).toEqual([{ kind: 'plan', sweepId: id }]);
    const records = must(await site.deps.store.audit({ limit: 100 })).records;
    expect(records.filter((record) => record.event === 'asked' && record.sweepId === id)).toHaveLength(1);
  });

  test('the first answer stands, though whodisk.yml was broken since', async () => {
    const first = await site.begun({ idempotencyKey: 'T1 c' });
    site.writeConfig('nonsense: [');
    const second = await site.start({ idempotencyKey: 'T1 c' });
    const other = await site.start({ idempotencyKey: 'T1 new' });
    site.writeConfig(site.configText);
    expect(second).toMatchObject({ kind: 'known', sweep: { id: first } });
    expect(other).toMatchObject({ kind: 'stopped' });
    expect(await site.start({ idempotencyKey: 'T1 new' })).toMatchObject({ kind: 'started' });
  });
});

describe('whoever is killed while it is written', () => {
  test.each(['openJob', 'beginSweep', 'addAudit'] as const)('before %s: with the same key it goes on', async (step) => {
    const key = `T1 killed ${step}`;
    const { startSweep } = await import('./start.ts');
    const store = { ...site.deps.store, [step]: () => Promise.reject(new Error('killed')) };
    const request = { ...REQUEST, idempotencyKey: key };
    await expect(startSweep({ ...site.deps, store }, request)).rejects.toThrow('killed');
    const again = await site.start(request);
    expect(again).toMatchObject({ kind: 'known', sweep: { status: 'queued', targets: 2 } });
    const third = await site.start(request);
    expect(third).toEqual(again);
  });

  test('before its sweep or its message is written: the next start of a service goes on', async () => {
    const { startSweep } = await import('./start.ts');
    const killed = { ...site.deps.store, beginSweep: () => Promise.reject(new Error('killed')) };
    const open = new Set(must(await site.deps.store.openJobs()));
    await expect(startSweep({ ...site.deps, store: killed }, REQUEST)).rejects.toThrow('killed');
    const [id = ''] = must(await site.deps.store.openJobs()).filter((one) => !open.has(one));
    expect(must(await site.deps.store.sweep(id))).toBeUndefined();
    await resume(site.deps);
    expect(must(await site.deps.store.sweep(id))?.sweep).toMatchObject({ status: 'queued', targets: 2 });
    expect(site.sent).toContainEqual({ kind: 'plan', sweepId: id });
  });
});

const REQUEST = {
  targets: ['host-1', 'host-2'],
  trigger: 'api',
  by: { kind: 'api', token: 'ci', id: 'T1' },
  tell: [],
} as const;
