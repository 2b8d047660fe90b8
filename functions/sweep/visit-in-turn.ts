/** What stands around each visit of a shard: the host's turn before it, and its place in the store after it. */
import type { VisitedHost } from '../../runner/report.ts';
import { doorOf } from '../../runner/ssh/same-host.ts';
import { StoreProblem } from '../store/problem.ts';
import type { SweepDeps } from './deps.ts';
import { takeTurn } from './host-turn.ts';
import { createInOrder } from './in-order.ts';
import type { Job } from './job.ts';
import type { ShardRun } from './shard-run.ts';
import { brokenHost, failedHost, interruptedHost } from './visits/lost-hosts.ts';
import type { Around } from './visits/ssh-visits.ts';

export interface Visitor {
  /** Tells deliveries of one message apart. */
  readonly invocation: string;
  /** Whether another delivery may have stored hosts. */
  readonly mayBeStored: boolean;
}

/** A host that is not visited is answered as interrupted, and stays among what is left. */
export function visitInTurn(deps: SweepDeps, job: Job, run: ShardRun, visitor: Visitor): Around {
  const { store, nowMs } = deps;
  const { id: sweepId, windowSeconds } = job.sweep;
  // Names of one host wait here for each other, not at the store.
  const inOrder = createInOrder();

  async function visitAndPut(name: string, visit: () => Promise<VisitedHost>): Promise<VisitedHost> {
    if (run.stopped() !== undefined) return interruptedHost(name);
    if (!run.hasTime()) {
      run.stop('limits');
      return interruptedHost(name);
    }
    const host = await visit().catch((error: unknown) => brokenHost(name, error));
    // What was cut short is done again, but for that of a cancelled sweep: there it is all that will be known.
    const isCut = host.failure?.kind === 'interrupted';
    if (!isCut || (run.stopped() === 'cancelled' && host.status !== 'not-swept')) await run.put(host);
    return host;
  }

  return async ({ name, way }, visit) => {
    if ('failure' in way) return await visitAndPut(name, visit);
    const door = doorOf(way.destination);
    return await inOrder(door, async () => {
      const { deadlineSeconds } = job;
      const { invocation } = visitor;
      const turn = await takeTurn({
        store,
        door,
        sweepId,
        invocation,
        windowSeconds,
        deadlineSeconds,
        nowMs,
        signal: run.stopBeginning,
      });
      if (turn instanceof StoreProblem) {
        run.stop('store');
        return interruptedHost(name);
      }
      switch (turn.kind) {
        case 'given-up':
          return interruptedHost(name);
        case 'taken': {
          const message = `sweep ${turn.bySweep} was visiting ${name} all the time: ask again when that is over`;
          const host = failedHost(name, { phase: 'connect', kind: 'being-swept', message });
          await run.put(host);
          return host;
        }
        case 'mine':
          try {
            if (visitor.mayBeStored || turn.hasWaited) {
              const isStored = await store.hasHost(sweepId, name);
              if (isStored instanceof StoreProblem) {
                run.stop('store');
                return interruptedHost(name);
              }
              if (isStored) {
                run.noteStored(name);
                return interruptedHost(name);
              }
            }
            return await visitAndPut(name, visit);
          } finally {
            await turn.release();
          }
        default:
          return turn satisfies never;
      }
    });
  };
}
