/** The parts of an address and the headers that operations take. */
import '@hono/zod-openapi';
import * as z from 'zod';
import { VERDICTS } from '../../runner/triage/finding.ts';
import { ULID } from '../render/sweep-time.ts';

// An id that is none is no mistake of its own: there is no such sweep.
const id = z.string().openapi({
  param: { name: 'id', in: 'path' },
  type: 'string',
  description: 'The id of the sweep, a ULID',
});
const host = z.string().openapi({
  param: { name: 'host', in: 'path' },
  description: "The host's name, percent-encoded: a slash in it is %2F",
});
export const sweepPath = z.object({ id });
export const sweepHostPath = z.object({ id, host });
export const hostPath = z.object({ host });

/** Of a page where none is said. */
export const DEFAULT_LIMIT = 50;

function limitUpTo(most: number) {
  const message = `a whole number from 1 to ${most}`;
  return z
    .string()
    .regex(/^[0-9]{1,6}$/, message)
    .transform(Number)
    .pipe(z.int().min(1, message).max(most, message))
    .optional()
    .openapi({
      param: { name: 'limit', in: 'query' },
      type: 'integer',
      minimum: 1,
      maximum: most,
      default: DEFAULT_LIMIT,
      description: 'Entries of a page',
    });
}

const cursor = z
  .string()
  .optional()
  .openapi({ param: { name: 'cursor', in: 'query' }, description: '`nextCursor` of the page before' });

export const pageQuery = z.strictObject({ limit: limitUpTo(100), cursor });
export const rankingQuery = z.strictObject({
  limit: limitUpTo(1000),
  cursor,
  verdict: z
    .enum(VERDICTS)
    .optional()
    .openapi({ param: { name: 'verdict', in: 'query' }, description: 'Only hosts of this verdict' }),
});

const sweepName = (name: 'from' | 'to', description: string) =>
  z
    .string()
    .regex(ULID, 'the id of a sweep: 26 digits and capital letters, as in GET /v1/sweeps')
    .optional()
    .openapi({ param: { name, in: 'query' }, description });
export const diffQuery = z.strictObject({
  from: sweepName(
    'from',
    'The earlier sweep; default: the newest one before `to` that was asked for with the same targets',
  ),
  to: sweepName('to', 'The later sweep; default: the newest one that has ended'),
});

export const idempotency = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 characters from "!" to "~"')
    .optional()
    .openapi({
      description:
        'Asked again with the same key within a day, the same sweep is answered and none is started; best a UUID. Each token has keys of its own',
    }),
});
