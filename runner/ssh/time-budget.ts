/** What is left of one host's deadline. */

/** Starts at the first dial. Waiting for this machine's own turn is not the host's fault and is added to the limit. */
export class TimeBudget {
  readonly #now: () => number;
  #endsAt: number;

  /** @param now a monotonic clock in milliseconds */
  constructor(limitMs: number, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#endsAt = now() + limitMs;
  }

  /** Never negative. */
  remainingMs(): number {
    return Math.max(0, this.#endsAt - this.#now());
  }

  extend(waitedMs: number): void {
    this.#endsAt += waitedMs;
  }
}
