/** The page as browsers get it through an HTTP API of API Gateway. */
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { httpFunction, sourceAddress } from '../../functions/cloud/http-function.ts';
import { cloudLog } from '../../functions/cloud/log.ts';
import { type Ask, type PageSite, pageSite } from '../page/page-site.ts';
import { must } from '../store/embedded.ts';
import { GATEWAY_ORIGIN, httpAnswer, httpEvent, SOURCE_IP } from './http-event.ts';

let site: PageSite;
beforeEach(async () => {
  site = await pageSite({ addressOf: sourceAddress });
});
afterEach(() => site?.end());

const HERE = { origin: GATEWAY_ORIGIN };

async function ask(path: string, { headers = {}, form }: Ask = {}, sourceIp = SOURCE_IP): Promise<Response> {
  const asked =
    form === undefined
      ? { headers }
      : {
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
          body: new URLSearchParams(form).toString(),
        };
  const event = httpEvent(path, asked) as APIGatewayProxyEventV2;
  event.requestContext.http.sourceIp = sourceIp;
  const context = { getRemainingTimeInMillis: () => 20_000 } as Context;
  return httpAnswer(await httpFunction(site.app, cloudLog())(event, context));
}

async function cookieOf(token: string): Promise<string> {
  const signedIn = await ask('/sign-in', { form: { token }, headers: HERE });
  return /^[^;]+/.exec(signedIn.headers.get('set-cookie') ?? '')?.[0] ?? '';
}

test('keeps a session in a cookie that goes to nobody else, and never over plain http', async () => {
  const signedIn = await ask('/sign-in', { form: { token: site.tokens.read, next: 'sweeps?a=%2F' }, headers: HERE });
  expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, './sweeps?a=%2F']);
  expect(signedIn.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-whodisk=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
  ]);
  const cookie = await cookieOf(site.tokens.read);
  expect((await ask('/sweeps', { headers: { cookie: `other=1; ${cookie}` } })).status).toBe(200);
  expect((await ask('/sweeps', { headers: { cookie: 'other=1' } })).status).toBe(303);
});

test('starts a sweep for a form of its own, and of no other site or session', async () => {
  const cookie = await cookieOf(site.tokens.run);
  const html = await (await ask('/sweeps/new', { headers: { cookie } })).text();
  const form = { form: /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '', targets: '@db' };
  const start = (given: Record<string, string>, headers: Record<string, string>): Promise<Response> =>
    ask('/sweeps/new', { form: given, headers: { cookie, ...headers } });
  expect((await start(form, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await start(form, { 'sec-fetch-site': 'same-site', ...HERE })).status).toBe(403);
  expect((await start({ targets: '@db' }, HERE)).status).toBe(403);
  expect(must(await site.store.sweeps({ limit: 1 })).sweeps).toEqual([]);
  const started = await start(form, HERE);
  const [sweep] = must(await site.store.sweeps({ limit: 1 })).sweeps;
  expect([started.status, started.headers.get('location')]).toEqual([303, `../sweeps/${sweep?.id}`]);
  expect(sweep).toMatchObject({ asked: ['@db'], by: 'token ci' });
});

test('takes tokens from an address so often, whatever a header says of where it is', async () => {
  const form = { token: `whodisk_${'A'.repeat(43)}` };
  for (let tries = 0; tries < 120; tries++) {
    await ask('/sign-in', { form, headers: { ...HERE, 'x-forwarded-for': `192.0.2.${tries}` } });
  }
  const good = { form: { token: site.tokens.read }, headers: HERE };
  expect((await ask('/sign-in', good)).status).toBe(429);
  expect((await ask('/sign-in', good, '198.51.100.1')).status).toBe(303);
}, 30_000);
