/** When what has expired is removed: after the results, a bounded while at a time, so that neither a measurement nor a reader waits for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClaimsPlace, removeExpired } from './expire.ts';
import type { Table } from './table.ts';

export interface Housekeeping {
  /** A sweep was stored: now and then that is when a service that is never closed removes what has expired, in the background. */
  sweepEnded(): void;
  /** Lets what is under way end, and removes a last while, where `hasAdded`. */
  close(hasAdded: boolean): Promise<void>;
}

/** @param nowMs epoch milliseconds */
export function housekeeping(table: Table, nowMs: () => number): Housekeeping {
  const closing = new AbortController();
  let nextMs = 0;
  let underWay: Promise<void> | undefined;

  const place: ClaimsPlace = { partition: 0 };

  const removeSome = () =>
    removeExpired(table, nowMs, { items: MOST_REMOVED, untilMs: nowMs() + MOST_REMOVING_MS }, place);

  async function removeAll(): Promise<void> {
    // What fails is tried again after the next sweep: nothing is shown that has expired, removed or not.
    while (!closing.signal.aborted && (await removeSome()) === 'some') {
      await sleep(PAUSE_MS, undefined, { ref: false, signal: closing.signal }).catch(() => {});
    }
  }

  return {
    sweepEnded() {
      if (underWay || nowMs() < nextMs) return;
      nextMs = nowMs() + EVERY_MS;
      underWay = removeAll().finally(() => {
        underWay = undefined;
      });
    },
    async close(hasAdded) {
      closing.abort();
      await underWay;
      // Only by who has just added some: a look at the history does not wait for it.
      if (hasAdded) await removeSome();
    },
  };
}

/** Twice what a sweep of a thousand hosts leaves, so that it keeps up; and not for so long that it is noticed. */
const MOST_REMOVED = 4000;
const MOST_REMOVING_MS = 500;
const PAUSE_MS = 1000;
const EVERY_MS = 600_000;
