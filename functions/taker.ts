/** So much in a minute for each caller. Counted in this process alone: it protects this machine, not a bill. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Takes one of what a caller has left. @returns undefined, or the seconds until there is more */
export type Take = (caller: string) => Promise<number | undefined>;

export function taker(perMinute: number): Take {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (caller) => {
    try {
      await limiter.consume(caller);
      return undefined;
    } catch (refused) {
      // That is how the library says no; an error of its own is a bug.
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    }
  };
}
