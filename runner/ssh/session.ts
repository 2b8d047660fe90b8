/** One command on one host, over SSH: the Transport of a visit. */
import type { Socket } from 'node:net';
import type { Client, ClientChannel } from 'ssh2';
import type { Failure } from '../report.ts';
import type { Exchange, Outcome, Transport } from '../transport.ts';
import { connectTo, type SshContext } from './connect.ts';
import { interrupted, secondsOf } from './dial-tcp.ts';
import type { Target } from './target.ts';
import { TimeBudget } from './time-budget.ts';

/** The transport to one target. Each exchange dials anew, and nothing of it is left open when it answers. */
export function sshTransport(target: Target, context: SshContext): Transport {
  return async (exchange) => {
    const { port } = target;
    const nothing = { stderr: '', bytesReceived: 0 };
    if (context.identities.files.length === 0 && context.identities.agent === undefined) {
      return { ...nothing, port, failure: noIdentity() };
    }
    if (exchange.signal.aborted) return { ...nothing, port, failure: interrupted('connect') };
    const resolved = await context.resolve(target.host);
    if ('failure' in resolved) return { ...nothing, port, failure: resolved.failure };

    const budget = new TimeBudget(exchange.deadlineMs);
    const connected = await connectTo(target, resolved.addresses, context, budget, exchange.signal);
    const place = { port, ...(connected.address === undefined ? {} : { address: connected.address }) };
    if (connected.kind === 'failed') return { ...nothing, ...place, failure: connected.failure };
    const where = `${target.user}@${target.host} port ${port}`;
    const said = await new Session(connected.client, connected.socket, exchange, where).run(budget.remainingMs());
    return { ...place, ...said };
  };
}

function noIdentity(): Failure {
  const message =
    'There is no key to log in with: give one with --identity FILE, start an agent (ssh-add), or make one (ssh-keygen -t ed25519).';
  return { phase: 'auth', kind: 'no-identity', message };
}

/** stderr is drained so that the command never blocks on it, but a host that pours this much into it is flooding. */
const MAX_DRAINED_BYTES = 4 * 1024 * 1024;
/** What SSH itself may add to what the command says: its packets, window adjustments, keepalives. */
const PROTOCOL_BYTES = 1024 * 1024;
/** How long a goodbye may take to be sent; after that the socket goes without. */
const GOODBYE_MS = 250;

type Ending = { failure?: Failure };

class Session {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #exchange: Exchange;
  readonly #where: string;
  readonly #stderr: Buffer[] = [];
  #stderrBytes = 0;
  #stdoutBytes = 0;
  #exit: { code?: number; signal?: string } | undefined;
  #channel: ClientChannel | undefined;
  #end: (ending: Ending) => void = () => {};
  #ended = false;
  #bug: { error: unknown } | undefined;

  constructor(client: Client, socket: Socket, exchange: Exchange, where: string) {
    this.#client = client;
    this.#socket = socket;
    this.#exchange = exchange;
    this.#where = where;
  }

