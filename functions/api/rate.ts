/** How much is taken from one caller in a minute. Counted in this process alone: it protects this machine, not a bill. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiLimits } from './deps.ts';

export const DEFAULT_LIMITS: ApiLimits = {
  requestsPerMinute: 600,
  startsPerMinute: 30,
  strangerRequestsPerMinute: 120,
};

/** Takes one of what a caller has left. @returns undefined, or the seconds until there is more */
export type Take = (caller: string) => Promise<number | undefined>;

export interface Rates {
  readonly request: Take;
  readonly start: Take;
  readonly stranger: Take;
}

export function createRates(limits: ApiLimits): Rates {
  return {
    request: taker(limits.requestsPerMinute),
    start: taker(limits.startsPerMinute),
    stranger: taker(limits.strangerRequestsPerMinute),
  };
}

function taker(perMinute: number): Take {
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
