import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiSite, apiSite } from '../../test/api/api-site.ts';
import { reportOf, saturatedHost } from '../../test/findings.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const MIB = 1024 * 1024;

let site: ApiSite;
let port: number;
let stop: () => Promise<unknown>;
beforeAll(async () => {
  site = await apiSite();
  // As the service does it: Node's own Request stays what it is.
  const server = serve({ fetch: site.app.fetch, hostname: '127.0.0.1', port: 0, overrideGlobalObjects: false });
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as AddressInfo).port;
  stop = () => new Promise((resolve) => server.close(resolve));
});
afterAll(async () => {
  await stop?.();
  await site?.end();
});

interface Heard {
  readonly status: number;
  readonly body: string;
  /** How much of the body was taken before the answer came. */
  readonly sentMiB: number;
}

/** Sends a body bit by bit, until it is answered. */
function post(path: string, headers: Record<string, string | number>, mebibytes: number): Promise<Heard> {
  return new Promise((resolve, reject) => {
    let sentMiB = 0;
    const sent = request(
      {
        port,
        path,
        method: 'POST',
        headers: { authorization: `Bearer ${site.tokens.run}`, 'content-type': 'application/json', ...headers },
      },
      (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, body, sentMiB });
          sent.destroy();
        });
      },
    );
    sent.on('error', reject);
    const more = (): void => {
      if (sent.destroyed || sent.writableEnded) return;
      if (sentMiB === mebibytes) {
        sent.end();
        return;
      }
      sentMiB += 1;
      sent.write(Buffer.alloc(MIB, 0x20), () => setImmediate(more));
    };
    more();
  });
}

describe('over a connection', () => {
  it('a body of 10 MB is refused by its length', async () => {
    const { status, body } = await post('/v1/sweeps', { 'content-length': 10 * MIB }, 10);
    expect([status, (JSON.parse(body) as { status: number }).status]).toEqual([413, 413]);
  });

  it('a body that says nothing of its length is refused when it has become too long', async () => {
    const { status, sentMiB } = await post('/v1/sweeps', { 'transfer-encoding': 'chunked' }, 200);
    expect(status).toBe(413);
    expect(sentMiB).toBeLessThan(200);
  });

  it('a body that says nothing of its length is taken, and one that is not there is no JSON', async () => {
    const send = (headers: Record<string, string>, body?: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const authorization = `Bearer ${site.tokens.run}`;
        const sent = request({
          port,
          path: '/v1/sweeps',
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json', ...headers },
        });
        sent.useChunkedEncodingByDefault = body !== undefined;
        sent.on('response', (answer) => resolve(answer.resume().statusCode ?? 0)).on('error', reject);
        sent.end(body);
      });
    expect(await send({ 'transfer-encoding': 'chunked' }, JSON.stringify({ targets: ['@db'] }))).toBe(202);
    expect(await send({})).toBe(400);
    expect(site.logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('whoever goes away in the middle of a body is no fault of ours', async () => {
    const sent = request({
      port,
      path: '/v1/sweeps',
      method: 'POST',
      headers: {
        authorization: `Bearer ${site.tokens.run}`,
        'content-type': 'application/json',
        'content-length': 100,
      },
    });
    sent.on('error', () => {});
    sent.write('{"targets":');
    await new Promise((resolve) => setTimeout(resolve, 200));
    sent.destroy();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(site.logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('nothing of a body is read of somebody without a token', async () => {
    const { status } = await post('/v1/sweeps', { authorization: 'Bearer x', 'content-length': 10 * MIB }, 10);
    expect(status).toBe(401);
  });

  it('a body of the right size is taken', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/sweeps`, {
      method: 'POST',
      headers: { authorization: `Bearer ${site.tokens.run}`, 'content-type': 'application/json' },
      body: JSON.stringify({ targets: ['@db'] }),
    });
    expect(answer.status).toBe(202);
  });

  it('a host is found by whatever name', async () => {
    const names = ['a/b', '%2F', 'a?b#c', 'ä 漢字', '__proto__', '[::1]:22', '%', '+'];
    const report = reportOf(
      names.map((name) => saturatedHost(name)),
      { id: nextSweepId() },
    );
    must(await site.store.finishSweep(report));
    for (const name of names) {
      const url = `http://127.0.0.1:${port}/v1/sweeps/${report.sweep.id}/hosts/${encodeURIComponent(name)}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${site.tokens.read}` } });
      expect([answer.status, ((await answer.json()) as { host: string }).host]).toEqual([200, name]);
    }
  });

  it('HEAD has no body, and an address that is none is a 404 or a 400', async () => {
    const head = await fetch(`http://127.0.0.1:${port}/healthz`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const path of ['//evil.example/', '/v1/sweeps/%', '/%00', '/v1//sweeps', '*']) {
      const status = await new Promise<number>((resolve, reject) => {
        request({ port, path }, (answer) => resolve(answer.resume().statusCode ?? 0))
          .on('error', reject)
          .end();
      });
      expect([400, 401, 404], path).toContain(status);
    }
  });
});
