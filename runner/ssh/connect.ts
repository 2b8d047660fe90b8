/** From a destination to a log-in: the way there, the handshake, and what is worth trying again. */
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'ssh2';
import type { Failure } from '../report.ts';
import { noIdentity } from './authentication.ts';
import type { SshContext } from './context.ts';
import type { Destination } from './destination.ts';
import { type Again, dialTcp, interrupted } from './dial-tcp.ts';
import { type Handshaken, type HandshakeOptions, handshake } from './handshake.ts';
import { hostKeyCheck } from './host-key-check.ts';
import { startProxyCommand } from './proxy-command.ts';
import { TimeBudget } from './time-budget.ts';
import type { Wire } from './wire.ts';

export type Connected =
  | {
      readonly kind: 'ready';
      readonly client: Client;
      readonly wire: Wire;
      /** Absent where somebody else looked the name up. */
      readonly address?: string;
      readonly budget: TimeBudget;
    }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly address?: string };

const CONNECT_LIMIT_MS = 10_000;
const HANDSHAKE_LIMIT_MS = 10_000;
/** How long who says nothing may keep others from their turn: longer than a way around the world takes. Waiting for it costs no CPU. */
const SILENCE_HOLD_MS = 400;
/** A full server (MaxStartups) lets some of those who come again in. */
const MAX_LATER = 12;
/** With less than this left of the deadline another attempt could not come to anything. */
const MIN_ATTEMPT_MS = 500;
/** A jump host's own failure must come before the deadlines of those who wait for it, or nobody would hear of it. */
const HOP_SHARE = 0.9;
/** Questions that a jump host answers as long as it is there; jump-hosts.ts watches for the answers. */
const KEEP_ALIVE_MS = 2000;

type Attempt = Handshaken & { readonly address?: string };
/** What an attempt needs and what does not change from one to the next. */
interface Plan {
  readonly destination: Destination;
  readonly context: SshContext;
  readonly limitMs: number;
  readonly budget: TimeBudget;
  readonly signal: AbortSignal;
  /** Where the host is dialled directly, never empty. */
  readonly addresses: readonly string[];
  readonly login: Pick<HandshakeOptions, 'login' | 'hostKey' | 'keepAliveMs'>;
}

/**
 * Logs in. Never rejects for what a host does; each way out but 'ready' has destroyed what it opened.
 *
 * After the log-in has begun nothing is tried twice: OpenSSH 9.8 locks clients out that fail too often (PerSourcePenalties).
 *
 * @param limitMs from the first dial; looking the name up and asking for passphrases come before
 * @param keepsAlive for a connection that lasts as long as the sweep
 */
export async function connectTo(
  destination: Destination,
  context: SshContext,
  limitMs: number,
  signal: AbortSignal,
  keepsAlive = false,
): Promise<Connected> {
  const identities = await context.identitySets.of(destination);
  if (identities.files.length === 0 && identities.agent === undefined) {
    return { kind: 'failed', failure: noIdentity(identities) };
  }
  const hostKey = await hostKeyCheck(destination, context);
  if ('failure' in hostKey) return { kind: 'failed', failure: hostKey.failure };
  const addresses = await addressesFor(destination, context);
  if ('failure' in addresses) return { kind: 'failed', failure: addresses.failure };

  const login = { login: { destination, identities }, hostKey, ...(keepsAlive && { keepAliveMs: KEEP_ALIVE_MS }) };
  const budget = new TimeBudget(limitMs);
  const plan = { destination, context, limitMs, budget, signal, ...addresses, login };
  let resets = 0;
  let laters = 0;
  while (true) {
    const attempt = await tryOnce(plan);
    const place = { ...(attempt.address !== undefined && { address: attempt.address }) };
    if (attempt.kind === 'ready') return { ...attempt, budget };
    const waitMs = waitBefore(attempt.again, attempt.again === 'once' ? resets++ : laters++);
    if (waitMs === undefined || waitMs + MIN_ATTEMPT_MS > budget.remainingMs()) {
      return { kind: 'failed', failure: attempt.failure, ...place };
    }
    try {
      await sleep(waitMs, undefined, { signal });
    } catch {
      return { kind: 'failed', failure: interrupted('connect'), ...place };
    }
  }
}

