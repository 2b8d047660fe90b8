/** The body of a request or of an answer on the store's socket. */
import type { IncomingMessage } from 'node:http';

/** undefined where it is larger than `mostBytes`. Rejects where the other side went away before its end. */
export async function messageText(message: IncomingMessage, mostBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
