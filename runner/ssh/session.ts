/** One command on one host, over SSH: the Transport of a visit. */
import type { Client, ClientChannel } from 'ssh2';
import type { Failure } from '../report.ts';
import { isTellingSilence } from '../telling-silence.ts';
import type { Exchange, Outcome, Transport } from '../transport.ts';
import { connectTo } from './connect.ts';
import type { SshContext } from './context.ts';
import type { Destination } from './destination.ts';
import { interrupted, secondsOf } from './dial-tcp.ts';
import { jumpLostWords } from './forward-failures.ts';
import { placeWithUser } from './route-words.ts';
import { hangUp, type Wire, type WireEnding } from './wire.ts';

/** The transport to one host. Each exchange dials anew, and nothing of it but connections to jump hosts is left open when it answers. */
export function sshTransport(destination: Destination, context: SshContext): Transport {
  return async (exchange) => {
    const { port } = destination;
    const nothing = { stderr: '', bytesReceived: 0 };
    if (exchange.signal.aborted) return { ...nothing, port, failure: interrupted('connect') };
    const connected = await connectTo(destination, context, exchange.deadlineMs, exchange.signal);
    const place = { port, ...(connected.address !== undefined && { address: connected.address }) };
    if (connected.kind === 'failed') return { ...nothing, ...place, failure: connected.failure };
    const { client, wire, budget } = connected;
    const said = await new Session(client, wire, exchange, placeWithUser(destination)).run(budget.remainingMs());
    return { ...place, ...said };
  };
}

/** stderr is drained so that the command never blocks on it, but a host that pours this much into it is flooding. */
const MAX_DRAINED_BYTES = 4 * 1024 * 1024;
/** What SSH itself may add to what the command says: its packets, window adjustments, keepalives. */
const PROTOCOL_BYTES = 1024 * 1024;

type Ending = { failure?: Failure };

class Session {
  readonly #client: Client;
  readonly #wire: Wire;
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

  constructor(client: Client, wire: Wire, exchange: Exchange, where: string) {
    this.#client = client;
    this.#wire = wire;
    this.#exchange = exchange;
    this.#where = where;
  }

  /** Rejects only with what `onOutput` throws. */
  async run(limitMs: number): Promise<Omit<Outcome, 'address' | 'port'>> {
    const { signal } = this.#exchange;
    const onAbort = () => this.#fail(interrupted('sample'));
    const timer = setTimeout(() => this.#fail(this.#tooLate(limitMs)), limitMs);
    const { failure } = await new Promise<Ending>((resolve) => {
      this.#end = resolve;
      signal.addEventListener('abort', onAbort, { once: true });
      this.#client.on('error', (error) => this.#fail(this.#lost(error)));
      this.#client.on('close', () => this.#fail(this.#lost()));
      this.#wire.stream.on('data', this.#onBytes);
      if (signal.aborted) onAbort();
      else if (this.#wire.isGone()) this.#fail(this.#lost());
      else this.#start();
    });
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    this.#wire.stream.off('data', this.#onBytes);
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
      channel.write(this.#exchange.input());
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
    const bytes = this.#wire.bytesReceived();
    if (bytes > this.#exchange.maxOutputBytes + MAX_DRAINED_BYTES + PROTOCOL_BYTES) {
      this.#fail(this.#tooMuch(`${bytes} bytes over the connection`));
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

  #hangUp(politely: boolean): void {
    if (!politely) {
      this.#wire.destroy();
      return;
    }
    try {
      this.#channel?.end();
    } catch {
      // The connection went in this very moment; hangUp() sees it.
    }
    hangUp(this.#client, this.#wire);
  }

  /** What the bytes are worth is for those to say who can read them: a banner is no answer. */
  #tooLate(leftMs: number): Failure {
    // Who hears nothing through a jump host that is silent itself knows nothing of the host behind it.
    const silence = this.#wire.ending() ?? this.#wire.silence();
    if (silence?.kind === 'jump-lost') return this.#lost(undefined, silence);
    const { deadlineMs } = this.#exchange;
    const limit = secondsOf(deadlineMs);
    if (this.#stdoutBytes + this.#stderrBytes > 0) {
      return { phase: 'deadline', kind: 'deadline-exceeded', message: `${this.#where} was not done within ${limit}` };
    }
    if (!isTellingSilence({ silentMs: leftMs, leftMs, deadlineMs, pauseMs: 0 })) {
      const message = `${this.#where} let us in only ${secondsOf(leftMs)} before the end of its ${limit}`;
      return { phase: 'deadline', kind: 'deadline-exceeded', message };
    }
    const message = `${this.#where} let us in, then nothing more came from it for the rest of the ${limit}: its system disk may hang. Look at its console.`;
    return { phase: 'deadline', kind: 'suspected-hung', message };
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

  #lost(error?: unknown, ending = this.#wire.ending()): Failure {
    const detail = detailOfLoss(error, ending);
    const phase = this.#channel === undefined ? 'exec' : 'sample';
    return {
      phase,
      kind: 'connection-lost',
      message: `The connection to ${this.#where} broke after the log-in${detail}`,
    };
  }
}

function detailOfLoss(error: unknown, ending: WireEnding | undefined): string {
  switch (ending?.kind) {
    case 'jump-lost':
      return `: ${jumpLostWords(ending.jump, ending.how)}`;
    case 'command-ended':
      return `: its ProxyCommand ${ending.how}${ending.said === '' ? '' : ` and said: ${ending.said}`}.`;
    case undefined:
      return error instanceof Error ? ` (${error.message.slice(0, 200)}).` : '.';
    default:
      return ending satisfies never;
  }
}