  /** Rejects only with what `onOutput` throws. */
  async run(limitMs: number): Promise<Omit<Outcome, 'address' | 'port'>> {
    const { signal } = this.#exchange;
    const onAbort = () => this.#fail(interrupted('sample'));
    const timer = setTimeout(() => this.#fail(this.#tooLate()), limitMs);
    const { failure } = await new Promise<Ending>((resolve) => {
      this.#end = resolve;
      signal.addEventListener('abort', onAbort, { once: true });
      this.#client.on('error', (error) => this.#fail(this.#lost(error)));
      this.#client.on('close', () => this.#fail(this.#lost()));
      this.#socket.on('data', this.#onBytes);
      if (signal.aborted) onAbort();
      else if (this.#socket.destroyed) this.#fail(this.#lost());
      else this.#start();
    });
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    this.#socket.off('data', this.#onBytes);
    this.#hangUp(failure === undefined);
    if (this.#bug !== undefined) throw this.#bug.error;
    return {
      ...(failure === undefined ? {} : { failure }),
      stderr: Buffer.concat(this.#stderr).toString('utf8'),
      bytesReceived: this.#stdoutBytes + this.#stderrBytes,
      ...(this.#exit === undefined ? {} : { exit: this.#exit }),
    };
  }

  #start(): void {
    try {
      this.#client.exec(this.#exchange.command, (error, channel) => {
        // ssh2 calls back with an error when the socket closes, too; by then it has been said.
        if (this.#ended) return;
        if (error) this.#fail(this.#refused(error));
        else this.#converse(channel);
      });
    } catch (error) {
      this.#fail(this.#lost(error));
    }
  }

  #converse(channel: ClientChannel): void {
    this.#channel = channel;
    channel.on('error', (error: Error) => this.#fail(this.#lost(error)));
    channel.stderr.on('error', () => {});
    channel.on('data', (chunk: Buffer) => this.#onOutput(chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#onStderr(chunk));
    channel.on('exit', (code: number | null, signal?: string) => {
      this.#exit = typeof code === 'number' ? { code } : { ...(signal === undefined ? {} : { signal }) };
    });
    // 'close' comes behind the last data of both streams, and where no status is ever sent.
    channel.on('close', () => this.#fail(this.#endedEarly()));
    try {
      channel.write(this.#exchange.input);
    } catch (error) {
      this.#fail(this.#lost(error));
    }
  }

  #onOutput(chunk: Buffer): void {
    if (this.#ended) return;
    this.#stdoutBytes += chunk.length;
    const { maxOutputBytes, onOutput } = this.#exchange;
    if (this.#stdoutBytes > maxOutputBytes) {
      this.#fail(this.#tooMuch(`more than ${maxOutputBytes} bytes`));
      return;
    }
    try {
      if (onOutput(chunk)) this.#settle({});
    } catch (error) {
      this.#bug = { error };
      this.#settle({ failure: { phase: 'sample', kind: 'internal', message: String(error) } });
    }
  }

  #onStderr(chunk: Buffer): void {
    if (this.#ended) return;
    const room = this.#exchange.maxErrorBytes - this.#stderrBytes;
    if (room > 0) this.#stderr.push(Buffer.from(chunk.subarray(0, room)));
    this.#stderrBytes += chunk.length;
    if (this.#stderrBytes > MAX_DRAINED_BYTES)
      this.#fail(this.#tooMuch(`more than ${MAX_DRAINED_BYTES} bytes to stderr`));
  }

  /** Floods of packets that carry neither stream: keepalives, debug messages, new keys again and again. */
  readonly #onBytes = () => {
    if (this.#socket.bytesRead > this.#exchange.maxOutputBytes + MAX_DRAINED_BYTES + PROTOCOL_BYTES) {
      this.#fail(this.#tooMuch(`${this.#socket.bytesRead} bytes over the connection`));
    }
  };

  #fail(failure: Failure): void {
    this.#settle({ failure });
  }

  #settle(ending: Ending): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#end(ending);
  }

  /** A host that behaved gets a goodbye; from any other one the socket is taken away. */
  #hangUp(politely: boolean): void {
    const socket = this.#socket;
    if (!politely || socket.destroyed) {
      socket.destroy();
      return;
    }
    try {
      this.#channel?.end();
      this.#client.end();
    } catch {
      socket.destroy();
      return;
    }
    const timer = setTimeout(() => socket.destroy(), GOODBYE_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.destroySoon();
  }

  /** What the bytes are worth is for those to say who can read them: a banner is no answer. */
  #tooLate(): Failure {
    const limit = secondsOf(this.#exchange.deadlineMs);
    if (this.#stdoutBytes + this.#stderrBytes === 0) {
      const message = `${this.#where} let us in, then nothing more came from it for the rest of the ${limit}: its system disk may hang. Look at its console.`;
      return { phase: 'deadline', kind: 'suspected-hung', message };
    }
    const message = `${this.#where} sent something but was not done within ${limit}: its system disk may hang, or it needs more time (--deadline).`;
    return { phase: 'deadline', kind: 'deadline-exceeded', message };
  }

  #tooMuch(what: string): Failure {
    return { phase: 'sample', kind: 'output-cap', message: `${this.#where} sent ${what}: it floods, and was cut off.` };
  }

  #refused(error: Error): Failure {
    const message = `${this.#where} let us in but ran no command (${error.message.slice(0, 200)}): look at MaxSessions and ForceCommand in its sshd_config and at the authorized_keys line.`;
    return { phase: 'exec', kind: 'exec-refused', message };
  }

  #endedEarly(): Failure {
    const { code, signal } = this.#exit ?? {};
    const how = code !== undefined ? `with status ${code}` : (signal ?? 'without a status');
    return {
      phase: 'sample',
      kind: 'ended-early',
      message: `On ${this.#where} the command ended ${how} before its answer was whole.`,
    };
  }

  #lost(error?: unknown): Failure {
    const detail = error instanceof Error ? ` (${error.message.slice(0, 200)})` : '';
    const phase = this.#channel === undefined ? 'exec' : 'sample';
    return {
      phase,
      kind: 'connection-lost',
      message: `The connection to ${this.#where} broke after the log-in${detail}.`,
    };
  }
}
