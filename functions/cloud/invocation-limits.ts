/** How long an invocation of a function has for its message. */
import type { Context } from 'aws-lambda';
import type { Limits } from '../sweep/limits.ts';

/**
 * What is left when it ends is enough to hand the message back and to write the log: whoever is cut off by Lambda has its message delivered
 * again only after the whole visibility of the queue.
 */
export function invocationLimits(context: Pick<Context, 'getRemainingTimeInMillis'>, nowMs: () => number): Limits {
  const never = new AbortController().signal;
  return { stopBeginning: never, giveUp: never, endsByMs: nowMs() + context.getRemainingTimeInMillis() - ANSWER_MS };
}

const ANSWER_MS = 2000;
