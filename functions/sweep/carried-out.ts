/** What becomes of a message whose work throws, and what a queue takes that is for messages of one kind. */
import type { Log } from '../log.ts';
import type { Limits } from './limits.ts';
import type { Message } from './messages.ts';

/** `again`: it is to be delivered again after a while. `rest`: so is what is left of it, though it has come further and did not fail. */
export type Handled = 'done' | 'again' | 'rest';

/**
 * Never rejects. A message may come several times, at the same time and out of order: what is done already is not done again.
 *
 * @param attempt from 1: how many times it has been delivered
 */
export type MessageHandler = (message: Message, attempt: number, limits: Limits) => Promise<Handled>;

/** @param work may throw */
export function carriedOut({ log }: { readonly log: Log }, work: MessageHandler): MessageHandler {
  return async (message, attempt, limits) => {
    try {
      return await work(message, attempt, limits);
    } catch (error) {
      // Our bug, or a queue that takes no messages: what can be done is to try again, and in the end to let the sweep close without it.
      const detail = error instanceof Error ? error.message : String(error);
      log.error('a message could not be carried out', { ...message, attempt, detail });
      return 'again';
    }
  };
}

/** For a queue of its own. What is of another kind fails each time, so that it ends among the dead letters. @param work may throw */
export function ofKind<Kind extends Message['kind']>(
  deps: { readonly log: Log },
  kind: Kind,
  work: (message: Extract<Message, { kind: Kind }>, attempt: number, limits: Limits) => Promise<Handled>,
): MessageHandler {
  const isOurs = (message: Message): message is Extract<Message, { kind: Kind }> => message.kind === kind;
  return carriedOut(deps, async (message, attempt, limits) => {
    if (!isOurs(message)) throw new Error(`this is the queue of the messages of kind ${kind}`);
    return await work(message, attempt, limits);
  });
}