/** Names are only ours to look up where we dial ourselves: behind a jump host they may mean something else. */
async function addressesFor(
  { via, host, addressFamily }: Destination,
  { resolve }: SshContext,
): Promise<{ addresses: readonly string[] } | { failure: Failure }> {
  return via.kind === 'direct' ? resolve(host, addressFamily) : { addresses: [] };
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

async function tryOnce(plan: Plan): Promise<Attempt> {
  const { destination, context, limitMs, budget, signal } = plan;
  const { via, host, port } = destination;
  const literal = isIP(host) === 0 ? {} : { address: host };
  switch (via.kind) {
    case 'direct':
      return tryAddresses(plan);
    case 'jump': {
      const { hop } = via;
      const logIn = (closed: AbortSignal) => connectTo(hop, context, limitMs * HOP_SHARE, closed, true);
      const connectMs = connectLimitMs(plan);
      const dialled = await context.jumpHosts.connect({ hop, host, port, logIn, limitMs: connectMs, budget, signal });
      if (dialled.kind === 'failed') return { ...dialled, ...literal };
      return { ...(await shakeHandsOn(plan, dialled.wire)), ...literal };
    }
    case 'command':
      // Starting a process is work on this machine too, and what it starts may be another handshake: its silence is no idleness.
      return { ...(await inTurn(plan, () => shakeHands(plan, startProxyCommand(via.command), () => {}))), ...literal };
    default:
      return via satisfies never;
  }
}

/**
 * Tries the addresses one after the other until one answers on TCP; what happens after that is not tried on another. It dials when it is its
 * turn: many SYNs at once overflow the queue of whoever listens there (128 connections in sshd), and come again a second later.
 */
function tryAddresses(plan: Plan): Promise<Attempt> {
  return inTurnUnlessSilent(plan, async (onGreeting) => {
    const { addresses, destination, signal } = plan;
    let last: Attempt | undefined;
    for (const [index, address] of addresses.entries()) {
      const share = connectLimitMs(plan) / (addresses.length - index);
      const dialled = await dialTcp({ address, port: destination.port, limitMs: share, signal });
      if (dialled.kind === 'open') return { ...(await shakeHands(plan, dialled.wire, onGreeting)), address };
      last = { ...dialled, address };
      if (signal.aborted) break;
    }
    if (last === undefined) throw new TypeError('no address to dial');
    return last;
  });
}

function connectLimitMs({ destination, budget }: Plan): number {
  return Math.min(destination.connectTimeoutMs ?? CONNECT_LIMIT_MS, budget.remainingMs());
}

/** Waiting for it is not counted against the host; whoever waits when the sweep is interrupted is done. */
async function inTurn(
  { context, budget, signal }: Plan,
  work: (letGo: () => void) => Promise<Attempt>,
): Promise<Attempt> {
  const waitingSince = performance.now();
  return new Promise((resolve, reject) => {
    const tooLate = (): Attempt => ({ kind: 'failed', failure: interrupted('connect'), again: 'never' });
    const onAbort = () => resolve(tooLate());
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    context
      .turns(async (letGo): Promise<Attempt> => {
        signal.removeEventListener('abort', onAbort);
        if (signal.aborted) return tooLate();
        budget.extend(performance.now() - waitingSince);
        return work(letGo);
      })
      .then(resolve, reject);
  });
}

/** Whoever has not been greeted for a moment goes on without a turn: waiting is no work, and others have some. */
function inTurnUnlessSilent(plan: Plan, work: (onGreeting: () => void) => Promise<Attempt>): Promise<Attempt> {
  return inTurn(plan, async (letGo) => {
    const timer = setTimeout(letGo, SILENCE_HOLD_MS);
    try {
      return await work(() => clearTimeout(timer));
    } finally {
      clearTimeout(timer);
    }
  });
}

/** A wire that is there already, and ends with whoever waits for a turn on it. */
async function shakeHandsOn(plan: Plan, wire: Wire): Promise<Attempt> {
  const attempt = await inTurnUnlessSilent(plan, (onGreeting) => shakeHands(plan, wire, onGreeting));
  if (attempt.kind === 'failed') wire.destroy();
  return attempt;
}

function shakeHands({ budget, signal, login }: Plan, wire: Wire, onGreeting: () => void): Promise<Handshaken> {
  const limitMs = Math.min(HANDSHAKE_LIMIT_MS, budget.remainingMs());
  return handshake({ wire, ...login, limitMs, signal, onGreeting });
}
