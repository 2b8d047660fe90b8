/** Dynalite over TCP, in a process of its own; says its port, then, as it is asked for it, what was written or who asked for what. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { createTableRequests } from './table-requests.ts';
import { createWriteCounter } from './write-counter.ts';

const counter = createWriteCounter();
const requests = createTableRequests();
const server = dynalite({ createTableMs: 0 });

// Beside dynalite's own listener: both get the bytes of the request, and its answer passes by here.
server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
  const operation = String(request.headers['x-amz-target']).replace(/^.*\./u, '');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('finish', () => {
    const body = Buffer.concat(chunks).toString();
    requests.note(request.headers.authorization ?? '', operation, body);
    if (response.statusCode === 200 && counter.isWrite(operation)) counter.note(operation, body, Date.now());
  });
});
server.on('clientError', (_, socket) => socket.destroy());
server.keepAliveTimeout = 60_000;

process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', (asked) => process.send?.(asked === 'requests' ? requests.seen() : counter.counts()));
