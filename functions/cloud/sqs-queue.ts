/** The queues of the sweeps in SQS: one for each kind of message, so that each has the time limit and the width that fit its work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { Message, Queue } from '../sweep/messages.ts';

/** The queues that a function may send to. */
export type QueueUrls = Partial<Readonly<Record<Message['kind'], string>>>;

/** SendMessageBatch takes ten; of those that it does not take it says so, one by one: these are sent again. */
export function sqsQueue(client: Pick<SQSClient, 'send'>, urls: QueueUrls): Queue {
  async function sendTo(url: string, messages: readonly Message[]): Promise<void> {
    let entries: SendMessageBatchRequestEntry[] = messages.map((message, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(message),
    }));
    for (let tries = 1; ; tries++) {
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));
      if (Failed.length === 0) return;
      const codes = [...new Set(Failed.map(({ Code }) => Code ?? 'no code'))].join(', ');
      // What the queue says is our fault it says each time.
      if (tries === MOST_TRIES || Failed.some(({ SenderFault }) => SenderFault === true)) {
        throw new Error(`SQS did not take ${Failed.length} of ${entries.length} messages: ${codes}`);
      }
      const left = new Set(Failed.map(({ Id }) => Id));
      entries = entries.filter(({ Id }) => left.has(Id));
      await sleep(PAUSE_MS * tries);
    }
  }

  return {
    async send(messages) {
      for (const kind of new Set(messages.map((message) => message.kind))) {
        const url = urls[kind];
        if (url === undefined) throw new Error(`this function has no queue for messages of kind ${kind}`);
        const ofKind = messages.filter((message) => message.kind === kind);
        for (let from = 0; from < ofKind.length; from += MOST_ENTRIES) {
          await sendTo(url, ofKind.slice(from, from + MOST_ENTRIES));
        }
      }
    },
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MOST_ENTRIES = 10;
const MOST_TRIES = 4;
const PAUSE_MS = 100;
