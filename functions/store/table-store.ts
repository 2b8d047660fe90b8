/** A Store on a table: the same for the embedded one and for DynamoDB. The keys are in keys.ts. */
import { aliveItems } from './alive.ts';
import { housekeeping } from './housekeeping.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import { tableAudit } from './table-audit.ts';
import { tableClaims } from './table-claims.ts';
import { tableConfig } from './table-config.ts';
import { tableJobs } from './table-jobs.ts';
import { tableRanking } from './table-ranking.ts';
import { tableReads } from './table-reads.ts';
import { tableTokens } from './table-tokens.ts';
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

/** Joins what is known of each kind of item, and removes what has expired where that is ours to do. */
export function tableStore(table: Table, options: TableStoreOptions): Store {
  const { nowMs } = options;
  const alive = aliveItems(table, nowMs);
  const writes = tableWrites(table, options);
  const keeping = options.removesExpired ? housekeeping(table, nowMs) : undefined;
  let hasFinished = false;
  return {
    ...tableReads(table, alive, nowMs),
    ...tableRanking(table, alive),
    ...tableClaims(table, nowMs),
    ...tableJobs(table, alive, nowMs),
    ...tableAudit(table, alive, options),
    ...tableTokens(table, alive),
    ...tableConfig(table, alive, nowMs),
    beginSweep: writes.beginSweep,
    putHosts: writes.putHosts,
    moveSweep: writes.moveSweep,
    async finishSweep(report) {
      const problem = await writes.finishSweep(report);
      hasFinished ||= problem === undefined;
      return problem;
    },
    async closeSweep(sweep, rest) {
      const isOurs = await writes.closeSweep(sweep, rest);
      if (isOurs === true) {
        hasFinished = true;
        keeping?.sweepEnded();
      }
      return isOurs;
    },
    notes: options.notes,
    async close() {
      await writes.flush();
      await keeping?.close(hasFinished);
      await options.close();
    },
  };
}
