import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import type { Limits } from '../sweep/limits.ts';
import { cloudLog } from './log.ts';
import { sqsFunction } from './sqs-function.ts';

const record = (messageId: string, receives: string, shard: number): SQSRecord =>
  ({
    messageId,
    body: JSON.stringify({ kind: 'shard', sweepId: 'S', shard }),
    attributes: { ApproximateReceiveCount: receives },
  }) as SQSRecord;

test('of a batch only what is to come again is answered as failed, and handed back', async () => {
  const handled: unknown[] = [];
  const handedBack: unknown[] = [];
  const invoke = sqsFunction({
    handle: async (message, attempt, { endsByMs }: Limits) => {
      handled.push([message, attempt, endsByMs]);
      return attempt === 1 ? 'done' : 'again';
    },
    log: cloudLog(),
    nowMs: () => 0,
    back: async (records, answer) => void handedBack.push(records, answer),
  });
  const event: SQSEvent = { Records: [record('a', '1', 0), record('b', '2', 1)] };
  const answer = await invoke(event, { getRemainingTimeInMillis: () => 30_000 } as Context);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
  expect(handled).toEqual([
    [{ kind: 'shard', sweepId: 'S', shard: 0 }, 1, 28_000],
    [{ kind: 'shard', sweepId: 'S', shard: 1 }, 2, 28_000],
  ]);
  expect(handedBack).toEqual([event.Records, answer]);
});
