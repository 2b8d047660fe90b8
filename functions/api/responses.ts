/** The answers that an operation documents. */
import type { ZodType } from 'zod';
import { PROBLEM_JSON } from './problem.ts';
import { problem } from './schemas.ts';

/** @param headers names of headers of this answer, with what they say */
export function answers<S extends ZodType>(
  schema: S,
  description: string,
  headers: Readonly<Record<string, string>> = {},
) {
  return {
    description,
    ...(Object.keys(headers).length > 0 && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [
          name,
          { description: text, schema: { type: 'string' as const } },
        ]),
      ),
    }),
    content: { 'application/json': { schema } },
  };
}

export function failsWith(description: string, headers: Readonly<Record<string, string>> = {}) {
  return { ...answers(problem, description, headers), content: { [PROBLEM_JSON]: { schema: problem } } };
}

const RETRY = { 'Retry-After': 'Seconds' };

/** What every operation with a token may answer. */
export const COMMON = {
  401: failsWith('No token, or none that is good', { 'WWW-Authenticate': 'RFC 6750' }),
  403: failsWith('A token of another scope', { 'WWW-Authenticate': 'RFC 6750' }),
  429: failsWith('Too many requests', RETRY),
  500: failsWith('A fault of whodisk itself, told in its log'),
  503: failsWith('The store does not answer, or no sweep can be started now', RETRY),
};

export const NOT_FOUND = { 404: failsWith('Nothing of this name or id is stored') };
export const INVALID = { 422: failsWith('What was asked for cannot be done as it is: `errors` tells where') };
export const BAD_REQUEST = {
  400: failsWith('A body that is no JSON, a cursor of another list, or an unfit key'),
};

/** What an operation with a body may answer besides. */
export const BODY = {
  ...BAD_REQUEST,
  ...INVALID,
  413: failsWith('A body of more than 4 MiB'),
  415: failsWith('A body that is not application/json, or compressed'),
};
