/** One message of the queue, whichever queue it came through. */
import type { SweepDeps } from './deps.ts';
import { finishSweep } from './finish.ts';
import type { Limits } from './limits.ts';
import type { Message } from './messages.ts';
import { planSweep } from './plan.ts';
import { workShard } from './worker.ts';

/** `again`: it is to be delivered again after a while. */
export type Handled = 'done' | 'again';

/**
 * Never rejects. A message may come several times, at the same time and out of order: what is done already is not done again.
 *
 * @param attempt from 1: how many times it has been delivered
 */
export type MessageHandler = (message: Message, attempt: number, limits: Limits) => Promise<Handled>;

export function messageHandler(deps: SweepDeps): MessageHandler {
  return async (message, attempt, limits) => {
    try {
      switch (message.kind) {
        case 'plan':
          return await planSweep(deps, message.sweepId);
        case 'shard':
          return await workShard(deps, { ...message, attempt }, limits);
        case 'finish':
          return await finishSweep(deps, message.sweepId);
        default:
          return message satisfies never;
      }
    } catch (error) {
      // Our bug, or a queue that takes no messages: what can be done is to try again, and in the end to let the sweep close without it.
      const detail = error instanceof Error ? error.message : String(error);
      deps.log.error('a message could not be carried out', { ...message, attempt, detail });
      return 'again';
    }
  };
}
