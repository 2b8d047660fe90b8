import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiSite, apiSite } from '../../test/api/api-site.ts';
import { must } from '../../test/store/embedded.ts';
import { SCOPES, type Scope } from '../auth/scope.ts';

const SWEEP = '01JDF3W5Q00000000000000000';

/** Each operation with the least scope that may have it; null: everybody. */
const OPERATIONS: [string, string, Scope | null][] = [
  ['POST', '/v1/sweeps', 'run'],
  ['GET', '/v1/sweeps', 'read'],
  ['GET', `/v1/sweeps/${SWEEP}`, 'read'],
  ['DELETE', `/v1/sweeps/${SWEEP}`, 'run'],
  ['GET', `/v1/sweeps/${SWEEP}/ranking`, 'read'],
  ['GET', `/v1/sweeps/${SWEEP}/hosts/db-1`, 'read'],
  ['GET', `/v1/sweeps/${SWEEP}/patterns`, 'read'],
  ['GET', '/v1/hosts/db-1/findings', 'read'],
  ['GET', '/v1/diff', 'read'],
  ['GET', '/v1/audit', 'admin'],
  ['POST', '/hooks/alertmanager', 'run'],
  ['GET', '/metrics', 'read'],
  ['GET', '/healthz', null],
  ['GET', '/openapi.json', null],
];

let site: ApiSite;
beforeAll(async () => {
  site = await apiSite({ alerts: async () => ({ kind: 'taken', status: 200, body: {} }) });
});
afterAll(() => site?.end());

describe.each(OPERATIONS)('%s %s', (method, path, least) => {
  const ask = (scope: Scope | null) => site.ask(path, { method, scope, ...(method === 'POST' && { json: {} }) });

  it(`is for ${least ?? 'everybody'}`, async () => {
    expect((await ask(null)).status === 401).toBe(least !== null);
    for (const scope of SCOPES) {
      const mayNot = least !== null && SCOPES.indexOf(scope) < SCOPES.indexOf(least);
      expect((await ask(scope)).status === 403, scope).toBe(mayNot);
    }
  });
});

it('the table has every operation', () => {
  const served = site.app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`);
  const listed = OPERATIONS.map(
    ([method, path]) => `${method} ${path.replace(SWEEP, ':id').replace(/hosts\/db-1/, 'hosts/:host')}`,
  );
  expect([...new Set(served)].sort()).toEqual(listed.sort());
});

it('a refusal is recorded with who, what and why, and tells the scope that is needed', async () => {
  const answer = await site.ask('/v1/audit', { scope: 'read' });
  expect(answer.headers.get('www-authenticate')).toBe(
    'Bearer realm="whodisk", error="insufficient_scope", scope="admin"',
  );
  const [newest] = must(await site.store.audit({ limit: 1 })).records;
  expect(newest).toMatchObject({
    event: 'refused',
    by: { kind: 'api', token: 'dashboard' },
    what: 'GET /v1/audit',
    why: 'scope read, needs admin',
  });
});

it('a token that was revoked is good for nothing from then on', async () => {
  const { hash } = must(await site.store.tokens()).find(({ scope }) => scope === 'run') ?? expect.fail();
  expect((await site.ask('/v1/sweeps', { scope: 'run' })).status).toBe(200);
  must(await site.store.revokeToken(hash, new Date().toISOString()));
  const answer = await site.ask('/v1/sweeps', { scope: 'run' });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="whodisk", error="invalid_token"');
});
