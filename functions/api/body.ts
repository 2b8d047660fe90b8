/** How much of a body is read, and what it may be. */
import type { MiddlewareHandler } from 'hono';
import { bodyWithin } from '../body-within.ts';
import { problem } from './problem.ts';

const MEBIBYTE = 1024 * 1024;
const MOST_BYTES = 4 * MEBIBYTE;

/** Counts the bytes as they come where no length is said, and reads nothing of a body that says to be longer. */
export const cappedBody: MiddlewareHandler = async (c, next) => {
  const { raw } = c.req;
  const read = await bodyWithin(raw, MOST_BYTES);
  switch (read.kind) {
    case 'bytes':
      c.req.raw = new Request(raw.url, { method: raw.method, headers: raw.headers, body: read.bytes });
      return next();
    case 'too-long':
      return problem(
        c,
        'too-large',
        `A body may have ${MOST_BYTES / MEBIBYTE} MiB: ask for fewer targets, or for a @group.`,
      );
    case 'cut-off':
      return problem(c, 'bad-json', 'The body ended before it was whole.');
    default:
      return read satisfies never;
  }
};

/** What a small compressed body becomes is not known before it has become it. */
export const plainBody: MiddlewareHandler = async (c, next) => {
  const encoding = c.req.header('content-encoding');
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return next();
  return problem(c, 'not-json', 'Send the body as it is, without a Content-Encoding.');
};
