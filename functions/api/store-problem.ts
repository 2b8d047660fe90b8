/** What a store could not do, as an answer: the caller did nothing wrong, and may try again. */
import type { Context } from 'hono';
import { StoreProblem } from '../store/problem.ts';
import { problem } from './problem.ts';

const RETRY_SECONDS = 5;

/** For whoever has shown no good token: what it is stands in the log. */
export const HIDDEN_PROBLEM = new StoreProblem('failed', 'it does not answer', 'look into the log of the service');

export function storeProblem(c: Context, { message, mend }: StoreProblem) {
  const detail = `The store: ${message}. To mend it: ${mend}`;
  return problem(c, 'store', detail, { headers: { 'retry-after': String(RETRY_SECONDS) } });
}
