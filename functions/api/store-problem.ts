/** What a store could not do, as an answer: the caller did nothing wrong, and may try again. */
import type { Context } from 'hono';
import type { StoreProblem } from '../store/problem.ts';
import { problem } from './problem.ts';

const RETRY_SECONDS = 5;

export function storeProblem(c: Context, { message, mend }: StoreProblem) {
  const detail = `The store: ${message}. To mend it: ${mend}`;
  return problem(c, 'store', detail, { headers: { 'retry-after': String(RETRY_SECONDS) } });
}
