/** What went wrong, as application/problem+json (RFC 9457): for a person the detail, for a program the type and the path of each mistake. */

import type { Context } from 'hono';
import * as z from 'zod';

/** Each kind with its status and its title. The type of a problem is `urn:whodisk:problem:KIND`. */
export const PROBLEMS = {
  'bad-json': { status: 400, title: 'The body is not JSON' },
  'bad-cursor': { status: 400, title: 'The cursor is not one that this list gave out' },
  'bad-key': { status: 400, title: 'The Idempotency-Key cannot be used' },
  'no-token': { status: 401, title: 'A token is needed' },
  'bad-token': { status: 401, title: 'The token is not good' },
  'wrong-scope': { status: 403, title: 'The token may not do this' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'no-such-method': { status: 405, title: 'This cannot be done here' },
  'not-ended': { status: 409, title: 'The sweep has not ended yet' },
  ended: { status: 409, title: 'The sweep has ended already' },
  'too-large': { status: 413, title: 'The body is too large' },
  'not-json': { status: 415, title: 'The body must be application/json' },
  invalid: { status: 422, title: 'The request cannot be carried out as it is' },
  'key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'too-many': { status: 429, title: 'Too many requests' },
  failed: { status: 500, title: 'whodisk failed by a fault of its own' },
  stopped: { status: 503, title: 'No sweep can be started now' },
  store: { status: 503, title: 'The store does not answer as it should' },
} as const;
export type ProblemKind = keyof typeof PROBLEMS;

export const problemSchema = z.object({
  type: z
    .enum(Object.keys(PROBLEMS).map(typeOf) as [string, ...string[]])
    .describe('Tells the kinds of problems apart'),
  title: z.string().describe('The same for every problem of this type'),
  status: z.int().describe('The HTTP status'),
  detail: z.string().describe('What was wrong here, and what to do about it'),
  errors: z
    .array(
      z.object({
        path: z
          .string()
          .describe('A JSON pointer into the body without its first slash, or the name of a parameter: "targets/3"'),
        message: z.string(),
      }),
    )
    .optional()
    .describe('Each mistake with its place; of very many only the first ones'),
});
export type Problem = z.infer<typeof problemSchema>;
export type Mistake = NonNullable<Problem['errors']>[number];

function typeOf(kind: string): string {
  return `urn:whodisk:problem:${kind}`;
}

export const PROBLEM_JSON = 'application/problem+json';
const MOST_MISTAKES = 20;

export function problemOf(kind: ProblemKind, detail: string, errors?: readonly Mistake[]): Problem {
  const { status, title } = PROBLEMS[kind];
  return { type: typeOf(kind), title, status, detail, ...(errors && { errors: errors.slice(0, MOST_MISTAKES) }) };
}

/** A word of the request in a sentence: it is data, so short and quoted. */
export const quoted = (word: string): string => JSON.stringify(word.slice(0, MOST_QUOTED_CHARACTERS));
const MOST_QUOTED_CHARACTERS = 300;

/** The answer, of which the type knows the status: an operation that does not document it does not compile. */
export function problem<K extends ProblemKind>(
  c: Context,
  kind: K,
  detail: string,
  more: { readonly errors?: readonly Mistake[]; readonly headers?: Readonly<Record<string, string>> } = {},
) {
  const { status }: { status: (typeof PROBLEMS)[K]['status'] } = PROBLEMS[kind];
  return c.json(problemOf(kind, detail, more.errors), status, { 'content-type': PROBLEM_JSON, ...more.headers });
}
