import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { makeCertificate } from '../../test/tls-certificate.ts';
import { createPost, type Posted } from './post.ts';

const withOpenssl = needs('openssl');

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

interface Seen {
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An HTTP server and what it was sent. */
async function receiver(answer: (response: ServerResponse) => void = (response) => void response.end('ok')) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(response);
    });
  });
  const port = await listening(server);
  return { seen, port, url: `http://127.0.0.1:${port}/in` };
}

/** Names lead where the test says, in the order of the lookups; the last one stays. */
function leadingTo(...turns: string[][]): LookupFunction & { asked: string[] } {
  const asked: string[] = [];
  const lookup: LookupFunction = (name, options, callback) => {
    asked.push(name);
    const addresses = turns[Math.min(asked.length, turns.length) - 1] ?? [];
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
  return Object.assign(lookup, { asked });
}

describe('a POST', () => {
  test('carries JSON and headers, and brings the answer', async () => {
    const { seen, url } = await receiver((response) => void response.writeHead(201).end('made'));
    const posted = await createPost()({ url, body: '{"ä":1}', headers: { 'x-whodisk-id': '7' }, isConfigured: true });
    expect(posted).toEqual({ kind: 'answered', status: 201, body: 'made' });
    expect(seen).toEqual([
      {
        method: 'POST',
        body: '{"ä":1}',
        headers: expect.objectContaining({
          'content-type': 'application/json; charset=utf-8',
          'content-length': '8',
          'x-whodisk-id': '7',
        }),
      },
    ]);
  });

  test('follows no redirect', async () => {
    const { seen: within, url: inner } = await receiver();
    const { url } = await receiver((response) => void response.writeHead(307, { location: inner }).end());
    expect(await createPost()({ url, body: '{}', isConfigured: true })).toMatchObject({
      kind: 'answered',
      status: 307,
    });
    expect(within).toEqual([]);
  });

  test('uses no proxy, whatever the environment says', async () => {
    const { seen: proxied, port } = await receiver();
    const before = { ...process.env };
    try {
      for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy']) process.env[name] = `http://127.0.0.1:${port}`;
      process.env['NODE_USE_ENV_PROXY'] = '1';
      const { seen, url } = await receiver();
      expect(await createPost()({ url, body: '{}', isConfigured: true })).toMatchObject({ status: 200 });
      expect([seen.length, proxied.length]).toEqual([1, 0]);
    } finally {
      process.env = before;
    }
  });

  test('reads no more than 64 KiB of an answer that never ends', async () => {
    const { url } = await receiver((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
        response.once('drain', more);
      };
      more();
    });
    const posted = await createPost()({ url, body: '{}', isConfigured: true });
    expect(posted.kind === 'answered' && posted.body.length).toBe(65_536);
  });

  test.each([
    ['says nothing', () => {}],
    [
      'drips its head',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx: ');
        setInterval(() => socket.write('H'), 20).unref();
      },
    ],
    [
      'drips its body',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n');
        setInterval(() => socket.write('x'), 20).unref();
      },
    ],
    [
      'promises an answer again and again',
      (socket: Socket) => void setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 20).unref(),
    ],
  ])('ends in time where the server %s', async (_what, behave) => {
    const port = await listening(createTcpServer(behave));
    const posted = await createPost({ limitMs: 300 })({
      url: `http://127.0.0.1:${port}/`,
      body: '{}',
      isConfigured: true,
    });
    expect(posted).toEqual({ kind: 'failed', message: `127.0.0.1:${port} did not answer within 0.3 s.` });
  });

  test('ends in time where the name is never looked up', async () => {
    const post = createPost({ limitMs: 200, lookup: () => {} });
    expect(await post({ url: 'https://example.com/hunter2', body: '{}', isConfigured: true })).toEqual({
      kind: 'failed',
      message: 'example.com did not answer within 0.2 s.',
      isUnsent: true,
    });
  });

  test.each([
    ['closes', (socket: Socket) => void socket.destroy()],
    ['is no web server', (socket: Socket) => void socket.end('SSH-2.0-x\r\n')],
    ['stops in the middle', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx')],
    [
      'sends a head without end',
      (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(9999)}`),
    ],
  ])('fails where the server %s', async (_what, behave) => {
    const port = await listening(createTcpServer(behave));
    const posted = await createPost()({ url: `http://127.0.0.1:${port}/hunter2`, body: '{}', isConfigured: true });
    expect(posted.kind).toBe('failed');
    expect(JSON.stringify(posted)).not.toContain('hunter2');
  });

  test('fails where nothing listens', async () => {
    const port = await listening(createTcpServer());
    for (const close of closing.splice(0)) close();
    const posted = await createPost()({ url: `http://127.0.0.1:${port}/`, body: '{}', isConfigured: true });
    const message = `127.0.0.1:${port} cannot be reached (ECONNREFUSED).`;
    expect(posted).toEqual({ kind: 'failed', message, isUnsent: true });
  });
});

