import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { expect, test } from 'vitest';
import { httpAnswer, httpEvent, SOURCE_IP } from '../../test/cloud/http-event.ts';
import { createBackground } from '../background.ts';
import { gatewayTimeMs, httpFunction, sourceAddress } from './http-function.ts';
import { cloudLog } from './log.ts';

const withTime = (ms: number) => ({ getRemainingTimeInMillis: () => ms }) as Context;
const eventOf = (path: string, asked = {}) => httpEvent(path, asked) as APIGatewayProxyEventV2;

test('a request comes as it was sent, from the address that the gateway saw', async () => {
  const app = new Hono();
  app.post('/echo', async (c) => c.text(`${await c.req.text()} ${c.req.query('a')} ${sourceAddress(c.env)}`, 202));
  const answer = await httpFunction(app, cloudLog())(
    eventOf('/echo?a=1', {
      body: 'text=%40db',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '192.0.2.1' },
    }),
    withTime(20_000),
  );
  expect(answer).toMatchObject({ statusCode: 202, body: `text=%40db 1 ${SOURCE_IP}` });
});

test('cookies come from the list that the gateway makes of them, and each goes out as one', async () => {
  const app = new Hono();
  app.get('/', (c) => {
    setCookie(c, 'one', '1', { httpOnly: true });
    setCookie(c, 'two', '2', { expires: new Date(0) });
    return c.redirect(`./next?of=${getCookie(c, 'a')}-${getCookie(c, 'b')}`, 303);
  });
  const event = eventOf('/', { headers: { cookie: 'a=1; b=2' } });
  expect(event).toMatchObject({ cookies: ['a=1', 'b=2'] });
  const answer = httpAnswer(await httpFunction(app, cloudLog())(event, withTime(20_000)));
  expect([answer.status, answer.headers.get('location')]).toEqual([303, './next?of=1-2']);
  expect(answer.headers.getSetCookie()).toEqual([
    'one=1; Path=/; HttpOnly',
    'two=2; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
  ]);
});

test.each(['db-1', '50%', 'a%2Fb', 'a#b', '[::1]:22', 'db 7', 'ä', 'a+b', '%zz'])(
  'a host called %s is found, although the gateway decodes the path',
  async (name) => {
    const app = new Hono();
    app.get('/hosts/:host', (c) => c.text(c.req.param('host')));
    const event = { ...eventOf('/'), rawPath: `/hosts/${name}` };
    expect((await httpFunction(app, cloudLog())(event, withTime(20_000))).body).toBe(name);
  },
);

test('a request is as old as the gateway says', async () => {
  const app = new Hono();
  app.get('/', (c) => c.text(String(gatewayTimeMs(c.env))));
  const event = eventOf('/');
  const answer = await httpFunction(app, cloudLog())(event, withTime(20_000));
  expect(answer.body).toBe(String(event.requestContext.timeEpoch));
  expect(gatewayTimeMs({})).toBeUndefined();
});

test('nothing has an address where no gateway says it', () => {
  expect([sourceAddress(undefined), sourceAddress({ requestContext: {} })]).toEqual([undefined, undefined]);
});

test('what goes on after an answer is done before the answer is given away, since nothing goes on after that', async () => {
  const background = createBackground();
  const app = new Hono();
  let isDone = false;
  app.get('/', (c) => {
    background.add(
      new Promise((resolve) => {
        setTimeout(() => {
          isDone = true;
          resolve();
        }, 50);
      }),
    );
    return c.text('it follows');
  });
  const answer = await httpFunction(app, cloudLog(), background)(eventOf('/'), withTime(20_000));
  expect([answer.body, isDone]).toEqual(['it follows', true]);
});

test('what takes too long does not cost the answer', async () => {
  const background = createBackground();
  const app = new Hono();
  app.get('/', (c) => {
    background.add(new Promise(() => {}));
    return c.text('it follows');
  });
  const answer = await httpFunction(app, cloudLog(), background)(eventOf('/'), withTime(550));
  expect(answer.body).toBe('it follows');
});
