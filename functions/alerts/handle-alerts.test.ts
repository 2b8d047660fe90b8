import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TELL_CONFIG, type TellSite, tellSite } from '../../test/serve/tell-site.ts';
import { must } from '../../test/store/embedded.ts';
import { StoreProblem } from '../store/problem.ts';
import { createSweepService } from '../sweep/create-service.ts';
import { type AlertDeps, type AlertsTaken, handleAlerts } from './handle-alerts.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

const AT = Date.parse('2026-11-28T03:00:00.000Z');
const TOKEN = { name: 'alertmanager', id: '01TOKEN' };

let site: TellSite;
let deps: AlertDeps;
beforeEach(async () => {
  site = await tellSite();
  site.setNow(AT);
  const service = createSweepService({
    ...site.deps,
    queue: { send: async () => {} },
    local: { homeDirectory: site.stores.folder, user: 'tester', env: {}, stateFolder: site.stores.folder },
    tell: async () => true,
  });
  deps = { ...site.deps, service };
});
afterEach(() => site.end());

const firing = (instance: string, more: Record<string, string> = {}) => ({
  status: 'firing',
  labels: { alertname: 'DiskSaturated', instance, ...more },
  annotations: {},
  startsAt: '2026-11-28T02:58:00Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus/graph',
  fingerprint: 'c0ffee',
});
const webhook = (...alerts: object[]) => ({
  receiver: 'whodisk',
  status: 'firing',
  alerts,
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  version: '4',
  groupKey: '{}:{}',
  truncatedAlerts: 0,
});
const take = async (...alerts: object[]): Promise<{ status: number; body: AlertsTaken }> => {
  const answer = must(await handleAlerts(deps, webhook(...alerts), TOKEN));
  if (answer.kind !== 'taken') throw new Error(JSON.stringify(answer));
  return answer;
};
const sweeps = async () => must(await site.store.sweeps({ limit: 50 })).sweeps;

