/** A Store on a table: the same for the embedded one and for DynamoDB. The keys are in keys.ts. */
import { removeExpired } from './expire.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import { tableReads } from './table-reads.ts';
import { tableWrites } from './table-writes.ts';

export interface TableStoreOptions {
  readonly retentionDays: number;
  readonly nowMs: () => number;
  /** Requests with hosts at a time. */
  readonly width: number;
  /** Whether expired items are ours to remove. */
  readonly removesExpired: boolean;
  readonly notes: () => string[];
  readonly close: () => Promise<void>;
}

/** Joins the two halves, and removes what has expired where that is ours to do. */
export function tableStore(table: Table, options: TableStoreOptions): Store {
  const { nowMs } = options;
  const writes = tableWrites(table, options);
  let hasFinished = false;
  return {
    ...tableReads(table, nowMs),
    beginSweep: writes.beginSweep,
    putHosts: writes.putHosts,
    async finishSweep(report) {
      const problem = await writes.finishSweep(report);
      hasFinished ||= problem === undefined;
      return problem;
    },
    notes: options.notes,
    async close() {
      await writes.flush();
      // After the results, and only by who has just added some: neither a measurement nor a look at the history waits for it.
      if (hasFinished && options.removesExpired) {
        await removeExpired(table, nowMs, { items: MOST_REMOVED, untilMs: nowMs() + MOST_REMOVING_MS });
      }
      await options.close();
    },
  };
}

/** Twice what a sweep of a thousand hosts leaves, so that it keeps up; and not for so long that it is noticed. */
const MOST_REMOVED = 4000;
const MOST_REMOVING_MS = 500;
