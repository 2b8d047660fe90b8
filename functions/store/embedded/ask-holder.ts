/** One request to the process that holds the store, over its Unix socket. */
import { type Agent, request as httpRequest } from 'node:http';
import type { Answer } from './engine.ts';
import { messageText } from './message-text.ts';

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
      messageText(response, MOST_ANSWER_BYTES).then((body) => {
        if (body === undefined) lost();
        else resolve({ status: response.statusCode ?? 0, body });
      }, lost);
    });
    request.end(body);
  });
}

const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
