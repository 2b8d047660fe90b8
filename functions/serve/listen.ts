/** The HTTP listener of one machine: limits on those who come, and an end that lets them have their answers. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import type { Log } from '../log.ts';
import { ServiceProblem } from './service-problem.ts';

export interface Listener {
  /** http://ADDR:PORT, with the port that it really got. */
  readonly url: string;
  /** Takes no request any more, gives those under way `graceMs`, and then cuts them off. Never rejects. */
  close(graceMs: number): Promise<void>;
}

export interface ListenOptions {
  /** An IP address without brackets, or "localhost". */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  readonly log: Log;
}

export async function listen({ host, port, fetch, log }: ListenOptions): Promise<Listener | ServiceProblem> {
  const server = createAdaptorServer({
    fetch: (request, env) => fetch(request, env as HttpBindings),
    overrideGlobalObjects: false,
    serverOptions: {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_MS,
    },
  }) as Server;
  server.maxConnections = MOST_CONNECTIONS;
  server.on('drop', dropped(log));
  const problem = await new Promise<ServiceProblem | undefined>((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => resolve(problemOf(error, host, port));
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      resolve(undefined);
    });
  });
  if (problem !== undefined) return problem;
  // Such as EMFILE at a new connection: it is one connection less, and no reason to end.
  server.on('error', (error) => log.error('a connection cannot be taken', { detail: error.message }));
  return { url: urlOf(server.address() as AddressInfo), close: (graceMs) => close(server, graceMs) };
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection is kept for another request after its answer.
  const sweeping = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  server.closeIdleConnections();
  const cutting = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweeping);
  clearTimeout(cutting);
}

/** Once a minute: whoever comes too often must not fill the log as well. */
function dropped(log: Log): () => void {
  let nextMs = 0;
  return () => {
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + MINUTE_MS;
    log.warn('connections are dropped', { most: MOST_CONNECTIONS });
  };
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function problemOf({ code, message }: NodeJS.ErrnoException, host: string, port: number): ServiceProblem {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return new ServiceProblem(
        `cannot listen on ${place}: another process does, perhaps another whodisk serve`,
        `see which: ss -ltnp 'sport = :${port}'; or name another port, or 0 for any that is free, with --listen`,
      );
    case 'EACCES':
    case 'EPERM':
      return new ServiceProblem(
        `cannot listen on ${place}: ports below 1024 are not for every user`,
        'take the default, 127.0.0.1:8470, and put a reverse proxy in front, which is where TLS belongs',
      );
    case 'EADDRNOTAVAIL':
      return new ServiceProblem(
        `cannot listen on ${place}: this machine has no such address`,
        'ip -brief address shows those that it has; name one with --listen',
      );
    default:
      return new ServiceProblem(`cannot listen on ${place}: ${message}`, 'name another address or port with --listen');
  }
}

/** Descriptors are also for the hosts that are visited; a reverse proxy needs few connections. */
const MOST_CONNECTIONS = 256;
const HEADERS_MS = 10_000;
/** For 4 MiB of body over a slow line. */
const REQUEST_MS = 30_000;
/** Longer than a reverse proxy keeps one by default (nginx 60 s), so that it is not cut off as the next request comes. */
const KEEP_ALIVE_MS = 65_000;
const CHECK_MS = 2000;
const SWEEP_MS = 50;
const MINUTE_MS = 60_000;
