import { ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useLocalAws } from '../../test/cloud/local-aws.ts';
import { logTo } from '../../test/log-to.ts';
import { handBack } from './hand-back.ts';

let server: FauxqsServer;
let client: SQSClient;
let queueUrl = '';
let putBack = (): void => {};
beforeAll(async () => {
  putBack = useLocalAws();
  server = await startFauxqs({ port: 0, logger: false });
  server.createQueue('shards', { attributes: { VisibilityTimeout: '540' } });
  queueUrl = String(server.inspectQueue('shards')?.url);
  client = new SQSClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    useQueueUrlAsEndpoint: false,
  });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
  putBack();
});

async function received(count: number): Promise<SQSRecord[]> {
  const Entries = Array.from({ length: count }, (_, nth) => ({ Id: String(nth), MessageBody: `message ${nth}` }));
  await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  return Messages.map(
    ({ MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} }) =>
      ({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        attributes: Attributes,
      }) as unknown as SQSRecord,
  );
}

function secondsLeft({ receiptHandle }: SQSRecord): number {
  const inflight = server.inspectQueue('shards')?.messages.inflight ?? [];
  const found = inflight.find((one) => one.receiptHandle === receiptHandle);
  return Math.round((Number(found?.visibilityDeadline) - Date.now()) / 1000);
}

test('a message that is to come again comes after a moment, the others stay hidden until they are deleted', async () => {
  const lines: string[] = [];
  const [first, second] = await received(2);
  if (first === undefined || second === undefined) throw new Error('two messages were sent');
  const back = handBack({ client, queueUrl, log: logTo(lines) });
  await back([first, second], { batchItemFailures: [{ itemIdentifier: first.messageId }] });
  expect(secondsLeft(first)).toBe(5);
  expect(secondsLeft(second)).toBe(540);
  const again = (receives: string) => ({
    ...first,
    attributes: { ...first.attributes, ApproximateReceiveCount: receives },
  });
  await back([again('2')], { batchItemFailures: [{ itemIdentifier: first.messageId }] });
  expect(secondsLeft(first), 'a store that fails has time before the last attempt').toBe(180);
  await back([again('3')], { batchItemFailures: [{ itemIdentifier: first.messageId }] });
  expect(secondsLeft(first), 'nobody tries it again').toBe(5);
  expect(lines).toEqual([]);
});

test('one that cannot be handed back comes when its visibility is over, which is said and is no error', async () => {
  const lines: string[] = [];
  const [record] = await received(1);
  if (record === undefined) throw new Error('a message was sent');
  const lost = { ...record, receiptHandle: 'nothing' };
  const back = handBack({ client, queueUrl, log: logTo(lines) });
  await back([lost], { batchItemFailures: [{ itemIdentifier: lost.messageId }] });
  expect(lines.join()).toContain('only when its visibility is over');
});
