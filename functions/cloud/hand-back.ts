/** Messages that are to be delivered again: after a moment, not only when the visibility of the queue is over, which is made for workers that vanish. */
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Log } from '../log.ts';
import type { SqsAnswer } from '../sweep/sqs-event.ts';

export interface HandBackOptions {
  readonly client: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly log: Log;
}

/** Never rejects. */
export function handBack({ client, queueUrl, log }: HandBackOptions) {
  return async (records: readonly SQSRecord[], { batchItemFailures }: SqsAnswer): Promise<void> => {
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    await Promise.all(
      records
        .filter(({ messageId }) => failed.has(messageId))
        .map(async ({ receiptHandle, attributes }) => {
          const VisibilityTimeout = pauseSeconds(Number(attributes.ApproximateReceiveCount));
          const change = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout };
          try {
            await client.send(new ChangeMessageVisibilityCommand(change));
          } catch (error) {
            log.warn('a message comes again only when its visibility is over', { detail: String(error) });
          }
        }),
    );
  };
}

/**
 * After the third time SQS gives it up (maxReceiveCount): so before that a store which throttles or fails over is given minutes, and afterwards
 * nobody is kept waiting for the dead letter.
 */
const pauseSeconds = (receives: number): number => (receives === 2 ? LAST_CHANCE_SECONDS : MOMENT_SECONDS);
const MOMENT_SECONDS = 5;
const LAST_CHANCE_SECONDS = 180;
