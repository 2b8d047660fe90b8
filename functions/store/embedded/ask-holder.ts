/** One request to the process that holds the store, over its Unix socket. */
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Answer } from './engine.ts';

/**
 * @returns undefined where nobody listens, or whoever did went away before the answer was whole
 * @throws the signal's reason, once it is aborted
 */
export function askHolder(to: {
  socketPath: string;
  agent: Agent;
  operation: string;
  body: string;
  signal: AbortSignal | undefined;
}): Promise<Answer | undefined> {
  const { socketPath, agent, operation, body, signal } = to;
  return new Promise((resolve, reject) => {
    const lost = (): void => (signal?.aborted ? reject(signal.reason) : resolve(undefined));
    const request = httpRequest({
      socketPath,
      agent,
      method: 'POST',
      headers: {
        host: 'whodisk',
        'x-amz-target': operation,
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
      },
      ...(signal && { signal }),
    });
    request.on('error', lost);
    request.on('response', (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, body: text }), lost);
    });
    request.end(body);
  });
}

const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
