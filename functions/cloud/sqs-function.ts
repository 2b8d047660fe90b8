/** A function that SQS hands messages to. */
import type { Context, SQSEvent } from 'aws-lambda';
import type { MessageHandler } from '../sweep/carried-out.ts';
import { type SqsAnswer, sqsHandler } from '../sweep/sqs-event.ts';
import type { handBack } from './hand-back.ts';
import { invocationLimits } from './invocation-limits.ts';
import type { CloudLog } from './log.ts';

export interface SqsFunctionOptions {
  readonly handle: MessageHandler;
  readonly log: CloudLog;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** Absent: what is to come again does when the visibility of its queue is over. */
  readonly back?: ReturnType<typeof handBack>;
}

export type SqsFunction = (event: SQSEvent, context: Context) => Promise<SqsAnswer>;

/** The event source mapping must have ReportBatchItemFailures: without it what is to come again would be deleted. */
export function sqsFunction({ handle, log, nowMs, back }: SqsFunctionOptions): SqsFunction {
  const onEvent = sqsHandler(handle, log);
  return async (event, context) => {
    log.begin(context);
    const answer = await onEvent(event, invocationLimits(context, nowMs));
    await back?.(event.Records, answer);
    return answer;
  };
}
