/** What is left of a shard when the time of an invocation is over. */
import type { Log } from '../log.ts';
import type { MessageHandler } from '../sweep/carried-out.ts';
import type { Queue } from '../sweep/messages.ts';

/**
 * The rest is sent as a message of its own. Handed back, it would count as a message that failed, and SQS gives up what has been received
 * three times, however far it has come.
 */
export function handingOn(handle: MessageHandler, { queue, log }: { queue: Queue; log: Log }): MessageHandler {
  return async (message, attempt, limits) => {
    const handled = await handle(message, attempt, limits);
    if (handled !== 'rest') return handled;
    try {
      await queue.send([message]);
      return 'done';
    } catch (error) {
      log.warn('the rest of a shard is handed back, since the queue takes no message', { detail: String(error) });
      return 'again';
    }
  };
}
