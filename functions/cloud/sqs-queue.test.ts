import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useLocalAws } from '../../test/cloud/local-aws.ts';
import type { Message } from '../sweep/messages.ts';
import { sqsQueue } from './sqs-queue.ts';

const ending: (() => unknown)[] = [];
beforeEach(() => void ending.push(useLocalAws()));
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

function clientAt(endpoint: string): SQSClient {
  const client = new SQSClient({
    endpoint,
    useQueueUrlAsEndpoint: false,
    maxAttempts: 1,
  });
  ending.push(() => client.destroy());
  return client;
}

async function queues(): Promise<{ server: FauxqsServer; client: SQSClient; url: (name: string) => string }> {
  const server = await startFauxqs({ port: 0, logger: false });
  ending.push(() => server.stop());
  for (const name of ['plan', 'shards', 'finish']) server.createQueue(name);
  const url = (name: string): string => String(server.inspectQueue(name)?.url);
  return { server, client: clientAt(`http://127.0.0.1:${server.port}`), url };
}

const bodiesIn = (server: FauxqsServer, name: string): Message[] =>
  (server.inspectQueue(name)?.messages.ready ?? []).map(({ body }) => JSON.parse(body) as Message);
const shards = (count: number): Message[] =>
  Array.from({ length: count }, (_, shard) => ({ kind: 'shard', sweepId: 'S', shard }));

/** An SQS that takes what it is told to. @param refuse says of each body, and of the time that it comes, whether it is refused */
async function choosy(refuse: (body: string, nth: number) => 'sender' | 'queue' | undefined) {
  const seen = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { Entries } = JSON.parse(Buffer.concat(chunks).toString()) as {
        Entries: { Id: string; MessageBody: string }[];
      };
      const Successful: object[] = [];
      const Failed: object[] = [];
      for (const { Id, MessageBody } of Entries) {
        const nth = (seen.get(MessageBody) ?? 0) + 1;
        seen.set(MessageBody, nth);
        const by = refuse(MessageBody, nth);
        if (by === undefined) Successful.push({ Id, MessageId: Id, MD5OfMessageBody: '' });
        else Failed.push({ Id, Code: 'InternalError', SenderFault: by === 'sender' });
      }
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ Successful, Failed }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.push(() => new Promise((resolve) => server.close(resolve)));
  const client = new SQSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    useQueueUrlAsEndpoint: false,
    // What it answers has no checksums.
    md5: false,
  });
  ending.push(() => client.destroy());
  return { seen, queue: sqsQueue(client, { shard: 'http://sqs/1/shards' }) };
}

describe('messages', () => {
  test('go to the queue of their kind, ten to a request', async () => {
    const { server, client, url } = await queues();
    const queue = sqsQueue(client, { plan: url('plan'), shard: url('shards'), finish: url('finish') });
    await queue.send([{ kind: 'plan', sweepId: 'S' }, ...shards(25), { kind: 'finish', sweepId: 'S' }]);
    expect(bodiesIn(server, 'plan')).toEqual([{ kind: 'plan', sweepId: 'S' }]);
    expect(bodiesIn(server, 'finish')).toEqual([{ kind: 'finish', sweepId: 'S' }]);
    const sent = bodiesIn(server, 'shards').map((message) => (message.kind === 'shard' ? message.shard : -1));
    expect(sent.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, shard) => shard));
  });

  test('of which nobody has a queue are a mistake, and none is lost without a word', async () => {
    const { client, url } = await queues();
    const queue = sqsQueue(client, { plan: url('plan') });
    await expect(queue.send([{ kind: 'finish', sweepId: 'S' }])).rejects.toThrow('kind finish');
  });

  test('are an error where SQS is not there', async () => {
    const queue = sqsQueue(clientAt('http://127.0.0.1:1'), { plan: 'http://127.0.0.1:1/1/plan' });
    await expect(queue.send([{ kind: 'plan', sweepId: 'S' }])).rejects.toThrow();
  });

  test('that SQS did not take are sent again, and only these', async () => {
    const { seen, queue } = await choosy((body, nth) => (body.includes('"shard":2') && nth < 3 ? 'queue' : undefined));
    await queue.send(shards(4));
    expect([...seen.values()].sort()).toEqual([1, 1, 1, 3]);
  });

  test('that SQS never takes are an error', async () => {
    const { queue } = await choosy(() => 'queue');
    await expect(queue.send(shards(2))).rejects.toThrow('did not take 2 of 2 messages: InternalError');
  });

  test('that it will not take each time are not sent again', async () => {
    const { seen, queue } = await choosy(() => 'sender');
    await expect(queue.send(shards(1))).rejects.toThrow('did not take 1 of 1');
    expect([...seen.values()]).toEqual([1]);
  });
});
