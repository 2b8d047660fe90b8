/** A Store on whatever table a client leads to. */
import type { StoreOptions } from './open.ts';
import { StoreProblem } from './problem.ts';
import type { Store } from './store.ts';
import type { Table, TableAccess } from './table.ts';

export interface Opened {
  readonly store: Store;
  readonly table: Table;
}

export interface Backend {
  /** Requests with hosts at a time. */
  readonly width: number;
  readonly removesExpired: boolean;
  readonly notes: () => string[];
  readonly close: () => Promise<void>;
}

/** Asks nothing of the table yet. */
export async function openOn(
  access: Omit<TableAccess, 'problemOf'>,
  options: StoreOptions,
  backend: Backend,
): Promise<Opened> {
  const [{ openTable }, { problemOfSdk }, { tableStore }] = await Promise.all([
    import('./table.ts'),
    import('./sdk-problem.ts'),
    import('./table-store.ts'),
  ]);
  const table = await openTable({ ...access, problemOf: (error) => problemOfSdk(error, access.tableName) });
  const store = tableStore(table, {
    get retentionDays() {
      return options.retentionDays;
    },
    nowMs: options.nowMs,
    ...backend,
  });
  return { store, table };
}

/** Asks one thing, so that what is wrong with the table is said now; then the store is closed. */
export async function probed({ store, table }: Opened): Promise<Store | StoreProblem> {
  const probe = await table.get({ pk: 'probe', sk: 'probe' });
  if (!(probe instanceof StoreProblem)) return store;
  await store.close();
  return probe;
}
