/** SSH servers of this process that stand for hosts, each on a port of its own of 127.0.0.1, for one user with one key: a fleet to try. */
import { timingSafeEqual } from 'node:crypto';
import type { Server as NetServer, Socket } from 'node:net';
import type { Duplex, Writable } from 'node:stream';
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2';
import { newKey } from './new-key.ts';

/** What a host does with a command. Nobody else is asked to end the stream: it closes with the connection. */
export type HostAnswer = (session: HostSession) => void;

export interface HostSession {
  readonly command: string;
  /** Its stdin is what is read, its stdout what is written; 'close' says that the other side has gone. */
  readonly stream: Duplex;
  readonly stderr: Writable;
  /** Tells the status, and closes the stream. */
  end(status: number): void;
}

export interface LoopbackHosts {
  /** In the order of the answers. */
  readonly ports: readonly number[];
  readonly user: string;
  /** The only key that opens them, as OpenSSH keeps private keys. */
  readonly clientKey: string;
  /** Of all of them: type and base64, as known_hosts has it. */
  readonly hostKey: string;
  /** Breaks all connections. Resolves when no port is open any more. */
  stop(): Promise<void>;
}

const USER = 'demo';

/** What is left to others of this machine, who reach the ports too. */
const LIMITS = {
  /** From the connection to who it is, as sshd's LoginGraceTime. */
  loginMs: 10_000,
  /** Of one host, at a time; what comes beyond is closed at once. */
  connections: 20,
};

/** @throws where 127.0.0.1 has no port left */
export async function startLoopbackHosts(
  answers: readonly HostAnswer[],
  limits: Readonly<typeof LIMITS> = LIMITS,
): Promise<LoopbackHosts> {
  const host = newKey();
  const client = newKey();
  /** With what ends those that have not said who they are. */
  const sockets = new Map<Socket, NodeJS.Timeout>();
  const servers = answers.map((answer) => {
    const server = new ssh2.Server({ hostKeys: [host.private], ident: 'whodisk-demo' }, (connection) =>
      // Only known here once it has spoken, which some never do.
      serve(connection, client.parsed, answer, () => clearTimeout(sockets.get(Reflect.get(connection, '_sock')))),
    );
    const inner: NetServer = Reflect.get(server, '_srv');
    inner.maxConnections = limits.connections;
    inner.on('connection', (socket: Socket) => {
      const late = setTimeout(() => socket.destroy(), limits.loginMs);
      sockets.set(socket, late);
      socket.setNoDelay(true);
      socket.on('close', () => {
        clearTimeout(late);
        sockets.delete(socket);
      });
    });
    return server;
  });
  const stop = async (): Promise<void> => {
    for (const socket of sockets.keys()) socket.destroy();
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  };
  try {
    const ports = await Promise.all(servers.map(listening));
    return { ports, user: USER, clientKey: client.private, hostKey: publicLine(host.parsed), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listening(server: InstanceType<typeof ssh2.Server>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('a server on 127.0.0.1 has no port'));
    });
  });
}

function serve(connection: Connection, key: ParsedKey, answer: HostAnswer, isKnownNow: () => void): void {
  connection.on('ready', isKnownNow);
  connection.on('error', () => {});
  connection.on('authentication', (context) => {
    if (isKnown(context, key)) context.accept();
    else context.reject(['publickey']);
  });
  connection.on('session', (accept) => {
    accept().on('exec', (acceptExec, _, { command }) => {
      const channel = acceptExec();
      channel.on('error', () => {});
      const end = (status: number): void => {
        if (channel.destroyed) return;
        channel.exit(status);
        channel.end();
      };
      answer({ command, stream: channel, stderr: channel.stderr, end });
    });
  });
}

/** Other users of this machine reach the ports too. A first request only asks whether the key would do; it carries no signature. */
function isKnown(context: AuthContext, key: ParsedKey): boolean {
  if (context.method !== 'publickey' || context.username !== USER) return false;
  const [given, known] = [context.key.data, key.getPublicSSH()];
  if (context.key.algo !== key.type || given.length !== known.length || !timingSafeEqual(given, known)) return false;
  const { signature, blob, hashAlgo } = context;
  if (signature === undefined) return true;
  return blob !== undefined && key.verify(blob, signature, hashAlgo) === true;
}

function publicLine(key: ParsedKey): string {
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}
