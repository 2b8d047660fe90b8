/** Connections onwards, as a jump host makes them for its clients, and the ways in which it may not. */
import { connect } from 'node:net';
import type { Connection, ServerChannel } from 'ssh2';

/** What becomes of one request to connect to `host` and `port`, as the client wrote them. */
export type Forwarding =
  /** The port that was asked for, whatever host it was. */
  | 'open'
  | { readonly to: number }
  /** SSH_MSG_CHANNEL_OPEN_FAILURE with this reason (RFC 4254 section 5.1) and these words. */
  | { readonly reason: number; readonly words: string }
  | 'never-answered';

export interface Forwards {
  /** How many were asked for. */
  readonly asked: () => number;
  /** How many are open. */
  readonly open: () => number;
}

/** Has the server's connection forward as `decide` says; connections go to 127.0.0.1. */
export function forwardsOf(): Forwards & {
  readonly serve: (client: Connection, decide: (host: string, port: number) => Forwarding) => void;
} {
  let asked = 0;
  let open = 0;
  return {
    asked: () => asked,
    open: () => open,
    serve: (client, decide) => {
      client.on('tcpip', (accept, reject, { destIP, destPort }) => {
        asked++;
        const forwarding = decide(destIP, destPort);
        if (forwarding === 'never-answered') return;
        if (typeof forwarding === 'object' && 'reason' in forwarding) {
          refuse(client, reject, forwarding.reason, forwarding.words);
          return;
        }
        const socket = connect({
          port: forwarding === 'open' ? destPort : forwarding.to,
          host: '127.0.0.1',
          noDelay: true,
        });
        socket.once('error', () => refuse(client, reject, 2, 'Connection refused'));
        socket.once('connect', () => {
          open++;
          const channel: ServerChannel = accept();
          channel.on('error', () => {});
          channel.on('close', () => socket.destroy());
          socket.on('error', () => {});
          socket.on('close', () => {
            open--;
            channel.end();
          });
          socket.pipe(channel).pipe(socket);
        });
      });
    },
  };
}

/** ssh2's reject() knows one reason only. */
function refuse(client: Connection, reject: () => void, reason: number, words: string): void {
  const protocol = Reflect.get(client, '_protocol');
  const original = protocol.channelOpenFail;
  protocol.channelOpenFail = (remote: number) => original.call(protocol, remote, reason, words);
  reject();
  protocol.channelOpenFail = original;
}
