/** The queue of one machine. */
import { describe, expect, test } from 'vitest';
import type { Log } from '../log.ts';
import type { Message } from '../sweep/messages.ts';
import type { SqsEvent } from '../sweep/sqs-event.ts';
import { createLocalQueue, type LocalQueueOptions } from './queue.ts';

const log: Log = { info: () => {}, warn: () => {}, error: () => {} };
const queueOf = (options: Partial<LocalQueueOptions> = {}) => createLocalQueue({ log, backOffMs: () => 5, ...options });
const shard = (sweepId: string, number: number): Message => ({ kind: 'shard', sweepId, shard: number });
const wait = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const bodyOf = ({ Records: [record] }: SqsEvent): { kind: string; sweepId: string; shard: number } =>
  JSON.parse(record?.body ?? '');
const done = { batchItemFailures: [] };
const failed = ({ Records }: SqsEvent) => ({
  batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
});

describe('the queue of one machine', () => {
  test('delivers what was sent before it was started', async () => {
    const queue = queueOf();
    const got: unknown[] = [];
    await queue.send([shard('A', 0)]);
    const onEvent = async (event: SqsEvent) => {
      got.push(bodyOf(event));
      return done;
    };
    queue.start({ onEvent, onDeadLetter: async () => {} });
    await wait();
    expect(got).toEqual([{ kind: 'shard', sweepId: 'A', shard: 0 }]);
  });

  test('works on two shards at a time, on those of a small sweep before the rest of a large one, and never lets a plan wait', async () => {
    const queue = queueOf();
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    queue.start({
      onEvent: (event) => {
        const { kind, sweepId, shard: number } = bodyOf(event);
        begun.push(kind === 'shard' ? `${sweepId}${number}` : kind);
        return kind === 'shard' ? new Promise((resolve) => ends.push(() => resolve(done))) : Promise.resolve(done);
      },
      onDeadLetter: async () => {},
    });
    await queue.send([0, 1, 2, 3].map((number) => shard('A', number)));
    await queue.send([shard('B', 0), { kind: 'plan', sweepId: 'C' }]);
    await wait();
    expect(begun).toEqual(['A0', 'A1', 'plan']);
    ends[0]?.();
    await wait();
    expect(begun).toEqual(['A0', 'A1', 'plan', 'B0']);
  });

  test('delivers again what failed or threw, with its count, and the third time gives it to the dead letters', async () => {
    const queue = queueOf();
    const receives: string[] = [];
    const dead: string[] = [];
    queue.start({
      onEvent: async (event) => {
        receives.push(event.Records[0]?.attributes.ApproximateReceiveCount ?? '');
        if (receives.length === 1) throw new Error('a bug');
        return failed(event);
      },
      onDeadLetter: async (body) => void dead.push(body),
    });
    await queue.send([shard('A', 0)]);
    await wait(100);
    expect(receives).toEqual(['1', '2', '3']);
    expect(dead).toEqual([JSON.stringify(shard('A', 0))]);
  });

  test('drained, it begins nothing, waits for what is under way, and gives it up after the grace', async () => {
    const queue = queueOf({ shardsAtATime: 1 });
    const begun: number[] = [];
    let dead = 0;
    queue.start({
      onEvent: (event, limits) => {
        begun.push(bodyOf(event).shard);
        return new Promise((resolve) => limits.giveUp.addEventListener('abort', () => resolve(failed(event))));
      },
      onDeadLetter: async () => void dead++,
    });
    await queue.send([shard('A', 0), shard('A', 1)]);
    const drained = queue.drain(100);
    await queue.send([shard('A', 2)]);
    await drained;
    await wait();
    expect(begun).toEqual([0]);
    expect(dead).toBe(0);
  });
});
