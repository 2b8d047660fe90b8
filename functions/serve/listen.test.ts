import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Listener, listen } from './listen.ts';
import { ServiceProblem } from './service-problem.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const open: Listener[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close(0);
});

async function listening(fetch: (request: Request) => Response | Promise<Response>, host = '127.0.0.1') {
  const listener = await listen({ host, port: 0, fetch, log: silent });
  if (listener instanceof ServiceProblem) throw new Error(listener.message);
  open.push(listener);
  return listener;
}

test('it tells its address with the port that it got, of IPv6 in brackets', async () => {
  const listener = await listening(() => new Response('hello'));
  expect(listener.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9][0-9]+$/);
  expect(await (await fetch(listener.url)).text()).toBe('hello');
  const six = await listening(() => new Response('hello'), '::1').catch(() => undefined);
  if (six !== undefined) expect(six.url).toMatch(/^http:\/\/\[::1\]:[0-9]+$/);
});

test('a port that is in use, and an address that is not here, are sentences with what to do', async () => {
  const { url } = await listening(() => new Response());
  const port = Number(new URL(url).port);
  const used = await listen({ host: '127.0.0.1', port, fetch: () => new Response(), log: silent });
  expect(used).toBeInstanceOf(ServiceProblem);
  expect(used).toMatchObject({
    message: `cannot listen on 127.0.0.1:${port}: another process does, perhaps another whodisk serve`,
    mend: expect.stringContaining('--listen'),
  });
  const elsewhere = await listen({ host: '192.0.2.1', port: 0, fetch: () => new Response(), log: silent });
  expect(elsewhere).toMatchObject({ message: expect.stringContaining('no such address') });
});

test('at its end a request under way has its answer, idle connections are closed, and new ones are refused', async () => {
  let answer = (_response: Response): void => {};
  const listener = await listening((request) =>
    request.url.endsWith('/slow')
      ? new Promise((resolve) => {
          answer = resolve;
        })
      : new Response('quick'),
  );
  const idle = connect(Number(new URL(listener.url).port), '127.0.0.1');
  idle.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(idle, 'data');
  const asked = fetch(`${listener.url}/slow`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const closed = listener.close(10_000);
  await once(idle, 'close');
  await expect(fetch(listener.url)).rejects.toThrow();
  answer(new Response('late'));
  expect(await (await asked).text()).toBe('late');
  await closed;
});

test('a request that takes too long is cut off when its grace is over', async () => {
  const listener = await listening(() => new Promise(() => {}));
  const asked = fetch(listener.url);
  asked.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 100));
  await listener.close(200);
  await expect(asked).rejects.toThrow();
});
