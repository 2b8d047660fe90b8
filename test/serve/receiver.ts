/** Who is told: an HTTP or HTTPS server on loopback that keeps what it is sent, as Slack or a receiver of webhooks would. */
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  /** undefined where it is no JSON. */
  readonly json: unknown;
}

export interface Receiver {
  /** http://127.0.0.1:PORT, or https */
  readonly origin: string;
  readonly received: readonly Received[];
  /** Resolves to the nth message (from 0) to a path. @throws Error where it does not come */
  message(path: string, index?: number, limitMs?: number): Promise<Received>;
  /** What is answered from now on; 200 at first. */
  answer(status: number): void;
  stop(): Promise<void>;
}

/** @param tls PEM (tls-certificate.ts); without it HTTP */
export async function startReceiver(tls?: { readonly key: string; readonly cert: string }): Promise<Receiver> {
  const received: Received[] = [];
  let status = 200;
  const keep: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      received.push({ path: request.url ?? '', headers: request.headers, raw, json: parsed(raw) });
      response.writeHead(status).end('ok');
    });
  };
  const server = tls === undefined ? createServer(keep) : createTlsServer(tls, keep);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    received,
    async message(path, index = 0, limitMs = 30_000) {
      const deadline = performance.now() + limitMs;
      for (;;) {
        const found = received.filter((one) => one.path === path)[index];
        if (found !== undefined) return found;
        if (performance.now() > deadline) {
          throw new Error(
            `no message ${index} to ${path}; there came ${received.map((one) => one.path).join(', ') || 'none'}`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    answer: (next) => {
      status = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
