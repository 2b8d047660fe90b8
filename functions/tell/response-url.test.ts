import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../test/serve/receiver.ts';
import { type StoreSite, storeSite } from '../../test/store/embedded.ts';
import type { Store } from '../store/store.ts';
import { createPost } from './post.ts';
import { responseUrlProblem, sendToResponseUrl } from './response-url.ts';

let site: StoreSite;
let receiver: Receiver;
beforeEach(async () => {
  site = storeSite();
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.stop();
  await site.end();
});

describe('a response_url', () => {
  test('leads only to a listed origin: scheme, host and port', () => {
    const origins = ['https://hooks.slack.com'];
    expect(responseUrlProblem('https://hooks.slack.com/commands/T1/2/3', origins)).toBeUndefined();
    expect(responseUrlProblem('https://hooks.slack.com:443/x', origins)).toBeUndefined();
    for (const url of [
      'http://hooks.slack.com/x',
      'https://hooks.slack.com:8443/x',
      'https://hooks.slack.com.evil.example/x',
      'https://hooks.slack.com@evil.example/x',
      'https://evil.example/https://hooks.slack.com/',
      'https://hooks.slack.com\\@evil.example/',
      'https://u:p@hooks.slack.com/x',
      'https://169.254.169.254/x',
      'http://127.1/x',
      'http://[::ffff:a9fe:a9fe]/x',
      'hooks.slack.com',
      '',
    ]) {
      // What WHATWG URL takes for a path of the origin is one.
      if (url.includes('\\')) expect(new URL(url).host).toBe('hooks.slack.com');
      else expect(responseUrlProblem(url, origins), url).toMatch(/response_url/u);
    }
    expect(responseUrlProblem('https://hooks.slack.com/hunter2', [])).not.toContain('hunter2');
  });

  test('is used three times at most, whoever uses it and however many come at once', async () => {
    const [one, other] = [await site.open(), await site.open()];
    const send = (store: Store, url: string) =>
      sendToResponseUrl({ store, post: createPost(), nowMs: Date.now }, [receiver.origin], url, { text: 'x' });
    const url = `${receiver.origin}/commands/hunter2`;
    const told = await Promise.all(Array.from({ length: 8 }, (_, n) => send(n % 2 === 0 ? one : other, url)));
    expect(told.filter(({ kind }) => kind === 'told')).toHaveLength(3);
    expect(told.filter(({ kind }) => kind === 'given-up')).toHaveLength(5);
    expect(receiver.received).toHaveLength(3);
    expect(JSON.stringify(told)).not.toContain('hunter2');
    expect(await send(one, `${receiver.origin}/commands/another`)).toEqual({ kind: 'told' });
  });

  test('gets a use back where nobody was there, and loses one that was answered, however it was', async () => {
    const deps = { store: await site.open(), post: createPost(), nowMs: Date.now };
    const send = (origin = receiver.origin) => sendToResponseUrl(deps, [origin], `${origin}/a`, { text: 'x' });
    for (let turn = 0; turn < 5; turn++) expect(await send('http://127.0.0.1:1')).toMatchObject({ kind: 'again' });
    receiver.answer(503);
    expect(await send()).toMatchObject({ kind: 'again' });
    receiver.answer(404);
    expect(await send()).toMatchObject({ kind: 'given-up', message: 'It was answered with status 404.' });
    receiver.answer(200);
    expect([(await send()).kind, (await send()).kind]).toEqual(['told', 'given-up']);
    expect(receiver.received).toHaveLength(3);
  });
});