describe("Alertmanager's webhook", () => {
  test('begins one sweep of all hosts that firing alerts name, and always tells of it', async () => {
    const resolved = { ...firing('db-3:9100'), status: 'resolved' };
    const { status, body } = await take(
      firing('db-1:9100'),
      firing('db-1:9100'),
      firing('db-2', { alertname: 'Slow' }),
      resolved,
    );
    expect(status).toBe(202);
    expect(body).toEqual({ sweeps: [expect.any(String)], hosts: ['db-1', 'db-2'], quiet: [], unknown: [] });
    const [sweep, ...others] = await sweeps();
    expect(sweep).toMatchObject({
      id: body.sweeps[0],
      trigger: 'alert',
      by: 'alert DiskSaturated, Slow',
      asked: ['db-1', 'db-2'],
      targets: 2,
    });
    expect(others).toEqual([]);
    expect(must(await site.store.job(body.sweeps[0] ?? ''))?.job).toMatchObject({
      by: { kind: 'alert', token: 'alertmanager', id: '01TOKEN', alerts: ['DiskSaturated', 'Slow'] },
      tell: [{ kind: 'destination', name: 'ops', onlyChanges: false }],
    });
  });

  test('says what it does not know, and sweeps the rest', async () => {
    const { labels: _, ...rest } = firing('x');
    const { status, body } = await take(firing('db-1'), firing('nowhere:9100'), {
      ...rest,
      labels: { alertname: 'Bare' },
    });
    expect(status).toBe(202);
    expect(body.hosts).toEqual(['db-1']);
    expect(body.unknown).toEqual([
      {
        alert: 'DiskSaturated',
        value: 'nowhere:9100',
        why: 'the inventory has no such host: map it in whodisk.yml (alerts, hosts).',
      },
      { alert: 'Bare', why: 'it has no label "instance": name another one in whodisk.yml (alerts, label).' },
    ]);
    expect(site.logged.find((line) => line.includes('does not have'))).toContain('nowhere:9100');
  });

  test('is answered also where there is nothing to do', async () => {
    expect(await take()).toEqual({
      kind: 'taken',
      status: 200,
      body: { sweeps: [], hosts: [], quiet: [], unknown: [] },
    });
    expect(await take({ ...firing('db-1'), status: 'resolved' })).toMatchObject({ status: 200 });
    expect(await take(firing('nowhere'))).toMatchObject({ status: 200 });
    expect(await sweeps()).toEqual([]);
  });

  test('has a host swept once in the quiet time, whichever alerts name it', async () => {
    expect((await take(firing('db-1'))).body.hosts).toEqual(['db-1']);
    site.setNow(AT + 599_000);
    expect(await take(firing('db-1'), firing('db-2'))).toMatchObject({
      status: 202,
      body: { hosts: ['db-2'], quiet: ['db-1'] },
    });
    expect(await take(firing('db-1', { alertname: 'Other' }))).toMatchObject({
      status: 200,
      body: { quiet: ['db-1'] },
    });
    site.setNow(AT + 601_000);
    expect((await take(firing('db-1'))).body.hosts).toEqual(['db-1']);
    expect(await sweeps()).toHaveLength(3);
  });

  test('from several Alertmanagers at once begins one sweep', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => take(firing('db-1'), firing('db-2'))));
    const swept = answers.flatMap(({ body }) => body.hosts);
    expect(swept.sort()).toEqual(['db-1', 'db-2']);
  });

  test('whose taker was killed before its sweep was begun is taken by whoever comes again, never called quiet', async () => {
    const killed = { ...deps, service: { ...deps.service, start: () => new Promise<never>(() => {}) } };
    void handleAlerts(killed, webhook(firing('db-1')), TOKEN);
    await vi.waitFor(async () =>
      expect(must(await site.store.claim('alert-begins#db-1', 'me', AT))).not.toEqual({ holder: 'me' }),
    );
    expect(await handleAlerts(deps, webhook(firing('db-1'), firing('db-2')), TOKEN)).toMatchObject({ kind: 'stopped' });
    expect((await sweeps()).map(({ asked }) => asked)).toEqual([['db-2']]);
    site.setNow(AT + 21_000);
    expect(await take(firing('db-1'), firing('db-2'))).toMatchObject({ body: { hosts: ['db-1'], quiet: ['db-2'] } });
  });

  test('is answered at once also where very many hosts are quiet', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `web-${index}`);
    site.writeConfig(TELL_CONFIG.replace('hosts: {', `hosts: {${names.map((name) => `${name}: , `).join('')}`));
    expect((await take(...names.map((name) => firing(name)))).body.hosts).toHaveLength(50);
    expect((await take(...names.map((name) => firing(name)))).body.quiet).toHaveLength(50);
  });

  test('without a quiet time has each one swept', async () => {
    site.writeConfig(TELL_CONFIG.replace('alerts: {', 'alerts: {quietMinutes: 0, '));
    for (let n = 0; n < 3; n++) expect((await take(firing('db-1'))).body.hosts).toEqual(['db-1']);
  });

  test('takes the label and the map of whodisk.yml', async () => {
    site.writeConfig(
      TELL_CONFIG.replace('alerts: {', 'alerts: {label: node, windowSeconds: 9, hosts: {rack7: db-3}, '),
    );
    expect((await take(firing('db-1', { node: 'rack7' }))).body.hosts).toEqual(['db-3']);
    expect((await sweeps())[0]?.windowSeconds).toBe(9);
    expect((await take(firing('db-1', { constructor: 'db-1' }))).body.unknown).toHaveLength(1);
  });

  test('comes again where nothing can be swept now, and no host is quiet for it', async () => {
    site.writeConfig(`enabled: false\n${TELL_CONFIG}`);
    expect(await handleAlerts(deps, webhook(firing('db-1')), TOKEN)).toEqual({
      kind: 'stopped',
      message: expect.stringContaining('enabled is false'),
    });
    site.writeConfig('port: lots\n');
    expect(await handleAlerts(deps, webhook(firing('db-1')), TOKEN)).toMatchObject({ kind: 'stopped' });
    site.writeConfig(TELL_CONFIG);
    const problem = new StoreProblem('no-space', 'the disk is full', 'make room');
    const failing = {
      ...deps,
      service: { ...deps.service, start: async () => ({ kind: 'store-failed', problem }) as const },
    };
    expect(await handleAlerts(failing, webhook(firing('db-1')), TOKEN)).toBe(problem);
    const mute = { ...deps, store: { ...site.store, claim: async () => problem } };
    expect(await handleAlerts(mute, webhook(firing('db-1')), TOKEN)).toBe(problem);
    expect((await take(firing('db-1'))).body.hosts).toEqual(['db-1']);
  });

  test.each([
    [null, ''],
    [[], ''],
    [{}, 'version'],
    [{ ...webhook(), version: '3' }, 'version'],
    [{ version: '4' }, 'alerts'],
    [{ version: '4', alerts: [{ status: 'odd', labels: {} }] }, 'alerts/0/status'],
    [{ version: '4', alerts: [{ status: 'firing', labels: { a: 7 } }] }, 'alerts/0/labels/a'],
    [{ version: '4', alerts: [{ status: 'firing' }] }, 'alerts/0/labels'],
    [{ version: '4', alerts: [{ status: 'firing', labels: { a: 'x'.repeat(5000) } }] }, 'alerts/0/labels/a'],
    [{ version: '4', alerts: Array.from({ length: 20_000 }, () => 7) }, 'alerts'],
  ])('that is none is refused, and where: %#', async (payload, path) => {
    const answer = await handleAlerts(deps, payload, TOKEN);
    expect(answer).toMatchObject({ kind: 'malformed' });
    const errors = 'errors' in answer ? answer.errors : [];
    expect(errors.map((error) => error.path)).toContain(path);
    expect(errors.length).toBeLessThanOrEqual(20);
  });

  test('of any shape never throws, and sweeps nothing that the inventory does not have', async () => {
    const any = fc.oneof(
      fc.jsonValue(),
      fc
        .array(fc.dictionary(fc.string(), fc.string()))
        .map((all) => webhook(...all.map((labels) => ({ status: 'firing', labels })))),
    );
    await fc.assert(
      fc.asyncProperty(any, async (payload) => {
        const answer = must(await handleAlerts(deps, payload, TOKEN));
        expect(['malformed', 'taken']).toContain(answer.kind);
      }),
      { numRuns: 200 },
    );
    expect(await sweeps()).toEqual([]);
  });
});
