/** Sends one JSON body to a URL that may be anybody's: where it leads is checked when it is dialled, and nothing is followed. */
import { lookup as systemLookup } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { guardedLookup, InwardName } from './guarded-lookup.ts';
import { urlProblem } from './url-problem.ts';

export interface PostRequest {
  readonly url: string;
  /** JSON. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether the configuration file itself names this scheme, host and port. Only then may the host be a literal address of this machine or
   * its link, and the scheme http on loopback. A name that leads there is refused always.
   */
  readonly isConfigured: boolean;
}

/** Messages hold no part of the URL but its host: it may be a secret. */
export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** Where this leads nothing is sent: an address of our own, a scheme that is not taken. It would be so again. */
  | { readonly kind: 'refused'; readonly message: string }
  /** No answer in time, no connection, no TLS that can be trusted: another time it may work. */
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** There was no connection: nobody can have got it. Absent: somebody may have. */
      readonly isUnsent?: true;
    };

/** Never rejects. */
export type Post = (request: PostRequest) => Promise<Posted>;

export interface PostOptions {
  /** How names become addresses; the system's resolver by default. */
  readonly lookup?: LookupFunction;
  /** Certificates to trust instead of Node's own list, PEM. */
  readonly ca?: string;
  /** From the first packet to the last byte of the answer; default 10 s. */
  readonly limitMs?: number;
}

/** No redirect is followed and no proxy used. The answer is read to its end, at most 64 KiB of it. */
export function createPost({
  lookup = systemLookup as LookupFunction,
  ca,
  limitMs = LIMIT_MS,
}: PostOptions = {}): Post {
  return ({ url: text, body, headers, isConfigured }) => {
    const problem = urlProblem(text, isConfigured);
    if (problem !== undefined) return Promise.resolve({ kind: 'refused', message: problem });
    const url = new URL(text);
    return send(url, body, limitMs, {
      method: 'POST',
      headers: {
        'user-agent': 'whodisk',
        accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
        ...headers,
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      },
      lookup: guardedLookup(lookup),
      // An agent of its own: the shared one may go through a proxy (NODE_USE_ENV_PROXY) and keeps connections.
      ...(url.protocol === 'https:'
        ? { agent: new HttpsAgent({ keepAlive: false }), ca }
        : { agent: new HttpAgent({ keepAlive: false }) }),
    });
  };
}

function send(url: URL, body: string, limitMs: number, options: RequestOptions): Promise<Posted> {
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
    let isConnected = false;
    request.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    const fail = (what: string): void => settle({ ...failed(url, what), ...(!isConnected && { isUnsent: true }) });
    const settle = (posted: Posted): void => {
      clearTimeout(timer);
      resolve(posted);
      request.destroy();
    };
    const timer = setTimeout(() => fail(`did not answer within ${limitMs / 1000} s`), limitMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      const inward = inwardIn(error);
      if (inward === undefined) fail(wordsFor(error.code));
      else settle({ kind: 'refused', message: inward.message });
    });
    request.on('response', (response) => readAnswer(response, settle, url));
    request.end(body);
  });
}

function readAnswer(response: IncomingMessage, settle: (posted: Posted) => void, url: URL): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const done = (): void => {
    const bytes = Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES);
    settle({ kind: 'answered', status: response.statusCode ?? 0, body: bytes.toString('utf8') });
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= MOST_ANSWER_BYTES) done();
  });
  response.on('end', done);
  response.on('error', () => settle(failed(url, 'ended in the middle of its answer')));
}

/** With several addresses Node wraps what each of them failed with. */
function inwardIn(error: unknown): InwardName | undefined {
  if (error instanceof InwardName) return error;
  return error instanceof AggregateError ? error.errors.find((each) => each instanceof InwardName) : undefined;
}

/** Of Node's own parser every code begins with HPE_. */
function wordsFor(code = 'no code'): string {
  return code.startsWith('HPE_') ? `does not speak HTTP (${code})` : `cannot be reached (${code})`;
}

const failed = (url: URL, what: string): Posted & { kind: 'failed' } => ({
  kind: 'failed',
  message: `${url.host} ${what}.`,
});

const LIMIT_MS = 10_000;
const MOST_ANSWER_BYTES = 64 * 1024;
