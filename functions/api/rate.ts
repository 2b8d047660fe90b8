/** How much is taken from one caller in a minute. Counted in this process alone: it protects this machine, not a bill. */
import { type Take, taker } from '../taker.ts';
import type { ApiLimits } from './deps.ts';

export const DEFAULT_LIMITS: ApiLimits = {
  requestsPerMinute: 600,
  startsPerMinute: 30,
  strangerRequestsPerMinute: 120,
};

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
