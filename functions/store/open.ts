/**
 * Opens the store. Importing this loads neither the AWS SDK nor dynalite: a command that needs no store does not pay for one.
 *
 *     const store = await openStore({ kind: 'embedded', folder }, { retentionDays: 30, nowMs: Date.now });
 *     if (store instanceof StoreProblem) …
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { inTime } from '../in-time.ts';
import { openStateFolder, StateFolderProblem } from '../state-folder.ts';
import { storeFolderOf } from './embedded/store-folder.ts';
import { noDescriptors, saysNoDescriptors } from './no-descriptors.ts';
import { openCloudStore } from './open-cloud.ts';
import { openOn, probed } from './open-on.ts';
import { StoreProblem } from './problem.ts';
import type { Store } from './store.ts';
import type { StoreWhere } from './where.ts';

export interface StoreOptions {
  /** How long what is stored from now on is shown; read at each write. */
  readonly retentionDays: number;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /**
   * For one request, the search for a holder or retries included; only time in which this process has nothing else to do counts
   * (idle-deadline.ts). Default 5,000; 15,000 for DynamoDB.
   */
  readonly deadlineMs?: number;
  /** For who only reads: where nothing was stored yet nothing is made, neither the store nor its folder. Default false. */
  readonly mustExist?: boolean;
}

/** Asks one thing of the store, so that what is wrong with it is said now and not when there are results to store. */
export async function openStore(where: StoreWhere, options: StoreOptions): Promise<Store | StoreProblem> {
  try {
    return where.kind === 'embedded'
      ? await openEmbedded(where.folder, options)
      : await probed(await openCloudStore(where, options));
  } catch (error) {
    // What the store is made of is read from its files only now, and may not be readable.
    const message = error instanceof Error ? error.message : String(error);
    if (saysNoDescriptors(message)) return noDescriptors();
    return new StoreProblem(
      'failed',
      `the store cannot be loaded: ${message}`,
      'install whodisk anew, or use --store none',
    );
  }
}

async function openEmbedded(asked: string, options: StoreOptions): Promise<Store | StoreProblem> {
  if (options.mustExist === true && isMissing(storeFolderOf(asked))) {
    return new StoreProblem(
      'nothing-stored',
      `nothing is stored in ${asked} yet`,
      'run a sweep first, or name the folder that was used with --state DIR or --store PATH',
    );
  }
  const state = openStateFolder(asked, '--state DIR or --store PATH');
  if (state instanceof StateFolderProblem) return new StoreProblem('not-ours', state.message, state.mend);
  const folder = state.path;
  const [{ failoverHandler }, { EMBEDDED_TABLE }, { embeddedClient }] = await Promise.all([
    import('./embedded/failover.ts'),
    import('./embedded/engine.ts'),
    import('./clients.ts'),
  ]);
  const handler = failoverHandler(folder, options.nowMs);
  if (handler instanceof StoreProblem) return handler;
  const deadlineMs = options.deadlineMs ?? EMBEDDED_DEADLINE_MS;
  const opened = await openOn(
    {
      client: await embeddedClient(handler),
      tableName: EMBEDDED_TABLE,
      deadlineMs,
      tooLate: () =>
        handler.isHolder()
          ? new StoreProblem(
              'deadline',
              `the store in ${folder} was not read or written within ${deadlineMs / 1000} s: its disk may hang`,
              'look at the disk that it is on, or use --store none',
            )
          : new StoreProblem(
              'deadline',
              `the store in ${folder} did not answer within ${deadlineMs / 1000} s: the process that holds it, or its disk, may hang`,
              `see which process holds it: fuser -v ${folder}/store/LOCK; or use --store none`,
            ),
    },
    options,
    {
      width: 2,
      removesExpired: true,
      notes: handler.notes,
      async close() {
        // A disk that hangs must not keep a command from ending.
        await inTime(
          handler.release().catch(() => {}),
          CLOSE_MS,
        );
      },
    },
  );
  return await probed(opened);
}

/** Where that cannot be told, and where something above it is no folder, it is not missing: whoever opens it says why it is refused. */
function isMissing(folder: string): boolean {
  try {
    const above = statSync(path.dirname(folder), { throwIfNoEntry: false });
    if (above?.isDirectory() === false) return false;
    return above === undefined || statSync(folder, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

const EMBEDDED_DEADLINE_MS = 5000;
const CLOSE_MS = 2000;
