/** Who may shake hands now: a key exchange is CPU on this one thread, and a thousand at once time out for no fault of the hosts. */
import pLimit from 'p-limit';

/** Runs `work` when it is its turn, and answers what it answers. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Between 32 and 64 the whole takes no longer than all at once, and the slowest handshake a tenth of the time. */
const IN_FLIGHT = 48;
/** A stalled handshake costs no CPU: after this time it goes on without a turn, so that hanging hosts do not hold up the others. */
const HOLD_MS = 2000;

export function createTurns(inFlight = IN_FLIGHT, holdMs = HOLD_MS): Turns {
  const limit = pLimit(inFlight);
  return <T>(work: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      void limit(async () => {
        const working = work();
        working.then(resolve, reject);
        let timer: NodeJS.Timeout | undefined;
        const held = new Promise<void>((release) => {
          timer = setTimeout(release, holdMs);
        });
        await Promise.race([working.catch(() => {}), held]);
        clearTimeout(timer);
      });
    });
}
