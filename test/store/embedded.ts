/** Embedded stores in folders of their own, for tests. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { embeddedClient } from '../../functions/store/clients.ts';
import { EMBEDDED_TABLE } from '../../functions/store/embedded/engine.ts';
import { failoverHandler } from '../../functions/store/embedded/failover.ts';
import { openStore, type StoreOptions } from '../../functions/store/open.ts';
import { StoreProblem } from '../../functions/store/problem.ts';
import { problemOfSdk } from '../../functions/store/sdk-problem.ts';
import type { Store } from '../../functions/store/store.ts';
import { openTable, type Table } from '../../functions/store/table.ts';

export interface StoreSite {
  /** A private folder. */
  readonly folder: string;
  /** Throws what keeps it from opening; closed at the end. */
  open(options?: Partial<StoreOptions>): Promise<Store>;
  /** What is in the table, below the store; closed at the end. */
  table(): Promise<Table>;
  /** Closes what was opened and removes the folder. */
  end(): Promise<void>;
}

export function storeSite(folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'whodisk-store-')))): StoreSite {
  const closing: (() => Promise<void>)[] = [];
  return {
    folder,
    async open(options = {}) {
      const store = must(
        await openStore({ kind: 'embedded', folder }, { retentionDays: 30, nowMs: Date.now, ...options }),
      );
      closing.push(() => store.close());
      return store;
    },
    async table() {
      const handler = must(failoverHandler(folder, Date.now));
      closing.push(() => handler.release());
      return await rawTable(await embeddedClient(handler), EMBEDDED_TABLE);
    },
    async end() {
      for (const close of closing.reverse()) await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function rawTable(client: DynamoDBClient, tableName: string, deadlineMs = 5000): Promise<Table> {
  return openTable({
    client,
    tableName,
    deadlineMs,
    problemOf: (error) => problemOfSdk(error, tableName),
    tooLate: () => new StoreProblem('deadline', 'too late', 'wait'),
  });
}

/** What is no problem; throws what is one. */
export function must<T>(answer: T | StoreProblem): T {
  if (answer instanceof StoreProblem) throw new Error(`${answer.kind}: ${answer.message} (${answer.mend})`);
  return answer;
}

let last = 0;
/** A sweep's id that is newer than all before. */
export function nextSweepId(): string {
  last += 1;
  return `01JDF3W5Q0${String(last).padStart(16, '0')}`;
}
