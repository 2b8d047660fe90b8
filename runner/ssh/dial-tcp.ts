/** One TCP connection, own socket and own time limit. */
import { connect } from 'node:net';
import type { Failure } from '../report.ts';
import { tcpWire, type Wire } from './wire.ts';

/** Whether trying again may help: never, once, or a few times after waiting (the server is full). */
export type Again = 'never' | 'once' | 'later';
export type Dialled =
  | { readonly kind: 'open'; readonly wire: Wire }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly again: Again };

/** Never rejects. The socket that it answers is paused and has an `error` listener, so that a late error harms nobody. */
export function dialTcp(options: {
  address: string;
  port: number;
  limitMs: number;
  signal: AbortSignal;
}): Promise<Dialled> {
  const { address, port, limitMs, signal } = options;
  const place = `${address} port ${port}`;
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true });
    socket.pause();
    const settle = (dialled: Dialled) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (dialled.kind === 'failed') socket.destroy();
      resolve(dialled);
    };
    const fail = (failure: Failure, again: Again = 'never') => settle({ kind: 'failed', failure, again });
    const onAbort = () => fail(interrupted('connect'));
    const timer = setTimeout(() => {
      const message = `No answer from ${place} within ${secondsOf(limitMs)}: the host is down, or a firewall drops the packets. Check the address, the port (-p) and the route.`;
      fail({ phase: 'connect', kind: 'connect-timeout', message });
    }, limitMs);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const { failure, again } = failureOfSocketError(error, place);
      fail(failure, again);
    });
    socket.once('connect', () => settle({ kind: 'open', wire: tcpWire(socket) }));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Errors of connect(2), in the report's words. */
export function failureOfSocketError(error: NodeJS.ErrnoException, place: string): { failure: Failure; again: Again } {
  const of = (kind: Failure['kind'], message: string, again: Again = 'never') => ({
    failure: { phase: 'connect', kind, message } satisfies Failure,
    again,
  });
  switch (error.code) {
    case 'ECONNREFUSED':
      return of('refused', `Nothing listens on ${place}: start sshd there, or give its port, as host:port.`);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return of(
        'reset',
        `The connection to ${place} was cut while it was being set up: a firewall, or a server that is overloaded.`,
        'once',
      );
    case 'ETIMEDOUT':
      return of('connect-timeout', `No answer from ${place}: the host is down, or a firewall drops the packets.`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'EACCES':
    case 'EPERM':
      return of(
        'unreachable',
        `No way to ${place} (${error.code}): check the address, the route (ip route get ADDRESS) and the firewall.`,
      );
    case 'EMFILE':
    case 'ENFILE':
      return of(
        'internal',
        `No file descriptor was left for the connection to ${place}: raise the limit (ulimit -n 4096) or lower --forks.`,
        'later',
      );
    default:
      return of('unreachable', `The connection to ${place} failed: ${error.message}.`);
  }
}

/** The failure of a host that the end of the sweep overtook. */
export function interrupted(phase: Failure['phase']): Failure {
  return { phase, kind: 'interrupted', message: 'The sweep was interrupted before this host was done.' };
}

/** '2.5 s', for messages. */
export function secondsOf(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
