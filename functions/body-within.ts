/** A request's body, of which nobody has said how long it may be: read as it comes, and no further than somebody takes. */

export type BodyRead =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** It says to be longer, or has become so: the rest is not waited for. */
  | { readonly kind: 'too-long' }
  /** Whoever sent it went away in the middle. */
  | { readonly kind: 'cut-off' };

/**
 * Of a body that says to be longer nothing is read. Never rejects.
 *
 * This is not hono/body-limit, which makes a Request of the request where no length is said: of a request of @hono/node-server, which is
 * none of Node's own unless these are replaced, that throws.
 */
export async function bodyWithin(
  { headers, body }: Pick<Request, 'headers' | 'body'>,
  mostBytes: number,
): Promise<BodyRead> {
  if (Number(headers.get('content-length') ?? 0) > mostBytes) return { kind: 'too-long' };
  if (body === null) return { kind: 'bytes', bytes: new Uint8Array() };
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.byteLength;
      if (length > mostBytes) {
        // Cancelled, the connection would be cut while the client still writes, and the answer be lost with it: the server throws away
        // what comes for a moment, and then cuts.
        reader.releaseLock();
        return { kind: 'too-long' };
      }
      chunks.push(value);
    }
  } catch {
    return { kind: 'cut-off' };
  }
  return { kind: 'bytes', bytes: new Uint8Array(Buffer.concat(chunks, length)) };
}
