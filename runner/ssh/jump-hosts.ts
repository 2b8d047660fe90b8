/**
 * The jump hosts of a sweep. All hosts behind the same one share one connection to it, dialled when the first of them needs it: a
 * thousand log-ins on a bastion would meet its MaxStartups, and a failed one would be a thousand failed ones.
 */
import type { Client } from 'ssh2';
import type { Failure } from '../report.ts';
import type { Destination } from './destination.ts';
import { type Dialled, interrupted, secondsOf } from './dial-tcp.ts';
import { type JumpLine, openForward } from './forward.ts';
import { jumpFailed, jumpLostWords } from './forward-failures.ts';
import { placeWithUser } from './route-words.ts';
import { watchForSilence } from './silence.ts';
import type { TimeBudget } from './time-budget.ts';
import { createTurns } from './turns.ts';
import { hangUp, type JumpLoss, type Wire } from './wire.ts';

export type HopLogin =
  | { readonly kind: 'ready'; readonly client: Client; readonly wire: Wire }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface JumpRequest {
  readonly hop: Destination;
  /** What the jump host is asked to connect to. */
  readonly host: string;
  readonly port: number;
  /** Logs in to the hop; called for the first of the hosts behind it only. Must not reject for what a host does. */
  readonly logIn: (signal: AbortSignal) => Promise<HopLogin>;
  /** How long the connection onwards may take. */
  readonly limitMs: number;
  readonly budget: TimeBudget;
  readonly signal: AbortSignal;
}

export interface JumpHosts {
  /** A connection to `host` through `hop`. Rejects only with a bug of ours. */
  readonly connect: (request: JumpRequest) => Promise<Dialled>;
  /** Ends every connection to a jump host; nothing is dialled after it. */
  readonly close: () => void;
}

/** A jump host that is asked for hundreds of connections in one moment looks like a port scan. */
const OPENING_AT_A_TIME = 64;
/** Hosts that are down must not hold up the others behind the same jump host. */
const OPENING_HOLD_MS = 500;
/** A connection that broke is dialled once more; what breaks again would break for ever. */
const MOST_LOG_INS = 2;

/** Those of one sweep. */
export function createJumpHosts(): JumpHosts {
  const hops = new Map<string, JumpHost>();
  const closed = new AbortController();
  return {
    connect: (request) => {
      const key = keyOf(request.hop);
      const known = hops.get(key) ?? new JumpHost(request.hop, closed.signal);
      hops.set(key, known);
      return known.connect(request);
    },
    close: () => {
      closed.abort();
      // The first ones are the last of their chains: their goodbyes travel through the others.
      for (const hop of hops.values()) hop.close();
    },
  };
}

/** Two hosts share a hop only where everything about the way to it is the same, its own hops included. */
function keyOf(hop: Destination): string {
  const inOrder = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(hop, inOrder);
}

interface Line extends JumpLine {
  readonly kind: 'line';
  readonly wire: Wire;
}

type Reached = Line | { readonly kind: 'failed'; readonly failure: Failure };

class JumpHost {
  readonly #place: string;
  readonly #closed: AbortSignal;
  readonly #opening = createTurns(OPENING_AT_A_TIME, OPENING_HOLD_MS);
  #logIns = 0;
  /** A failure stays for the whole sweep: nobody is served by a thousand log-ins that all fail. */
  #reached: Promise<Reached> | undefined;
  #line: Line | undefined;

  constructor(hop: Destination, closed: AbortSignal) {
    this.#place = placeWithUser(hop);
    this.#closed = closed;
  }

  async connect(request: JumpRequest): Promise<Dialled> {
    const { budget, signal } = request;
    const limitMs = budget.remainingMs();
    if (this.#closed.aborted) return failed(interrupted('connect'));
    this.#reached ??= this.#logIn(request.logIn);
    const reached = await within(this.#reached, limitMs, signal);
    if (reached === 'aborted') return failed(interrupted('connect'));
    if (reached === 'late') return failed(this.#notReady(limitMs));
    if (reached.kind === 'failed') return { kind: 'failed', ...jumpFailed(this.#place, reached.failure) };

    let isWanted = true;
    const opening = this.#opening(async (): Promise<Dialled> => {
      if (!isWanted) return failed(interrupted('connect'));
      return openForward(reached, { ...request, limitMs: Math.min(request.limitMs, budget.remainingMs()) });
    });
    const opened = await within(opening, budget.remainingMs() + TIMER_SLACK_MS, signal);
    if (typeof opened !== 'string') return opened;
    isWanted = false;
    void opening.then((late) => late.kind === 'open' && late.wire.destroy());
    return failed(opened === 'aborted' ? interrupted('connect') : this.#notReady(limitMs));
  }

  close(): void {
    const line = this.#line;
    if (line === undefined || line.loss() !== undefined) return;
    hangUp(line.client, line.wire);
  }

  async #logIn(logIn: JumpRequest['logIn']): Promise<Reached> {
    this.#logIns++;
    const login = await logIn(this.#closed);
    if (login.kind === 'failed') return login;
    const { client, wire } = login;
    let loss: JumpLoss | undefined;
    const lose = (how: JumpLoss): void => {
      if (loss !== undefined) return;
      loss = how;
      watch.stop();
      wire.destroy();
      this.#reached = this.#logIns < MOST_LOG_INS ? undefined : Promise.resolve(this.#brokeAgain(how));
    };
    const watch = watchForSilence(wire, () => lose('fell-silent'));
    // ssh2 gives its ciphers back at 'end', before 'close': whoever writes to a channel in between must know.
    client.on('end', () => lose('broke'));
    client.on('close', () => lose('broke'));
    if (wire.isGone()) lose('broke');
    const line: Line = {
      kind: 'line',
      client,
      wire,
      place: this.#place,
      loss: () => loss ?? (wire.isGone() ? 'broke' : undefined),
      // Behind a hop that says nothing all others say nothing.
      silence: () =>
        wire.silence() ??
        (watch.isDoubtful() ? { kind: 'jump-lost', jump: this.#place, how: 'fell-silent' } : undefined),
    };
    this.#line = line;
    if (this.#closed.aborted) this.close();
    return line;
  }

  #brokeAgain(how: JumpLoss): Reached {
    const message = `${jumpLostWords(this.#place, how)} It was lost ${MOST_LOG_INS} times in this sweep and is not dialled again.`;
    return { kind: 'failed', failure: { phase: 'connect', kind: 'jump-failed', message } };
  }

  #notReady(limitMs: number): Failure {
    const message = `The jump host ${this.#place} was not ready within ${secondsOf(limitMs)}: it is down, busy or frozen.`;
    return { phase: 'connect', kind: 'jump-failed', message };
  }
}

/** So that what ends by its own limit, with its own message, comes first. */
const TIMER_SLACK_MS = 50;

function failed(failure: Failure): Dialled {
  return { kind: 'failed', failure, again: 'never' };
}

/** What `promise` answers, or why nobody waits for it any longer. */
async function within<T>(promise: Promise<T>, limitMs: number, signal: AbortSignal): Promise<T | 'late' | 'aborted'> {
  if (signal.aborted) return 'aborted';
  return new Promise((resolve, reject) => {
    const settle = (end: T | 'late' | 'aborted'): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(end);
    };
    const onAbort = (): void => settle('aborted');
    const timer = setTimeout(() => settle('late'), limitMs);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(settle, (error: unknown) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      reject(error);
    });
  });
}
