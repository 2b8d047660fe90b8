/** What an action of dynalite writes, made one LevelDB batch: all of it is there after a kill, or nothing. */
import type { CallbackLevel, LevelWrite } from './dynalite-store.ts';

export interface AtomicWrites {
  together(perform: () => Promise<unknown>): Promise<unknown>;
  settled(): Promise<void>;
  areBroken(): boolean;
}

/**
 * Makes what an action writes one batch. Writing actions take turns, which LevelDB makes them do anyway, so that what is put between
 * the beginning and the end of one belongs to it. An action never reads what it has written itself: a request names a key once.
 */
export function atomicWrites(level: CallbackLevel): AtomicWrites {
  const { put, del } = level;
  let areBroken = false;
  let gathered: LevelWrite[] | undefined;
  let last: Promise<unknown> = Promise.resolve();

  level.put = (key, value, callback) => {
    if (callback && isActivation(value)) {
      queueMicrotask(() => callback(null));
      return undefined;
    }
    if (!gathered || !callback) return put.call(level, key, value, callback);
    gathered.push({ type: 'put', key, value: asActive(value) });
    queueMicrotask(() => callback(null));
    return undefined;
  };
  level.del = (key, callback) => {
    if (!gathered || !callback) return del.call(level, key, callback);
    gathered.push({ type: 'del', key });
    queueMicrotask(() => callback(null));
    return undefined;
  };

  async function turn(perform: () => Promise<unknown>): Promise<unknown> {
    if (areBroken) throw new Error('Database is closed');
    const mine: LevelWrite[] = [];
    gathered = mine;
    try {
      const result = await perform();
      gathered = undefined;
      if (mine.length > 0) await level.batch(mine);
      return result;
    } catch (error) {
      gathered = undefined;
      if (!isApiError(error)) areBroken = true;
      throw error;
    }
  }

  return {
    together(perform) {
      const mine = last.then(() => turn(perform));
      last = mine.catch(() => {});
      return mine;
    },
    async settled() {
      await last;
    },
    areBroken: () => areBroken,
  };
}

/**
 * A table is written as CREATING, and as ACTIVE a moment later, which a process that is killed in between never does: it would be
 * neither there nor creatable again. So the first is written as the second, which is left out: it would come in the middle of others.
 */
function asActive(value: unknown): unknown {
  if (!isTable(value)) return value;
  const indexes = 'GlobalSecondaryIndexes' in value ? (value.GlobalSecondaryIndexes as object[]) : [];
  const active = indexes.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
  return { ...value, TableStatus: 'ACTIVE', GlobalSecondaryIndexes: active };
}

const isTable = (value: unknown): value is { TableStatus: unknown } =>
  typeof value === 'object' && value !== null && 'TableStatus' in value;

const isActivation = (value: unknown): boolean => isTable(value) && value.TableStatus === 'ACTIVE';

/** An error that is DynamoDB's answer, as dynalite throws it, and none of the database. */
export function isApiError(error: unknown): error is { statusCode: number; body: unknown } {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && 'body' in error;
}
