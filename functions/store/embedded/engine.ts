/**
 * DynamoDB in this process: dynalite's actions over one LevelDB. What it adds to dynalite: a write is one LevelDB batch, whatever it
 * touches, so a process that is killed in the middle leaves all of it or nothing (dynalite alone writes an index first and its item
 * after); and what the database says is an answer, where dynalite's own server throws it into the event loop.
 *
 * What is answered survives the death of any process: LevelDB hands each record to the kernel before it answers (log_writer.cc flushes).
 * It is not synced to the disk: a power cut may cost the last seconds, and a hung disk does not hold up a sweep.
 */

import { TABLE_SHAPE } from '../table-shape.ts';
import { atomicWrites, isApiError } from './atomic-writes.ts';
import type { Action, DynaliteStore } from './dynalite-store.ts';
import { type LevelTrouble, levelTroubleOf } from './level-trouble.ts';

export interface Answer {
  /** As HTTP's. */
  readonly status: number;
  /** JSON, as DynamoDB's API 2012-08-10. */
  readonly body: string;
}

export interface Engine {
  /** `operation` as in X-Amz-Target, without the version: "PutItem". A database that fails is a value. */
  answer(operation: string, body: string): Promise<Answer | LevelTrouble>;
  /**
   * Whether a write has failed. LevelDB would go on behind the torn record of its log, and on the next opening leave out what follows
   * it: close it and open it again instead, which begins a new log.
   */
  isBroken(): boolean;
  /** Waits for writes that have begun, closes the database and gives its lock up. */
  close(): Promise<void>;
}

/** The one table of the embedded store. A new key design is a new name. */
export const EMBEDDED_TABLE = 'whodisk-1';

/** Opens the LevelDB in `folder`, or makes one, with the table in it. Never call it twice for one folder in one process: see holder.ts. */
export async function openEngine(folder: string): Promise<Engine | LevelTrouble> {
  const [{ default: db }, { default: validations }, actions] = await Promise.all([
    import('dynalite/db/index.js'),
    import('dynalite/validations/index.js'),
    loadActions(),
  ]);
  const store = db.create({ path: folder, createTableMs: 0 });
  try {
    await store.db.open();
  } catch (error) {
    return levelTroubleOf(error);
  }
  const writes = atomicWrites(store.db);

  async function answer(operation: string, body: string): Promise<Answer | LevelTrouble> {
    const known = actions.get(operation);
    if (!known) return apiError('UnknownOperationException', `the embedded store does not know ${operation}`);
    try {
      const data = validations.checkTypes(JSON.parse(body), known.types);
      validations.checkValidations(data, known.types, known.custom, store);
      const perform = (): Promise<unknown> => run(known.action, store, data);
      return { status: 200, body: JSON.stringify(await (known.writes ? writes.together(perform) : perform())) };
    } catch (error) {
      if (isApiError(error)) return { status: error.statusCode, body: JSON.stringify(error.body) };
      if (error instanceof SyntaxError) return apiError('SerializationException', error.message);
      return levelTroubleOf(error);
    }
  }

  async function close(): Promise<void> {
    await writes.settled();
    await store.db.close();
  }

  const created = await answer('CreateTable', JSON.stringify({ TableName: EMBEDDED_TABLE, ...TABLE_SHAPE }));
  const isThere = !('kind' in created) && (created.status === 200 || created.body.includes('ResourceInUseException'));
  if (isThere) return { answer, close, isBroken: writes.areBroken };
  await close().catch(() => {});
  return 'kind' in created ? created : { kind: 'failed', message: created.body };
}

type KnownAction = { action: Action; types: unknown; custom: unknown; writes: boolean };

async function loadActions(): Promise<Map<string, KnownAction>> {
  const loading = [
    load('CreateTable', true, import('dynalite/actions/createTable.js'), import('dynalite/validations/createTable.js')),
    load(
      'DescribeTable',
      false,
      import('dynalite/actions/describeTable.js'),
      import('dynalite/validations/describeTable.js'),
    ),
    load('UpdateItem', true, import('dynalite/actions/updateItem.js'), import('dynalite/validations/updateItem.js')),
    load('DeleteItem', true, import('dynalite/actions/deleteItem.js'), import('dynalite/validations/deleteItem.js')),
    load('PutItem', true, import('dynalite/actions/putItem.js'), import('dynalite/validations/putItem.js')),
    load(
      'BatchWriteItem',
      true,
      import('dynalite/actions/batchWriteItem.js'),
      import('dynalite/validations/batchWriteItem.js'),
    ),
    load('GetItem', false, import('dynalite/actions/getItem.js'), import('dynalite/validations/getItem.js')),
    load('Query', false, import('dynalite/actions/query.js'), import('dynalite/validations/query.js')),
  ];
  return new Map(await Promise.all(loading));
}

async function load(
  name: string,
  writes: boolean,
  action: Promise<{ default: Action }>,
  validation: Promise<{ default: { types: unknown; custom: unknown } }>,
): Promise<[string, KnownAction]> {
  // Both at once: a second import that fails while the first is awaited would be a rejection that nobody handles.
  const [{ default: performing }, { default: validating }] = await Promise.all([action, validation]);
  return [name, { action: performing, types: validating.types, custom: validating.custom, writes }];
}

const run = (action: Action, store: DynaliteStore, data: unknown): Promise<unknown> =>
  new Promise((resolve, reject) => {
    action(store, data, (error, result) => (error ? reject(error) : resolve(result)));
  });

function apiError(type: string, message: string): Answer {
  return { status: 400, body: JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message }) };
}
