/**
 * One message of the queue, whichever queue it came through. The way of a sweep, and where each part of it is:
 *
 *   asked for   start.ts (service.ts is what the ways in know of it): which hosts are meant (known-targets.ts) and how they are visited
 *               (service-settings.ts) become a job (job.ts), which is written (begin.ts) before `plan` is sent (messages.ts)
 *   `plan`      plan.ts cuts the hosts into shards, and sends a `shard` for each
 *   `shard`     worker.ts visits its hosts: shard-run.ts knows how far it is and what ends it early, shard-visits.ts goes to the hosts by
 *               way of visits/, visit-in-turn.ts waits for each host's turn (host-turn.ts) and stores the result. The last one sends `finish`
 *   `finish`    finish.ts waits for those who still work (workers-stopped.ts), ranks (ranked.ts), closes, and has it told
 *   cancelled   cancel.ts notes it, and by whom (cancelled-by.ts); then it is finished like the others
 *   lost        watchdog.ts finishes or sends again what nobody works on; dead-letter.ts gives up what failed too often
 *
 * All of it takes SweepDeps (deps.ts), and what it must do once it does under conditions in the store: whoever is killed is followed by
 * another who does the same again. visits/ is how hosts are reached, for the command line too, which has no job.
 */
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