describe('where a POST may lead', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254/latest/meta-data',
    'https://127.1/',
    'https://127.0.0.1:8470/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://0/',
    'https://[::1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[fd00:ec2::254]/',
  ])('never to %s, which nobody configured', async (url) => {
    const lookup = leadingTo(['192.0.2.1']);
    const posted = await createPost({ lookup })({ url, body: '{}', isConfigured: false });
    expect(posted.kind).toBe('refused');
    expect(lookup.asked).toEqual([]);
  });

  test.each([
    ['http://example.com/x', 'not https'],
    ['http://10.0.0.7/x', 'not https'],
    ['http://169.254.169.254/x', 'not https'],
    ['https://user:hunter2@example.com/', 'has a user in it'],
    ['https://user@example.com/', 'has a user in it'],
    ['ftp://example.com/', 'is https'],
    ['file:///etc/passwd', 'is https'],
    ['hunter2', 'is none'],
    ['https://', 'is none'],
    ['https://example.com:99999/', 'is none'],
    [`https://example.com/${'x'.repeat(5000)}`, 'is none'],
  ])('never to %s, even where it is configured', async (url, words) => {
    const posted = await createPost({ lookup: leadingTo(['192.0.2.1']) })({ url, body: '{}', isConfigured: true });
    expect(posted).toEqual({ kind: 'refused', message: expect.stringContaining(words) });
    expect(JSON.stringify(posted)).not.toContain('hunter2');
  });

  test.each([
    [['127.0.0.1']],
    [['169.254.169.254']],
    [['::ffff:a9fe:a9fe']],
    [['::1']],
    // A good address beside it does not help.
    [['192.0.2.1', '127.0.0.1']],
    [['2001:db8::1', '::ffff:127.0.0.1']],
  ])('never by a name that leads to %j, configured or not', async (addresses) => {
    const connections: Socket[] = [];
    const port = await listening(createTcpServer((socket) => void connections.push(socket)));
    for (const isConfigured of [true, false]) {
      const post = createPost({ lookup: leadingTo(addresses), limitMs: 2000 });
      const posted = await post({ url: `https://rebind.example:${port}/hunter2`, body: '{}', isConfigured });
      expect(posted).toEqual({
        kind: 'refused',
        message: expect.stringContaining('rebind.example leads to this machine'),
      });
    }
    expect(connections).toEqual([]);
  });

  test('not to the second answer of a name that changes: what was checked is dialled', async () => {
    const connections: Socket[] = [];
    const port = await listening(createTcpServer((socket) => void connections.push(socket)));
    const lookup = leadingTo(['192.0.2.1'], ['127.0.0.1']);
    const post = createPost({ lookup, limitMs: 500 });
    const url = `https://rebind.example:${port}/`;
    const kinds: Posted['kind'][] = [];
    for (let turn = 0; turn < 2; turn++) kinds.push((await post({ url, body: '{}', isConfigured: false })).kind);
    expect(kinds).toEqual(['failed', 'refused']);
    expect([lookup.asked.length, connections.length]).toEqual([2, 0]);
  });

  test.skipIf(withOpenssl.skip)('only where its certificate is trusted and names it', async () => {
    const seen: string[] = [];
    const serve = async (names: string): Promise<{ cert: string; url: string }> => {
      const { key, cert } = makeCertificate(names);
      const server = createTlsServer({ key, cert }, (request, response) => {
        seen.push(request.url ?? '');
        request.resume();
        response.end('ok');
      });
      return { cert, url: `https://127.0.0.1:${await listening(server)}/in` };
    };
    const good = await serve('IP:127.0.0.1');
    const ask = { body: '{}', isConfigured: true };
    expect(await createPost({ ca: good.cert })({ url: good.url, ...ask })).toMatchObject({ status: 200 });
    expect(await createPost()({ url: good.url, ...ask })).toMatchObject({ kind: 'failed' });
    const other = await serve('DNS:example.com');
    expect(await createPost({ ca: other.cert })({ url: other.url, ...ask })).toMatchObject({ kind: 'failed' });
    expect(seen).toEqual(['/in']);
  });
});
