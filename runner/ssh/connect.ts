/** From a target to a log-in: address, TCP connection, handshake, and what is worth trying again. */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'ssh2';
import type { Failure } from '../report.ts';
import { type Again, dialTcp, interrupted } from './dial-tcp.ts';
import { type Handshaken, handshake } from './handshake.ts';
import { decideHostKey } from './host-key.ts';
import type { Identities } from './identities.ts';
import { lookUpKnownHost } from './known-hosts.ts';
import type { KnownHosts } from './known-hosts-files.ts';
import type { Resolve } from './resolve.ts';
import type { Target } from './target.ts';
import type { TimeBudget } from './time-budget.ts';
import type { Turns } from './turns.ts';

/** What all hosts of a sweep share: made once. */
export interface SshContext {
  readonly knownHosts: KnownHosts;
  readonly identities: Identities;
  readonly resolve: Resolve;
  readonly turns: Turns;
}

export type Connected =
  | { readonly kind: 'ready'; readonly client: Client; readonly socket: Socket; readonly address: string }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly address?: string };

const CONNECT_LIMIT_MS = 10_000;
const HANDSHAKE_LIMIT_MS = 10_000;
/** A full server (MaxStartups) lets some of those who come again in. */
const MAX_LATER = 12;
/** With less than this left of the deadline another attempt could not come to anything. */
const MIN_ATTEMPT_MS = 500;

type Attempt = Handshaken & { readonly address: string };

/**
 * Logs in. Never rejects for what a host does; each way out but 'ready' has destroyed its sockets.
 *
 * After the log-in has begun nothing is tried twice: OpenSSH 9.8 locks clients out that fail too often (PerSourcePenalties).
 */
export async function connectTo(
  target: Target,
  addresses: readonly string[],
  context: SshContext,
  budget: TimeBudget,
  signal: AbortSignal,
): Promise<Connected> {
  let resets = 0;
  let laters = 0;
  while (true) {
    const attempt = await attemptAddresses(target, addresses, context, budget, signal);
    if (attempt.kind === 'ready') return attempt;
    const waitMs = waitBefore(attempt.again, attempt.again === 'once' ? resets++ : laters++);
    const { failure, address } = attempt;
    if (waitMs === undefined || waitMs + MIN_ATTEMPT_MS > budget.remainingMs())
      return { kind: 'failed', failure, address };
    try {
      await sleep(waitMs, undefined, { signal });
    } catch {
      return { kind: 'failed', failure: interrupted('connect'), address };
    }
  }
}

/** Full jitter between half and the whole: those who were dropped together must not come back together. */
function waitBefore(again: Again, earlier: number): number | undefined {
  switch (again) {
    case 'never':
      return undefined;
    case 'once':
      return earlier > 0 ? undefined : 100 + 400 * Math.random();
    case 'later':
      return earlier >= MAX_LATER ? undefined : Math.min(3000, 200 * 2 ** earlier) * (0.5 + Math.random() / 2);
  }
}

/** Tries the addresses in turn until one answers on TCP; what happens after that is not tried on another. */
async function attemptAddresses(
  target: Target,
  addresses: readonly string[],
  context: SshContext,
  budget: TimeBudget,
  signal: AbortSignal,
): Promise<Attempt> {
  let last: Attempt | undefined;
  for (const [index, address] of addresses.entries()) {
    const share = Math.min(CONNECT_LIMIT_MS, budget.remainingMs()) / (addresses.length - index);
    const dialled = await dialTcp({ address, port: target.port, limitMs: share, signal });
    if (dialled.kind === 'open') {
      return { ...(await shakeHands(target, dialled.socket, context, budget, signal)), address };
    }
    last = { ...dialled, address };
    if (signal.aborted) break;
  }
  if (last === undefined) throw new TypeError('no address to dial');
  return last;
}

async function shakeHands(
  target: Target,
  socket: Socket,
  context: SshContext,
  budget: TimeBudget,
  signal: AbortSignal,
): Promise<Handshaken> {
  const { host, port, user } = target;
  const known = lookUpKnownHost(context.knownHosts.files, host, port);
  const { mendFile } = context.knownHosts;
  const waitingSince = performance.now();
  return new Promise((resolve, reject) => {
    // Whoever waits in the queue when the sweep is interrupted must not wait for a turn.
    const onAbort = () => {
      socket.destroy();
      resolve({ kind: 'failed', failure: interrupted('connect'), again: 'never' });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    context
      .turns(async () => {
        signal.removeEventListener('abort', onAbort);
        budget.extend(performance.now() - waitingSince);
        return handshake({
          socket,
          login: { host, port, user, identities: context.identities },
          known,
          verifyHostKey: (blob) => decideHostKey(blob, known, { host, port, mendFile }),
          limitMs: Math.min(HANDSHAKE_LIMIT_MS, budget.remainingMs()),
          signal,
        });
      })
      .then(resolve, reject);
  });
}
