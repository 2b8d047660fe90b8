/** An SSH server in this process that misbehaves where it is told to. */
import type { Socket } from 'node:net';
import ssh2, { type AuthContext, type ServerChannel, type ServerConfig } from 'ssh2';
import { type Forwarding, type Forwards, forwardsOf } from './forwarding.ts';
import { makeKeyPair } from './key-pair.ts';
import type { FaultServer } from './tcp-server.ts';

export interface SshServerOptions {
  /** PEM of host keys; default one new ED25519 key. */
  readonly hostKeys?: readonly string[];
  /** Shows its host keys but holds others: what it signs with them is no proof. */
  readonly holdsOtherKeys?: boolean;
  readonly algorithms?: ServerConfig['algorithms'];
  /** Says that the client is in as soon as the keys are exchanged, whatever it asks. */
  readonly letsInUnasked?: boolean;
  /** All of 127.0.0.0/8 is this one server; default 127.0.0.1 alone. */
  readonly isEveryLoopback?: boolean;
  /** Default: every key is let in. */
  readonly onAuth?: (context: AuthContext) => void;
  /** Default: reads stdin and echoes it to stdout. */
  readonly onExec?: (channel: ServerChannel, command: string) => void;
  /** 'refuse-channel' as MaxSessions 0 does, 'refuse-exec' as a server that runs nothing. */
  readonly sessions?: 'refuse-channel' | 'refuse-exec';
  /** The raw socket of each connection that is let in, for what no SSH message can do. */
  readonly onReady?: (socket: Socket) => void;
  /** Makes it a jump host; default: nothing is forwarded. */
  readonly onForward?: (host: string, port: number) => Forwarding;
}

export interface SshServer extends FaultServer {
  /** Authentication requests that arrived, those for 'none' included. */
  readonly authAttempts: () => number;
  /** Bytes of stdin that commands got. */
  readonly stdin: () => string;
  /** How many commands' stdin has been closed. */
  readonly stdinClosed: () => number;
  /** Lines for a known_hosts file, one for each host key. */
  readonly knownHosts: string;
  readonly forwards: Forwards;
  /** Breaks every connection that is open, with a RST. */
  readonly cut: () => void;
}

/** PEM of a new private host key. */
export function makeHostKey(type?: Parameters<typeof makeKeyPair>[0]): string {
  return makeKeyPair(type).private;
}

/** A line of known_hosts for a private host key. */
export function knownHostsLine(names: string, privateKey: string): string {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return `${names} ${key.type} ${key.getPublicSSH().toString('base64')}`;
}

export async function startSshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const hostKeys = options.hostKeys ?? [makeHostKey()];
  const sockets = new Set<Socket>();
  let connections = 0;
  let authAttempts = 0;
  let stdinClosed = 0;
  let stdin = '';
  const forwards = forwardsOf();
  const shown = options.holdsOtherKeys ? hostKeys.map(withForgedSignature) : [...hostKeys];
  const config = { hostKeys: shown, ident: 'faulty' } as ServerConfig;
  if (options.algorithms !== undefined) config.algorithms = options.algorithms;
  const server = new ssh2.Server(config, (client) => {
    const socket: Socket = Reflect.get(client, '_sock');
    client.on('error', () => {});
    if (options.letsInUnasked) {
      const protocol = Reflect.get(client, '_protocol');
      client.once('handshake', () => {
        protocol._authsQueue.push('none');
        protocol.authSuccess();
      });
    }
    client.on('authentication', (context) => {
      authAttempts++;
      if (options.onAuth) options.onAuth(context);
      else if (context.method === 'publickey') context.accept();
      else context.reject(['publickey']);
    });
    client.on('ready', () => options.onReady?.(socket));
    if (options.onForward !== undefined) forwards.serve(client, options.onForward);
    client.on('session', (accept, reject) => {
      if (options.sessions === 'refuse-channel') {
        reject();
        return;
      }
      accept().on('exec', (acceptExec, rejectExec, info) => {
        if (options.sessions === 'refuse-exec') {
          rejectExec();
          return;
        }
        const channel = acceptExec();
        channel.on('error', () => {});
        channel.on('data', (chunk: Buffer) => {
          stdin += chunk.toString();
          if (options.onExec === undefined) channel.write(chunk);
        });
        channel.on('end', () => stdinClosed++);
        options.onExec?.(channel, info.command);
      });
    });
  });
  const inner = Reflect.get(server, '_srv');
  inner.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) =>
    server.listen(0, options.isEveryLoopback === true ? '0.0.0.0' : '127.0.0.1', resolve),
  );
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const { port } = address;
  return {
    port,
    connections: () => connections,
    open: () => sockets.size,
    authAttempts: () => authAttempts,
    stdin: () => stdin,
    stdinClosed: () => stdinClosed,
    knownHosts: hostKeys.map((key) => knownHostsLine(`[127.0.0.1]:${port}`, key)).join('\n'),
    forwards,
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** ssh2 takes a parsed key as it is. */
function withForgedSignature(privateKey: string): unknown {
  const [shown, held] = [privateKey, makeHostKey()].map((text) => ssh2.utils.parseKey(text));
  if (shown === undefined || held === undefined || shown instanceof Error || held instanceof Error) {
    throw new Error('a key of ours cannot be parsed');
  }
  return { key: Object.defineProperty(shown, 'sign', { value: held.sign.bind(held) }) };
}

/** Writes without end, as fast as the other side reads. */
export function flood(stream: NodeJS.WritableStream, chunk = Buffer.alloc(32 * 1024, 'A')): void {
  const more = () => {
    while (stream.writable && stream.write(chunk));
  };
  stream.on('drain', more);
  more();
}
