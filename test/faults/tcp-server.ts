/** Things that listen on a port and are no SSH server, or stop being one early. */
import { connect, createServer, type Socket } from 'node:net';

export interface FaultServer {
  readonly port: number;
  /** How many connections it has taken so far. */
  readonly connections: () => number;
  /** How many of them are still open. */
  readonly open: () => number;
  readonly stop: () => Promise<void>;
}

export async function startTcpServer(onConnection: (socket: Socket, nth: number) => void): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  // Half-open: the server end must not close by itself because the client has.
  const server = createServer({ allowHalfOpen: false, noDelay: true }, (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
    onConnection(socket, connections);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    connections: () => connections,
    open: () => sockets.size,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Takes the connection and never says a word. */
export const silent = (): void => {};

/** Greets for ever, in lines that are no identification. */
export function endlessBanner(socket: Socket): void {
  const more = () => {
    while (!socket.destroyed && socket.write(`${'x'.repeat(100)}\r\n`));
  };
  socket.on('drain', more);
  more();
}

/** One endless line. */
export function endlessLine(socket: Socket): void {
  const more = () => {
    while (!socket.destroyed && socket.write('x'.repeat(4096)));
  };
  socket.on('drain', more);
  more();
}

/** Answers as nginx answers an SSH client. */
export function webServer(socket: Socket): void {
  socket.once('data', () => {
    socket.end('HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nConnection: close\r\n\r\n<html></html>\r\n');
  });
}

/** Greets as OpenSSH does and sends nothing more. */
export function stallsInKeyExchange(socket: Socket): void {
  socket.write('SSH-2.0-OpenSSH_9.2p1\r\n');
}

/** Greets, then breaks the connection with a RST. */
export function resets(socket: Socket): void {
  socket.write('SSH-2.0-OpenSSH_9.2p1\r\n', () => setTimeout(() => socket.resetAndDestroy(), 20));
}

/** Greets, then sends bytes that are no packet. */
export function garbles(socket: Socket): void {
  socket.write('SSH-2.0-OpenSSH_9.2p1\r\n');
  socket.write(Buffer.alloc(2048, 0xff));
}

/** What sshd does when MaxStartups is reached. */
export function full(socket: Socket): void {
  socket.end('Exceeded MaxStartups\r\n');
}

/** What OpenSSH 9.8 and later does to a client that failed too often. */
export function lockedOut(socket: Socket): void {
  socket.end('Not allowed at this time\r\n');
}

/** Passes everything on to `port` and back, each piece `delayMs` late and cut into small ones. */
export function slowWay(socket: Socket, port: number, delayMs: number): void {
  const inner = connect({ port, host: '127.0.0.1', noDelay: true });
  const carry = (from: Socket, to: Socket) => {
    from.on('data', (chunk: Buffer) => {
      setTimeout(() => {
        for (let at = 0; at < chunk.length && !to.destroyed; at += 100) to.write(chunk.subarray(at, at + 100));
      }, delayMs);
    });
    from.on('close', () => setTimeout(() => to.destroy(), delayMs));
  };
  inner.on('error', () => socket.destroy());
  carry(socket, inner);
  carry(inner, socket);
}
