/** Who may shake hands now: a key exchange is CPU on this one thread, and a thousand at once time out for no fault of the hosts. */
import pLimit from 'p-limit';

/** Runs `work` when it is its turn, and answers what it answers. `letGo` gives the turn up before it is done. */
export type Turns = <T>(work: (letGo: () => void) => Promise<T>) => Promise<T>;

/** Between 32 and 64 the whole takes no longer than all at once, and the slowest handshake a tenth of the time. */
const IN_FLIGHT = 48;
/** A stalled handshake costs no CPU: after this time it goes on without a turn, so that hanging hosts do not hold up the others. */
const HOLD_MS = 2000;

/** @param holdMs after which work goes on without its turn */
export function createTurns(inFlight = IN_FLIGHT, holdMs = HOLD_MS): Turns {
  const limit = pLimit(inFlight);
  return <T>(work: (letGo: () => void) => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      void limit(async () => {
        let letGo = (): void => {};
        const held = new Promise<void>((release) => {
          letGo = release;
        });
        const timer = setTimeout(letGo, holdMs);
        const working = work(letGo);
        working.then(resolve, reject);
        await Promise.race([working.catch(() => {}), held]);
        clearTimeout(timer);
      });
    });
}
