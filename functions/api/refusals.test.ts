import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiSite, apiSite } from '../../test/api/api-site.ts';
import { recordedHost, refusedHost } from '../../test/api/recorded-hosts.ts';
import { healthyHost, reportOf } from '../../test/findings.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';
import type { Store } from '../store/store.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const MIB = 1024 * 1024;
const NOWHERE = '01JDF3W5Q0000000000000NONE'.replace('O', '0');

let site: ApiSite;
let first: string;
let second: string;
beforeAll(async () => {
  site = await apiSite();
  const hosts = [await recordedHost('db-1'), await refusedHost('gone-1'), healthyHost('web-1')];
  first = await stored(site.store, hosts, ['@all']);
  second = await stored(
    site.store,
    [...hosts.slice(1), await recordedHost('db-1'), await recordedHost('db-2')],
    ['@all'],
  );
});
afterAll(() => site?.end());

async function stored(store: Store, hosts: Parameters<typeof reportOf>[0], asked: string[]): Promise<string> {
  const report = reportOf(hosts, { id: nextSweepId(), asked });
  must(await store.finishSweep(report));
  return report.sweep.id;
}

async function problemOf(answer: Response) {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const body = (await answer.json()) as { status: number; detail: string; type: string; errors?: { path: string }[] };
  expect(body.status).toBe(answer.status);
  expect(body.detail).not.toBe('');
  return body;
}

describe('what does not fit is refused with a problem+json', () => {
  const cases: [string, number, string, () => Promise<Response>][] = [
    [
      'a body of 10 MB',
      413,
      'too-large',
      () => site.ask('/v1/sweeps', { json: { targets: ['x'.repeat(10_000_000)] } }),
    ],
    ['bad JSON', 400, 'bad-json', () => site.ask('/v1/sweeps', { body: '{"targets": [' })],
    [
      'no JSON by its type',
      415,
      'not-json',
      () => site.ask('/v1/sweeps', { body: 'x', headers: { 'content-type': 'text/plain' } }),
    ],
    [
      'a compressed body',
      415,
      'not-json',
      () => site.ask('/v1/sweeps', { body: 'x', headers: { 'content-encoding': 'gzip' } }),
    ],
    [
      '100,000 targets',
      422,
      'invalid',
      () => site.ask('/v1/sweeps', { json: { targets: Array.from({ length: 100_000 }, (_, i) => `h${i}`) } }),
    ],
    [
      'a million things that are no targets',
      422,
      'invalid',
      () => site.ask('/v1/sweeps', { json: { targets: Array(1_000_000).fill(1) } }),
    ],
    ['no targets', 422, 'invalid', () => site.ask('/v1/sweeps', { json: { targets: [] } })],
    [
      'nothing',
      422,
      'invalid',
      () => site.ask('/v1/sweeps', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
    ],
    ['a forged cursor', 400, 'bad-cursor', () => site.ask('/v1/sweeps?cursor=MDFKREYz')],
    [
      'an unfit key',
      400,
      'bad-key',
      () => site.ask('/v1/sweeps', { json: { targets: ['db-1'] }, headers: { 'idempotency-key': 'a b' } }),
    ],
    ['no token', 401, 'no-token', () => site.ask('/v1/sweeps', { scope: null })],
    [
      'an unknown token',
      401,
      'bad-token',
      () =>
        site.ask('/v1/sweeps', {
          headers: { authorization: `Bearer whodisk_${randomBytes(32).toString('base64url')}` },
        }),
    ],
    ['another scheme', 401, 'bad-token', () => site.ask('/v1/sweeps', { headers: { authorization: 'Basic YTpi' } })],
    ['a wrong scope', 403, 'wrong-scope', () => site.ask('/v1/audit', { scope: 'run' })],
    ['an unknown address', 404, 'not-found', () => site.ask('/v2/sweeps')],
    ['another method', 405, 'no-such-method', () => site.ask('/v1/sweeps', { method: 'PUT' })],
    ['an unknown sweep', 404, 'not-found', () => site.ask(`/v1/sweeps/${NOWHERE}`)],
    ['an id that is none', 404, 'not-found', () => site.ask('/v1/sweeps/x/ranking')],
    ['an unknown host', 404, 'not-found', () => site.ask(`/v1/sweeps/${second}/hosts/db-9`)],
    ['a host without history', 404, 'not-found', () => site.ask('/v1/hosts/db-9/findings')],
    ['a limit that is none', 422, 'invalid', () => site.ask('/v1/sweeps?limit=0')],
    ['an unknown parameter', 422, 'invalid', () => site.ask(`/v1/sweeps/${second}/ranking?verdit=hung`)],
    ['a sweep compared with itself', 422, 'invalid', () => site.ask(`/v1/diff?from=${first}&to=${first}`)],
    ['a sweep that has ended cancelled', 409, 'ended', () => site.ask(`/v1/sweeps/${first}`, { method: 'DELETE' })],
  ];
  it.each(cases)('%s: %i', async (_, status, type, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect((await problemOf(answer)).type).toBe(`urn:whodisk:problem:${type}`);
    expect(answer.headers.has('www-authenticate')).toBe(status === 401 || status === 403);
  });

  it('with the place of each mistake', async () => {
    const unknown = await problemOf(
      await site.ask('/v1/sweeps', { json: { targets: ['db-1'], trace: true, 'a/b': 1 } }),
    );
    expect(unknown.errors?.map(({ path }) => path)).toEqual(['trace', 'a~1b']);
    const targets = await problemOf(
      await site.ask('/v1/sweeps', { json: { targets: ['db-1', '169.254.169.254', 7] } }),
    );
    expect(targets.errors?.map(({ path }) => path)).toEqual(['targets/2']);
    const hosts = await problemOf(await site.ask('/v1/sweeps', { json: { targets: ['db-1', '169.254.169.254'] } }));
    expect(hosts.errors).toEqual([{ path: 'targets/1', message: expect.stringContaining('169.254.169.254') }]);
    const prototype = await problemOf(
      await site.ask('/v1/sweeps', { body: '{"targets":["db-1"],"__proto__":{"x":1}}' }),
    );
    expect(prototype.errors?.map(({ path }) => path)).toEqual(['__proto__']);
  });

  it('also where a body says nothing of its length', async () => {
    const sent = { chunks: 0 };
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent.chunks += 1;
        if (sent.chunks > 100) controller.close();
        else controller.enqueue(new Uint8Array(MIB).fill(0x20));
      },
    });
    expect((await site.ask('/v1/sweeps', { body })).status).toBe(413);
    expect(sent.chunks).toBeLessThan(10);
  });
});
