/** That the stand-in for Lambda does to a function what Lambda does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProgram, type Program } from '../store/build-program.ts';
import { type Fault, startEventSource } from './event-source.ts';
import { type LambdaFunction, lambdaFunction } from './lambda-function.ts';
import { type Queues, startQueues } from './queues.ts';

/** Answers with what it is told to in the body of the message, and counts what goes on behind its answers. */
const HANDLER = `
let ticks = 0;
setInterval(() => ticks++, 5);
export const handler = async ({ Records, wait }, context) => {
  const isSlow = Records?.some(({ body }) => body.startsWith('slow'));
  if (isSlow || wait !== undefined) await new Promise((resolve) => setTimeout(resolve, wait ?? 500));
  const failed = (Records ?? []).filter(({ body }) => body.startsWith('fails'));
  if (Records?.some(({ body }) => body.startsWith('throws'))) throw new Error('thrown');
  return {
    batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })),
    ticks, left: context.getRemainingTimeInMillis(), env: Object.keys(process.env).sort(), pid: process.pid,
  };
};
`;

const TEMPLATE = {
  Resources: {
    Shards: {
      Type: 'AWS::SQS::Queue',
      Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 } },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: {} },
  },
};

let program: Program;
let folder: string;
let queues: Queues;
const started: LambdaFunction[] = [];

beforeAll(async () => {
  program = await buildProgram(new URL('./lambda-child.ts', import.meta.url));
  folder = mkdtempSync(path.join(tmpdir(), 'whodisk-stub-'));
  writeFileSync(path.join(folder, 'index.mjs'), HANDLER);
  queues = await startQueues(TEMPLATE, 1);
});

afterAll(async () => {
  for (const one of started) await one.end();
  await queues.stop();
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

function stub(timeoutMs = 10_000): LambdaFunction {
  const file = path.join(folder, 'index.mjs');
  const packaged = { name: 'stub', id: 'Stub', file, handler: 'handler', timeoutMs, memoryMb: 128, environment: {} };
  const lambda = lambdaFunction(packaged, program.file, { OWN: 'x' });
  started.push(lambda);
  return lambda;
}

const countIn = async (name: string): Promise<number> => {
  const QueueUrl = queues.made.get(name)?.ref;
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await queues.client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
  );
  return names.reduce((sum, each) => sum + Number(Attributes[each]), 0);
};

async function delivered(
  lambda: LambdaFunction,
  body: string,
  faultOf?: (receives: number) => Fault,
): Promise<number[]> {
  const { ref = '', attributes = {} } = queues.made.get('Shards') ?? {};
  await queues.client.send(new SendMessageCommand({ QueueUrl: ref, MessageBody: body }));
  const received: number[] = [];
  const mapping = { queueUrl: ref, queueArn: attributes['Arn'] ?? '', batchSize: 1, reportsFailures: true, atATime: 1 };
  const source = startEventSource(queues.client, lambda, mapping, (_, receives) => {
    received.push(receives);
    return faultOf?.(receives) ?? {};
  });
  await expect.poll(() => countIn('Shards'), { timeout: 10_000 }).toBe(0);
  await source.stop();
  return received;
}

const answer = async (lambda: LambdaFunction, event: unknown): Promise<Record<string, unknown>> => {
  const invoked = await lambda.invoke(event);
  return invoked.kind === 'answered' ? (invoked.value as Record<string, unknown>) : { ...invoked };
};

test('a message that succeeds is delivered once and is gone', async () => {
  expect(await delivered(stub(), 'fine')).toEqual([1]);
});

test('one whose process is killed comes back when it is visible again', async () => {
  const lambda = stub();
  expect(await delivered(lambda, 'slow', (receives) => (receives === 1 ? { crashAfterMs: 50 } : {}))).toEqual([1, 2]);
  expect(lambda.used()).toMatchObject({ invocations: 2, processes: 2 });
});

test.each(['fails', 'throws'])('one that %s each time ends among the dead letters', async (body) => {
  const before = await countIn('Dead');
  expect(await delivered(stub(), body)).toEqual([1, 2]);
  expect(await countIn('Dead')).toBe(before + 1);
});

test('one that is delivered twice is in two processes at the same time', async () => {
  const lambda = stub();
  await delivered(lambda, 'slow', () => ({ twice: 'together' }));
  expect(lambda.used()).toMatchObject({ invocations: 2, processes: 2 });
});

test('a process is used again, sees only its own environment, and stands still in between', async () => {
  const lambda = stub();
  const first = await answer(lambda, {});
  await new Promise((resolve) => setTimeout(resolve, 500));
  const second = await answer(lambda, {});
  expect(second['pid']).toBe(first['pid']);
  expect(Number(second['ticks']) - Number(first['ticks'])).toBeLessThan(20);
  expect(second['env']).toContain('OWN');
  expect(second['env']).not.toContain('HOME');
});

test('an invocation is told how much time it has, and is killed when that is over', async () => {
  const lambda = stub(700);
  const left = Number((await answer(lambda, {}))['left']);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(700);
  expect(await lambda.invoke({ wait: 60_000 })).toEqual({ kind: 'timed-out' });
  expect(await answer(lambda, {})).toHaveProperty('pid');
});
