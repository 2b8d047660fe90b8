/**
 * The wire format between bundle.sh and us: length-prefixed frames, each announced by the nonce of this very run.
 *
 *     NONCE SP KIND SP LENGTH [SP LABEL] LF  payload of LENGTH bytes  LF
 *
 * The last frame is `NONCE end 0 complete` or `NONCE end 0 partial REASON`. Whatever stands before the first nonce (motd, rc
 * files) is noise. Only someone who has read our stdin can know the nonce, so an answer of another run, or one that a
 * process on the host has printed, is never taken for ours. What the payloads mean is decided elsewhere (capture.ts).
 */

export interface Frame {
  readonly kind: string;
  readonly label: string;
  readonly payload: Buffer;
}

export interface End {
  readonly complete: boolean;
  readonly reason: string;
}

/** A single frame larger than this is refused: the whole answer of a normal host is below 20 KB. */
const MAX_FRAME_BYTES = 1024 * 1024;
const MAX_HEADER_BYTES = 256;
const MAX_FRAMES = 500;
const HEADER = /^ ([a-z]{1,16}) (\d{1,7})(?: ([^\n]*))?$/;
const LINE_FEED = 10;

export class FrameReader {
  readonly frames: Frame[] = [];
  end: End | undefined;
  /** Headers or payloads that were cut or malformed and so dropped. */
  damaged = 0;
  readonly #nonce: Buffer;
  #rest: Buffer = Buffer.alloc(0);
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Bytes that must be there before another attempt can succeed: spares re-joining on every small chunk. */
  #wanted = 1;

  constructor(nonce: string) {
    if (!/^[0-9a-f]{32}$/.test(nonce)) throw new TypeError('a nonce is 32 lower-case hex digits');
    this.#nonce = Buffer.from(nonce, 'latin1');
  }

  /** Takes a piece of the stream; true once the END frame has been read, after which nothing more is taken. */
  push(chunk: Buffer): boolean {
    if (this.end) return true;
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#rest.length + this.#pendingBytes >= this.#wanted) this.#parse(false);
    return this.end !== undefined;
  }

  /** The stream is over: frames that stand behind one that was cut short are still found. */
  finish(): void {
    if (!this.end) this.#parse(true);
  }

  #parse(streamOver: boolean): void {
    const bytes = Buffer.concat([this.#rest, ...this.#pending]);
    this.#pending = [];
    this.#pendingBytes = 0;
    let at = 0;
    this.#wanted = 1;
    while (!this.end) {
      const start = bytes.indexOf(this.#nonce, at);
      if (start < 0) {
        // A nonce may be cut by the chunk's end: keep one byte less than it is long.
        at = Math.max(at, bytes.length - this.#nonce.length + 1);
        break;
      }
      const next = this.#readFrame(bytes, start, streamOver);
      if (next === undefined) {
        at = start;
        break;
      }
      at = next;
    }
    this.#rest = bytes.subarray(Math.min(at, bytes.length));
  }

  /** Where to go on after the frame at `start`; undefined when the rest of it has not arrived yet. */
  #readFrame(bytes: Buffer, start: number, streamOver: boolean): number | undefined {
    const labelStart = start + this.#nonce.length;
    // Looked for in the header's length only: a flood of bare nonces would have each one search all that follows.
    const headerLength = bytes.subarray(start, start + MAX_HEADER_BYTES + 1).indexOf(LINE_FEED);
    const lineEnd = start + headerLength;
    if (headerLength < 0) {
      if (!streamOver && bytes.length - start <= MAX_HEADER_BYTES) return undefined;
      this.damaged++;
      return labelStart;
    }
    const header = HEADER.exec(bytes.toString('latin1', labelStart, lineEnd));
    const [, kind, lengthText, label = ''] = header ?? [];
    const length = Number(lengthText);
    if (kind === 'end') {
      this.end = { complete: label === 'complete', reason: label.replace(/^(complete|partial ?)/, '') };
      return bytes.length;
    }
    if (kind === undefined || length > MAX_FRAME_BYTES || this.frames.length >= MAX_FRAMES) {
      this.damaged++;
      return labelStart;
    }
    const payloadStart = lineEnd + 1;
    const payloadEnd = payloadStart + length;
    if (bytes.length <= payloadEnd && !streamOver) {
      this.#wanted = payloadEnd + 1 - start;
      return undefined;
    }
    // A frame that was cut, or whose length lies, is dropped, and the search goes on inside it.
    if (bytes[payloadEnd] !== LINE_FEED) {
      this.damaged++;
      return payloadStart;
    }
    // `bytes` is our own copy of what came.
    this.frames.push({ kind, label, payload: bytes.subarray(payloadStart, payloadEnd) });
    return payloadEnd + 1;
  }
}
