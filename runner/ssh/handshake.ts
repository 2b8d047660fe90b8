/** From an open connection to a log-in: greeting, key exchange, host key, authentication. */
import { type AuthHandlerMiddleware, Client } from 'ssh2';
import { ALGORITHMS, type Offer, offerOf } from './algorithms.ts';
import { authAttempt, type Login } from './authentication.ts';
import { type BannerState, MAX_BANNER_BYTES, readBanner } from './banner.ts';
import { interrupted } from './dial-tcp.ts';
import { type HostKeyDecision, hostKeyAlgorithms } from './host-key.ts';
import type { HostKeyCheck } from './host-key-check.ts';
import { dropHostKeyRotation } from './host-key-rotation.ts';
import {
  type ClientError,
  failureOfCut,
  failureOfError,
  failureOfFlood,
  failureOfTimeout,
  internal,
  type LoginFailure,
  notSsh,
  type Progress,
  type Stage,
} from './login-failures.ts';
import { placeOf } from './route-words.ts';
import type { Wire } from './wire.ts';

export type Handshaken =
  | { readonly kind: 'ready'; readonly client: Client; readonly wire: Wire }
  | ({ readonly kind: 'failed' } & LoginFailure);

export interface HandshakeOptions {
  readonly wire: Wire;
  readonly login: Login;
  /** Where it throws, the host is refused. */
  readonly hostKey: HostKeyCheck;
  /** Asks the host this often whether it is still there; who hears no answer must see to it. */
  readonly keepAliveMs?: number;
  /** It greeted as an SSH server: from now on it costs CPU time here. */
  readonly onGreeting?: () => void;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** More than any log-in needs, its banners included: who sends more before we are in is flooding. */
const MAX_BYTES_BEFORE_LOGIN = 256 * 1024;
/** A greeting and a KEXINIT are below 40 KiB. */
const MAX_CLEAR_BYTES = 64 * 1024;

/** Never rejects. Where it fails, the wire is destroyed; where it is ready, both are the caller's. */
export function handshake(options: HandshakeOptions): Promise<Handshaken> {
  return new Promise((resolve) => new Handshake(options, resolve).start());
}

class Handshake {
  readonly #options: HandshakeOptions;
  readonly #resolve: (end: Handshaken) => void;
  readonly #client = new Client();
  readonly #offered: Offer;
  readonly #auth: ReturnType<typeof authAttempt>;
  #timer: NodeJS.Timeout | undefined;
  #stage: Stage = 'greeting';
  #settled = false;
  #banner: BannerState = { kind: 'waiting' };
  /** What came before encryption began, as far as it is needed for a message. */
  #clear = Buffer.alloc(0);
  #decision: HostKeyDecision | undefined;
  #verifierError: unknown;
  /** Its key is one that we see for the first time. */
  #newKey: Buffer | undefined;
  /** Whether that could be kept: nobody logs in before. */
  #kept: Promise<boolean> | undefined;
  #isKept = false;

  constructor(options: HandshakeOptions, resolve: (end: Handshaken) => void) {
    this.#options = options;
    this.#resolve = resolve;
    const { login, hostKey } = options;
    this.#offered = offerOf(login.destination.algorithms, hostKeyAlgorithms(hostKey.known));
    this.#auth = authAttempt(login, () => !this.#settled);
  }

