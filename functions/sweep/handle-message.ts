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
import { carriedOut, type MessageHandler } from './carried-out.ts';
import type { SweepDeps } from './deps.ts';
import { finishSweep } from './finish.ts';
import { planSweep } from './plan.ts';
import { workShard } from './worker.ts';

/** All kinds in one queue. Where each kind has a queue and a process of its own, `ofKind` (carried-out.ts) is for each. */
export function messageHandler(deps: SweepDeps): MessageHandler {
  return carriedOut(deps, async (message, attempt, limits) => {
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
  });
}
