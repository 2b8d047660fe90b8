/** A TCP connection that a jump host opens for us, a direct-tcpip channel of RFC 4254 section 7.2, as a wire. */
import type { Client, ClientChannel } from 'ssh2';
import { type Dialled, interrupted } from './dial-tcp.ts';
import { failureOfForward, forwardTimeout, jumpLost } from './forward-failures.ts';
import type { JumpLoss, Wire, WireEnding } from './wire.ts';

/** The connection to a jump host, shared by all hosts behind it. */
export interface JumpLine {
  readonly client: Client;
  /** How messages name the jump host. */
  readonly place: string;
  /** How it went; undefined while it is there. */
  readonly loss: () => JumpLoss | undefined;
  /** As in Wire: nothing comes from it or from a hop before it. */
  readonly silence: () => WireEnding | undefined;
}

export interface ForwardOptions {
  /** Looked up by the jump host: its names are not ours. */
  readonly host: string;
  readonly port: number;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** What ssh(1) -J names as the originator, who is never looked at. */
const ORIGIN = ['127.0.0.1', 65535] as const;

/** Never rejects. */
export function openForward(line: JumpLine, { host, port, limitMs, signal }: ForwardOptions): Promise<Dialled> {
  const place = { target: `${host} port ${port}`, jump: line.place };
  return new Promise((resolve) => {
    let settled = false;
    const settle = (dialled: Dialled): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(dialled);
    };
    const onAbort = (): void => settle({ kind: 'failed', failure: interrupted('connect'), again: 'never' });
    const timer = setTimeout(() => {
      const silence = line.silence();
      const isLost = silence?.kind === 'jump-lost';
      settle({ kind: 'failed', ...(isLost ? jumpLost(silence.jump, silence.how) : forwardTimeout(place, limitMs)) });
    }, limitMs);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const loss = line.loss();
    if (loss !== undefined) settle({ kind: 'failed', ...jumpLost(line.place, loss) });
    if (settled) return;
    const onAnswer = (error: (Error & { reason?: unknown }) | undefined, channel: ClientChannel): void => {
      if (error !== undefined) {
        const said = error.message.replace(/^\(SSH\) Channel open failure: /, '');
        const lost = line.loss();
        const failure = lost ? jumpLost(line.place, lost) : failureOfForward(place, error.reason, said);
        settle({ kind: 'failed', ...failure });
        return;
      }
      const wire = channelWire(channel, line);
      // Its answer came too late for whoever asked.
      if (settled) wire.destroy();
      else settle({ kind: 'open', wire });
    };
    try {
      line.client.forwardOut(...ORIGIN, host, port, onAnswer);
    } catch {
      // ssh2 throws where its socket is no longer writable.
      settle({ kind: 'failed', ...jumpLost(line.place, line.loss() ?? 'broke') });
    }
  });
}

/**
 * ssh2's channels are streams of their own kind: they emit 'close' only when the far side has closed too, destroy() does not make
 * them `destroyed`, and one whose far end is gone stays half open until this side ends.
 */
function channelWire(channel: ClientChannel, line: JumpLine): Wire {
  let bytesReceived = 0;
  let isGone = false;
  const destroy = (): void => {
    if (isGone) return;
    isGone = true;
    channel.removeAllListeners('data');
    channel.resume();
    if (line.loss() === undefined) channel.destroy();
  };
  channel.pause();
  channel.on('data', (chunk: Buffer) => {
    bytesReceived += chunk.length;
  });
  channel.on('error', () => {});
  // Through 'end' the SSH client hears of it; the answer to our own end brings the 'close'.
  channel.on('end', () => {
    if (line.loss() === undefined) channel.destroy();
  });
  channel.on('close', () => {
    isGone = true;
  });
  return {
    stream: channel,
    bytesReceived: () => bytesReceived,
    isGone: () => isGone || line.loss() !== undefined,
    destroy,
    finish: () => channel.end(() => channel.destroy()),
    silence: line.silence,
    ending: () => {
      const how = line.loss();
      return how === undefined ? undefined : { kind: 'jump-lost', jump: line.place, how };
    },
  };
}