  start(): void {
    const { wire, login, signal, limitMs, keepAliveMs } = this.#options;
    const client = this.#client;
    if (wire.isGone()) {
      // It broke while it waited for its turn; its 'close' is already past.
      this.#fail(failureOfCut(this.#progress()));
      return;
    }
    this.#timer = setTimeout(() => {
      const progress = this.#progress();
      this.#fail(failureOfTimeout({ ...progress, ending: progress.ending ?? wire.silence() }));
    }, limitMs);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) {
      this.#onAbort();
      return;
    }
    // This listener stays for good: ssh2 tells some ends twice, and an 'error' that nobody hears ends the process.
    client.on('error', (error: ClientError) => this.#onError(error));
    client.on('close', () => this.#fail(failureOfCut(this.#progress())));
    client.on('handshake', () => {
      this.#stage = 'authentication';
      dropHostKeyRotation(client);
      // Only now the host has proved that it holds the key.
      if (this.#newKey !== undefined) this.#kept ??= this.#keep(this.#newKey);
    });
    client.on('ready', () => this.#onReady());
    try {
      client.connect({
        sock: wire.stream,
        username: login.destination.user,
        ident: 'whodisk',
        // Our own timer is the only clock: ssh2's would emit two errors.
        readyTimeout: 0,
        algorithms: algorithmsOf(this.#offered),
        hostVerifier: (blob: Buffer) => this.#verify(blob),
        authHandler: this.#authHandler,
        ...(keepAliveMs && { keepaliveInterval: keepAliveMs, keepaliveCountMax: Number.MAX_SAFE_INTEGER }),
      });
    } catch (error) {
      this.#fail(internal(this.#progress(), error, 'connect'));
      return;
    }
    // Behind connect(), which pauses the stream: so no byte is lost, and ours hears each before ssh2 does.
    wire.stream.on('data', this.#onData);
  }

  readonly #onAbort = () =>
    this.#fail({ failure: interrupted(this.#stage === 'authentication' ? 'auth' : 'connect'), again: 'never' });

  readonly #onData = (chunk: Buffer) => {
    if (this.#stage !== 'authentication' && this.#clear.length < MAX_CLEAR_BYTES) {
      this.#clear = Buffer.concat([this.#clear, chunk]);
    }
    if (this.#banner.kind === 'waiting') {
      this.#banner = readBanner(this.#clear.subarray(0, MAX_BANNER_BYTES));
      if (this.#banner.kind === 'ssh') {
        this.#stage = 'key-exchange';
        this.#options.onGreeting?.();
      }
      if (this.#banner.kind === 'not-ssh') this.#fail(notSsh(this.#progress(), this.#banner.what));
    }
    if (this.#options.wire.bytesReceived() > MAX_BYTES_BEFORE_LOGIN) {
      this.#fail(failureOfFlood(this.#progress(), MAX_BYTES_BEFORE_LOGIN));
    }
  };

  /** ssh2 takes anything but false for a yes, so that only a plain boolean may leave here. */
  #verify(blob: Buffer): boolean {
    try {
      this.#decision = this.#options.hostKey.verify(blob);
      if (this.#decision.kind === 'new') this.#newKey = Buffer.from(blob);
      return isPassed(this.#decision);
    } catch (error) {
      this.#decision = undefined;
      this.#verifierError = error ?? new Error('unknown');
      return false;
    }
  }

  async #keep(blob: Buffer): Promise<boolean> {
    const failure = await this.#options.hostKey.keepNew(blob);
    if (failure === undefined) this.#isKept = true;
    else this.#fail({ failure, again: 'never' });
    return this.#isKept;
  }

  /** No name and no key of ours is told to a host whose own key is not yet settled. */
  readonly #authHandler: AuthHandlerMiddleware = (left, partial, next) => {
    if (this.#kept === undefined) {
      this.#auth.handler(left, partial, next);
      return;
    }
    void this.#kept.then((isKept) => {
      if (isKept && !this.#settled) this.#auth.handler(left, partial, next);
    });
  };

  #onReady(): void {
    const { wire } = this.#options;
    // Whatever ssh2 does: nobody is let in whose key was not accepted.
    if (!isPassed(this.#decision)) {
      this.#fail(internal(this.#progress(), new Error('the host key was not checked'), 'hostkey'));
      return;
    }
    // Nor before that is settled, by a success that we never asked for.
    if (this.#newKey !== undefined && !this.#isKept) {
      this.#fail(failureOfError(this.#progress(), new Error('it let us in before we asked')));
      return;
    }
    if (this.#settled) return;
    this.#leave();
    this.#resolve({ kind: 'ready', client: this.#client, wire });
  }

  #onError(error: ClientError): void {
    if (this.#settled) return;
    if (this.#verifierError !== undefined) {
      this.#fail(internal(this.#progress(), this.#verifierError, 'hostkey'));
      return;
    }
    const decision = this.#decision;
    if (decision !== undefined && decision.kind !== 'accepted' && decision.kind !== 'new') {
      this.#fail({ failure: { phase: 'hostkey', kind: decision.kind, message: decision.message }, again: 'never' });
      return;
    }
    const isOneKeyOnly = error.level === 'agent' || error.level === 'client-authentication';
    if (isOneKeyOnly && !/^All configured authentication methods failed/.test(error.message)) {
      this.#auth.note(error.message.replace(/^Error signing data with key: /, ''));
      return;
    }
    if (isOneKeyOnly) this.#fail({ failure: this.#auth.refused(), again: 'never' });
    else if (typeof error.code === 'number' && this.#stage === 'authentication') this.#hungUpOn(error.message);
    else this.#fail(failureOfError(this.#progress(), error));
  }

  /** SSH_MSG_DISCONNECT in the middle of the authentication: the server's own words explain the refusal. */
  #hungUpOn(words: string): void {
    const tooMany = /too many authentication failures/i.test(words);
    this.#auth.note(tooMany ? TOO_MANY_KEYS : words);
    this.#fail({ failure: this.#auth.refused(), again: 'never' });
  }

  #progress(): Progress {
    const { login, wire, limitMs } = this.#options;
    const offerAt = this.#banner.kind === 'ssh' ? this.#banner.end : 0;
    return {
      place: placeOf(login.destination),
      stage: this.#stage,
      clear: this.#clear,
      offer: this.#clear.subarray(offerAt),
      offered: this.#offered,
      limitMs,
      ending: wire.ending(),
    };
  }

  #fail({ failure, again }: LoginFailure): void {
    if (this.#settled) return;
    this.#leave();
    // destroy() of the client would leave the socket of a frozen peer open.
    this.#options.wire.destroy();
    this.#resolve({ kind: 'failed', failure, again });
  }

  #leave(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#clear = Buffer.alloc(0);
    this.#options.wire.stream.off('data', this.#onData);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }
}

const TOO_MANY_KEYS =
  'too many keys for this server: name the right one with --identity, or with IdentityFile and IdentitiesOnly in the ssh configuration';

function isPassed(decision: HostKeyDecision | undefined): boolean {
  return decision?.kind === 'accepted' || decision?.kind === 'new';
}

type Algorithms = NonNullable<Parameters<Client['connect']>[0]['algorithms']>;

function algorithmsOf({ kex, cipher, mac, hostKey }: Offer): Algorithms {
  const { compress } = ALGORITHMS;
  return { kex: [...kex], cipher: [...cipher], hmac: [...mac], serverHostKey: [...hostKey], compress } as Algorithms;
}
