/**
 * An event source mapping: messages of a queue become invocations of a function, at most so many at a time. What succeeded is deleted,
 * what failed is left to the queue, which shows it again or moves it to its dead letters (AWS Lambda Developer Guide, "Using Lambda with
 * Amazon SQS").
 */
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { LambdaFunction } from './lambda-function.ts';
import type { Invoked } from './lambda-process.ts';
import { REGION } from './lambda-process.ts';

export interface Mapping {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** ReportBatchItemFailures. Without it a batch succeeds or fails as a whole. */
  readonly reportsFailures: boolean;
  readonly atATime: number;
}

/** What goes wrong with one delivery. */
export interface Fault {
  /** kill -9 of the process that has it. */
  readonly crashAfterMs?: number;
  /** It is delivered twice: at the same time, or again once it was answered. */
  readonly twice?: 'together' | 'afterwards';
}

export interface EventSource {
  /** How many deliveries ended how. */
  readonly ended: Readonly<Record<Invoked['kind'], number>>;
  /** Takes nothing any more, and waits for what is under way. */
  stop(): Promise<void>;
}

const WAIT_SECONDS = 1;

/** @param faultOf of each delivery, by the message's body and how often it was received, from 1 */
export function startEventSource(
  client: SQSClient,
  lambda: LambdaFunction,
  mapping: Mapping,
  faultOf: (body: string, receives: number) => Fault = () => ({}),
): EventSource {
  const ended = { answered: 0, failed: 0, crashed: 0, 'timed-out': 0 };
  let isStopped = false;

  async function deliver(messages: readonly Message[], crashAfterMs?: number): Promise<ReadonlySet<string>> {
    const Records = messages.map((message) => recordOf(message, mapping.queueArn));
    const invoked = await lambda.invoke({ Records }, crashAfterMs);
    ended[invoked.kind] += 1;
    if (invoked.kind !== 'answered') return new Set(messages.map(({ MessageId }) => String(MessageId)));
    return mapping.reportsFailures ? failedIn(invoked.value) : new Set();
  }

  async function work(): Promise<void> {
    while (!isStopped) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: mapping.queueUrl,
          MaxNumberOfMessages: Math.min(mapping.batchSize, 10),
          WaitTimeSeconds: WAIT_SECONDS,
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) continue;
      const [{ Body = '', Attributes } = {} as Message] = Messages;
      const { crashAfterMs, twice } = faultOf(Body, Number(Attributes?.ApproximateReceiveCount));
      const other = twice === 'together' ? deliver(Messages) : undefined;
      const failed = await deliver(Messages, crashAfterMs);
      await (twice === 'afterwards' ? deliver(Messages) : other);
      for (const { MessageId = '', ReceiptHandle } of Messages) {
        if (failed.has(MessageId)) continue;
        await client.send(new DeleteMessageCommand({ QueueUrl: mapping.queueUrl, ReceiptHandle }));
      }
    }
  }

  const workers = Promise.all(Array.from({ length: mapping.atATime }, work));
  // Whoever stops it hears of it.
  workers.catch(() => {});
  return {
    ended,
    async stop() {
      isStopped = true;
      await workers;
    },
  };
}

/** As Lambda hands it to a function. */
function recordOf(message: Message, eventSourceARN: string): object {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: {},
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: REGION,
  };
}

/** An answer that cannot be read, or names a message that was not there, fails the whole batch; nobody here is that careful. */
function failedIn(value: unknown): ReadonlySet<string> {
  const { batchItemFailures = [] } = (value ?? {}) as { batchItemFailures?: { itemIdentifier: string }[] };
  return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
}
