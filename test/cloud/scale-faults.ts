/**
 * What goes wrong with the shards of a large sweep: one invocation of a worker in ten is killed in the middle, five messages are delivered
 * twice, and one shard kills every worker that gets it.
 */
import type { Fault } from './event-source.ts';

export interface ScaleFaults {
  readonly faultOf: (body: string, receives: number) => Fault;
  /** The shard whose workers all die. */
  readonly poisoned: number;
  /** How many there were so far. */
  noted(): {
    readonly deliveries: number;
    readonly crashes: number;
    readonly poisonings: number;
    readonly twice: number;
  };
}

const ONE_CRASH_IN = 10;
const TWICE = 5;
/** Before any host can have answered, so that nothing of the shard is known. */
const POISON_AFTER_MS = 250;
const LONGEST_CRASH_AFTER_MS = 4000;

export function scaleFaults(shards: number): ScaleFaults {
  const poisoned = Math.floor(shards / 2);
  let deliveries = 0;
  let crashes = 0;
  let poisonings = 0;
  let twice = 0;
  return {
    poisoned,
    noted: () => ({ deliveries, crashes, poisonings, twice }),
    faultOf(body, receives) {
      if ((JSON.parse(body) as { shard: number }).shard === poisoned) {
        poisonings += 1;
        return { crashAfterMs: POISON_AFTER_MS };
      }
      deliveries += 1;
      // A message that is received for the third time is left alone: killed thrice it would be a second poisoned one.
      if (deliveries % ONE_CRASH_IN === 2 && receives < 3) {
        crashes += 1;
        return { crashAfterMs: Math.random() * LONGEST_CRASH_AFTER_MS };
      }
      if (deliveries % Math.max(2, Math.floor(shards / TWICE)) === 1 && twice < TWICE) {
        twice += 1;
        return { twice: twice % 2 === 1 ? 'together' : 'afterwards' };
      }
      return {};
    },
  };
}
