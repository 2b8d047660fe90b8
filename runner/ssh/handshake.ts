/** From an open socket to a log-in: greeting, key exchange, host key, authentication. */
import type { Socket } from 'node:net';
import { Client } from 'ssh2';
import { ALGORITHMS } from './algorithms.ts';
import { authAttempt, type Login } from './authentication.ts';
import { type BannerState, MAX_BANNER_BYTES, readBanner } from './banner.ts';
import { interrupted } from './dial-tcp.ts';
import { type HostKeyDecision, hostKeyAlgorithms } from './host-key.ts';
import type { KnownHost } from './known-hosts.ts';
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

export type Handshaken =
  | { readonly kind: 'ready'; readonly client: Client; readonly socket: Socket }
  | ({ readonly kind: 'failed' } & LoginFailure);

export interface HandshakeOptions {
  readonly socket: Socket;
  readonly login: Login;
  readonly known: KnownHost;
  /** Judges the host's key. Where it throws, the host is refused. */
  readonly verifyHostKey: (blob: Buffer) => HostKeyDecision;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** More than any log-in needs, its banners included: who sends more before we are in is flooding. */
const MAX_BYTES_BEFORE_LOGIN = 256 * 1024;
/** A greeting and a KEXINIT are below 40 KiB. */
const MAX_CLEAR_BYTES = 64 * 1024;

/** Never rejects. Where it fails, the socket is destroyed; where it is ready, both are the caller's. */
export function handshake(options: HandshakeOptions): Promise<Handshaken> {
  return new Promise((resolve) => new Handshake(options, resolve).start());
}

class Handshake {
  readonly #options: HandshakeOptions;
  readonly #resolve: (end: Handshaken) => void;
  readonly #client = new Client();
  readonly #hostKeys: string[];
  readonly #auth: ReturnType<typeof authAttempt>;
  #timer: NodeJS.Timeout | undefined;
  #stage: Stage = 'greeting';
  #settled = false;
  #banner: BannerState = { kind: 'waiting' };
  /** What came before encryption began, as far as it is needed for a message. */
  #clear = Buffer.alloc(0);
  #decision: HostKeyDecision | undefined;
  #verifierError: unknown;

  constructor(options: HandshakeOptions, resolve: (end: Handshaken) => void) {
    this.#options = options;
    this.#resolve = resolve;
    const { login, known } = options;
    this.#hostKeys = hostKeyAlgorithms(known);
    this.#auth = authAttempt(login, () => !this.#settled);
  }

  start(): void {
    const { socket, login, signal, limitMs } = this.#options;
    const client = this.#client;
    if (socket.destroyed) {
      // It broke while it waited for its turn; its 'close' is already past.
      this.#fail(failureOfCut(this.#progress()));
      return;
    }
    this.#timer = setTimeout(() => this.#fail(failureOfTimeout(this.#progress())), limitMs);
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
    });
    client.on('ready', () => this.#onReady());
    try {
      client.connect({
        sock: socket,
        username: login.user,
        ident: 'whodisk',
        // Our own timer is the only clock: ssh2's would emit two errors.
        readyTimeout: 0,
        algorithms: { ...ALGORITHMS, serverHostKey: this.#hostKeys } as NonNullable<
          Parameters<Client['connect']>[0]['algorithms']
        >,
        hostVerifier: (blob: Buffer) => this.#verify(blob),
        authHandler: this.#auth.handler,
      });
    } catch (error) {
      this.#fail(internal(this.#progress(), error, 'connect'));
      return;
    }
    // Behind connect(), which pauses the socket: so no byte is lost, and ours is the first listener to see each.
    socket.on('data', this.#onData);
  }

  readonly #onAbort = () =>
    this.#fail({ failure: interrupted(this.#stage === 'authentication' ? 'auth' : 'connect'), again: 'never' });

  readonly #onData = (chunk: Buffer) => {
    const { socket } = this.#options;
    if (this.#stage !== 'authentication' && this.#clear.length < MAX_CLEAR_BYTES) {
      this.#clear = Buffer.concat([this.#clear, chunk]);
    }
    if (this.#banner.kind === 'waiting') {
      this.#banner = readBanner(this.#clear.subarray(0, MAX_BANNER_BYTES));
      if (this.#banner.kind === 'ssh') this.#stage = 'key-exchange';
      if (this.#banner.kind === 'not-ssh') this.#fail(notSsh(this.#progress(), this.#banner.what));
    }
    if (socket.bytesRead > MAX_BYTES_BEFORE_LOGIN) {
      this.#fail(failureOfFlood(this.#progress(), MAX_BYTES_BEFORE_LOGIN));
    }
  };

  /** ssh2 takes anything but false for a yes, so that only a plain boolean may leave here. */
  #verify(blob: Buffer): boolean {
    try {
      this.#decision = this.#options.verifyHostKey(blob);
      return this.#decision.kind === 'accepted';
    } catch (error) {
      this.#decision = undefined;
      this.#verifierError = error ?? new Error('unknown');
      return false;
    }
  }

  #onReady(): void {
    const { socket } = this.#options;
    // Whatever ssh2 does: nobody is let in whose key was not accepted.
    if (this.#decision?.kind !== 'accepted') {
      this.#fail(internal(this.#progress(), new Error('the host key was not checked'), 'hostkey'));
      return;
    }
    if (this.#settled) return;
    this.#leave();
    this.#resolve({ kind: 'ready', client: this.#client, socket });
  }

  #onError(error: ClientError): void {
    if (this.#settled) return;
    if (this.#verifierError !== undefined) {
      this.#fail(internal(this.#progress(), this.#verifierError, 'hostkey'));
      return;
    }
    const decision = this.#decision;
    if (decision !== undefined && decision.kind !== 'accepted') {
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
    this.#auth.note(tooMany ? 'too many keys for this server: give the right one with --identity' : words);
    this.#fail({ failure: this.#auth.refused(), again: 'never' });
  }

  #progress(): Progress {
    const { host, port } = this.#options.login;
    const offerAt = this.#banner.kind === 'ssh' ? this.#banner.end : 0;
    return {
      place: `${host} port ${port}`,
      stage: this.#stage,
      clear: this.#clear,
      offer: this.#clear.subarray(offerAt),
      hostKeys: this.#hostKeys,
      limitMs: this.#options.limitMs,
    };
  }

  #fail({ failure, again }: LoginFailure): void {
    if (this.#settled) return;
    this.#leave();
    // destroy() of the client would leave the socket of a frozen peer open.
    this.#options.socket.destroy();
    this.#resolve({ kind: 'failed', failure, again });
  }

  #leave(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#clear = Buffer.alloc(0);
    this.#options.socket.off('data', this.#onData);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }
}

/**
 * sshd tells all its host keys after a log-in, and ssh2 has it prove each of them (hostkeys-prove-00@openssh.com): three
 * signatures on a host that may be saturated, for keys that we do not store. ssh2 leaves that out for servers that it does not
 * take for OpenSSH, and there is no option for it.
 */
function dropHostKeyRotation(client: Client): void {
  Object.defineProperty(client, '_remoteVer', { value: 'host-key-rotation-unwanted', writable: true });
}
