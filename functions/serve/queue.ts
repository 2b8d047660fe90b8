/** The queue of one machine: messages as SQS delivers them, in this process only. What is to be done is in the store, where it survives. */
import { randomUUID } from 'node:crypto';
import { inTime } from '../in-time.ts';
import type { Log } from '../log.ts';
import type { Limits } from '../sweep/limits.ts';
import type { Message, Queue } from '../sweep/messages.ts';
import type { SqsHandler } from '../sweep/sqs-event.ts';

export interface LocalQueue extends Queue {
  /** Messages are delivered from now on; what was sent before has waited for it. To be called once. */
  start(handlers: QueueHandlers): void;
  /**
   * Begins nothing any more, waits for what is under way, and after `graceMs` has it given up. What is left is sent again by `resume`
   * (functions/sweep/watchdog.ts) when a service is started next. Never rejects.
   */
  drain(graceMs: number): Promise<void>;
}

export interface QueueHandlers {
  /** Of sqsHandler (functions/sweep/sqs-event.ts). */
  readonly onEvent: SqsHandler;
  /** Of deadLetterHandler (functions/sweep/dead-letter.ts): the body of a message that has failed too often. */
  readonly onDeadLetter: (body: string) => Promise<void>;
}

export interface LocalQueueOptions {
  readonly log: Log;
  /** Default 2. */
  readonly shardsAtATime?: number;
  /** How often a message is delivered before it is given to `onDeadLetter`. Default 3. */
  readonly mostReceives?: number;
  /** Before it is delivered again, by how often it was. Default 1 s, then 5 s. */
  readonly backOffMs?: (receives: number) => number;
}

export function createLocalQueue(options: LocalQueueOptions): LocalQueue {
  const { log, shardsAtATime = SHARDS_AT_A_TIME, mostReceives = MOST_RECEIVES, backOffMs = backOff } = options;
  const waiting: Waiting[] = [];
  const running = new Map<Waiting, Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  const stopBeginning = new AbortController();
  const giveUp = new AbortController();
  const limits: Limits = { stopBeginning: stopBeginning.signal, giveUp: giveUp.signal };
  let handlers: QueueHandlers | undefined;

  function begin(): void {
    if (handlers === undefined || stopBeginning.signal.aborted) return;
    for (const lane of ['shard', 'other'] as const) {
      const width = lane === 'shard' ? shardsAtATime : OTHERS_AT_A_TIME;
      for (;;) {
        const busy = [...running.keys()].filter((one) => one.lane === lane);
        const next = busy.length < width ? fairest(waiting, lane, busy) : undefined;
        if (next === undefined) break;
        waiting.splice(waiting.indexOf(next), 1);
        const { onEvent, onDeadLetter } = handlers;
        running.set(
          next,
          deliver(next, onEvent, onDeadLetter).finally(() => {
            running.delete(next);
            begin();
          }),
        );
      }
    }
  }

  async function deliver(
    one: Waiting,
    onEvent: SqsHandler,
    onDeadLetter: QueueHandlers['onDeadLetter'],
  ): Promise<void> {
    one.receives += 1;
    const attributes = { ApproximateReceiveCount: String(one.receives) };
    const record = { messageId: one.messageId, body: one.body, attributes };
    try {
      const { batchItemFailures } = await onEvent({ Records: [record] }, limits);
      if (!batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === one.messageId)) return;
    } catch (error) {
      log.error('a message was thrown back', { sweepId: one.sweepId, detail: String(error) });
    }
    // What a drain has cut short has not failed: the next start does it.
    if (stopBeginning.signal.aborted) return;
    if (one.receives < mostReceives) {
      later(backOffMs(one.receives), () => {
        waiting.push(one);
        begin();
      });
      return;
    }
    log.error('a message failed too often and is given up', { sweepId: one.sweepId, body: one.body });
    await onDeadLetter(one.body).catch((error: unknown) =>
      log.error('what was given up could not be noted', { sweepId: one.sweepId, detail: String(error) }),
    );
  }

  function later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  }

  return {
    async send(messages) {
      waiting.push(...messages.map(waitingOf));
      begin();
    },
    start(given) {
      handlers = given;
      begin();
    },
    async drain(graceMs) {
      stopBeginning.abort();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      waiting.length = 0;
      await inTime(Promise.all(running.values()), graceMs);
      giveUp.abort();
      await inTime(Promise.all(running.values()), GIVE_UP_MS);
    },
  };
}

interface Waiting {
  readonly messageId: string;
  readonly sweepId: string;
  readonly body: string;
  /** Shards take long; nothing that is quick waits for them. */
  readonly lane: 'shard' | 'other';
  receives: number;
}

function waitingOf(message: Message): Waiting {
  return {
    messageId: randomUUID(),
    sweepId: message.sweepId,
    body: JSON.stringify(message),
    lane: message.kind === 'shard' ? 'shard' : 'other',
    receives: 0,
  };
}

/** The first one of the sweep of which the fewest are under way: a sweep of one host does not wait for all shards of a large one. */
function fairest(waiting: readonly Waiting[], lane: Waiting['lane'], busy: readonly Waiting[]): Waiting | undefined {
  const underWay = ({ sweepId }: Waiting): number => busy.filter((one) => one.sweepId === sweepId).length;
  let best: { readonly one: Waiting; readonly count: number } | undefined;
  for (const one of waiting) {
    if (one.lane !== lane) continue;
    const count = underWay(one);
    if (best === undefined || count < best.count) best = { one, count };
    if (count === 0) break;
  }
  return best?.one;
}

const backOff = (receives: number): number => (receives === 1 ? 1000 : 5000);
const SHARDS_AT_A_TIME = 2;
/** Plans and ends: a few requests to the store each, and telling. */
const OTHERS_AT_A_TIME = 4;
const MOST_RECEIVES = 3;
/** For hosts under way to notice; then the process ends without them. */
const GIVE_UP_MS = 2000;
