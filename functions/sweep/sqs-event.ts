/**
 * Messages as SQS hands them to a function, and what it wants back (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS",
 * ReportBatchItemFailures). The queue of one machine speaks the same.
 */
import * as z from 'zod';
import type { Log } from '../log.ts';
import type { MessageHandler } from './carried-out.ts';
import type { Limits } from './limits.ts';
import { type Message, messageSchema } from './messages.ts';

export interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: {
    /** A number from 1. */
    readonly ApproximateReceiveCount: string;
  };
}

export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

/** The messages that are to be delivered again. */
export interface SqsAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export type SqsHandler = (event: SqsEvent, limits: Limits) => Promise<SqsAnswer>;

/** Never rejects. A body that is no message of ours fails each time, so that it ends among the dead letters. */
export function sqsHandler(handle: MessageHandler, log: Log): SqsHandler {
  return async ({ Records }, limits) => {
    const failed = await Promise.all(
      Records.map(async ({ messageId, body, attributes }) => {
        const message = messageIn(body);
        if (message === undefined) {
          log.error('a message in the queue cannot be read', { messageId, start: body.slice(0, SHOWN_CHARACTERS) });
          return [messageId];
        }
        const attempt = receiveCount.parse(attributes.ApproximateReceiveCount);
        return (await handle(message, attempt, limits)) === 'done' ? [] : [messageId];
      }),
    );
    return { batchItemFailures: failed.flat().map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** undefined where the body is none. */
export function messageIn(body: string): Message | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

const receiveCount = z.coerce.number().int().min(1).catch(1);
const SHOWN_CHARACTERS = 200;
