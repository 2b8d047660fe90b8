import { afterEach, expect, it } from 'vitest';
import { type ApiSite, apiSite } from '../../test/api/api-site.ts';
import type { ApiDeps } from './deps.ts';

let site: ApiSite | undefined;
afterEach(() => site?.end());

const limited = async (limits: NonNullable<ApiDeps['limits']>, more: Partial<ApiDeps> = {}): Promise<ApiSite> => {
  site = await apiSite({ limits, ...more });
  return site;
};

it('a token may ask so often in a minute, and no other token pays for it', async () => {
  const { ask } = await limited({ requestsPerMinute: 3 });
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) statuses.push((await ask('/v1/sweeps', { scope: 'read' })).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  const refused = await ask('/v1/sweeps', { scope: 'read' });
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect((await ask('/v1/sweeps', { scope: 'run' })).status).toBe(200);
});

it('sweeps are counted by themselves', async () => {
  const { ask } = await limited({ startsPerMinute: 2 });
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) statuses.push((await ask('/v1/sweeps', { json: { targets: ['db-1'] } })).status);
  expect(statuses).toEqual([202, 202, 429]);
  expect((await ask('/v1/sweeps')).status).toBe(200);
});

it('alerts are not: Alertmanager would give up at a 429, and each host has a limit of its own', async () => {
  const alerts: ApiDeps['alerts'] = async () => ({ kind: 'taken', status: 200, body: {} });
  const { ask } = await limited({ startsPerMinute: 1 }, { alerts });
  for (let i = 0; i < 3; i++) expect((await ask('/hooks/alertmanager', { json: {} })).status).toBe(200);
});

it('whoever has no good token is counted by where they come from, and those who have one are not stopped by them', async () => {
  let address = '192.0.2.1';
  const { ask } = await limited({ strangerRequestsPerMinute: 2 }, { addressOf: () => address });
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) statuses.push((await ask('/v1/sweeps', { scope: null })).status);
  expect(statuses).toEqual([401, 401, 429]);
  expect((await ask('/v1/sweeps', { headers: { authorization: 'Bearer x' } })).status).toBe(429);
  expect((await ask('/v1/sweeps')).status).toBe(200);
  expect((await ask('/healthz', { scope: null })).status).toBe(200);
  address = '192.0.2.2';
  expect((await ask('/v1/sweeps', { scope: null })).status).toBe(401);
});
