/** The embedded store for other processes: DynamoDB's API over HTTP on a Unix socket. Who may connect is decided by the folder's mode, 0700. */
import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Answer } from './engine.ts';
import { messageText } from './message-text.ts';

export interface SocketServer {
  /** Takes no more requests, waits for those that are under way, for at most `ms`, and cuts every connection. */
  drain(ms: number): Promise<void>;
}

/** DynamoDB's own limit of a request. */
const MOST_REQUEST_BYTES = 16 * 1024 * 1024;

/** @throws what listen(2) says */
export async function serveOnSocket(
  address: string,
  answer: (operation: string, body: string) => Promise<Answer>,
): Promise<SocketServer> {
  let underWay = 0;
  let isDraining = false;
  let drained: () => void = () => {};

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Cut, not answered: the client takes that as a sign to look for the next holder.
    if (isDraining) return void request.socket.destroy();
    underWay += 1;
    try {
      const body = await messageText(request, MOST_REQUEST_BYTES);
      if (body === undefined) return void request.socket.destroy();
      const { status, body: said } = await answer(operationOf(request), body);
      response.writeHead(status, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(said),
      });
      await new Promise<void>((resolve) => {
        response.once('close', resolve);
        response.end(said, resolve);
      });
    } finally {
      underWay -= 1;
      if (underWay === 0) drained();
    }
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    respond(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  server.on('error', () => {});
  // The command that holds the store ends when its work is done, whoever else would like it to go on.
  server.unref();
  chmodSync(address, 0o600);

  return {
    async drain(ms) {
      isDraining = true;
      server.close();
      if (underWay > 0) {
        const timer = setTimeout(() => drained(), ms);
        await new Promise<void>((resolve) => {
          drained = resolve;
        });
        clearTimeout(timer);
      }
      server.closeAllConnections();
    },
  };
}

const operationOf = (request: IncomingMessage): string =>
  String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
