/** The configuration as the function "config" has published it in the table: what every other function goes by. */
import type { ConfigNow } from '../config/config-now.ts';
import type { Log } from '../log.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { readSnapshot } from './config-snapshot.ts';

export interface StoredConfigOptions {
  readonly store: Pick<Store, 'configStamp' | 'config'>;
  /** Milliseconds. Of a clock that goes on while the function is frozen, which a monotonic one need not: else what is old looks new. */
  readonly clockMs: () => number;
  readonly log: Log;
  /**
   * Is given the text of known_hosts, '' where there is none, before a configuration that is new counts: known-hosts-file.ts. Absent in a
   * function that dials nobody.
   */
  readonly useKnownHosts?: (text: string) => Promise<void>;
}

/**
 * Looks at the stamp for each use, but not more often than every two seconds, and reads the body where it is another. While the table
 * cannot be read, the configuration that was read last goes on to count: who needs the table for more will say so.
 */
export function createStoredConfig({ store, clockMs, log, useKnownHosts }: StoredConfigOptions): ConfigNow {
  let known: { readonly hash: string; readonly config: Awaited<ReturnType<ConfigNow>> } | undefined;
  let last: { readonly atMs: number; readonly config: ReturnType<ConfigNow> } | undefined;

  async function readNow(): ReturnType<ConfigNow> {
    const stamp = await store.configStamp();
    if (stamp instanceof StoreProblem) return onTrouble(stamp);
    if (stamp === undefined) return { problem: NOTHING_PUBLISHED, isPassing: true };
    if (known?.hash === stamp.hash) return known.config;
    const stored = await store.config();
    if (stored instanceof StoreProblem) return onTrouble(stored);
    if (stored === undefined) return { problem: NOTHING_PUBLISHED, isPassing: true };
    const snapshot = readSnapshot(stored.config);
    if ('problem' in snapshot) {
      log.error('no sweep begins until the configuration is mended', { problem: snapshot.problem });
      known = { hash: stored.hash, config: snapshot };
      return snapshot;
    }
    try {
      await useKnownHosts?.(snapshot.knownHosts ?? '');
    } catch (error) {
      return { problem: `The host keys of the configuration cannot be written: ${messageOf(error)}.`, isPassing: true };
    }
    known = { hash: stored.hash, config: snapshot.config };
    return snapshot.config;
  }

  function onTrouble({ message, mend }: StoreProblem): Awaited<ReturnType<ConfigNow>> {
    log.warn('the configuration cannot be read from the table', { detail: message, mend });
    return known?.config ?? { problem: `The configuration cannot be read: ${message}; ${mend}.`, isPassing: true };
  }

  return () => {
    const atMs = clockMs();
    if (last === undefined || Math.abs(atMs - last.atMs) >= MEMO_MS) last = { atMs, config: readNow() };
    return last.config;
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const MEMO_MS = 2000;
const NOTHING_PUBLISHED =
  'No configuration has been published in the table yet: the function "config" does it every minute, and its log says why it could not. ' +
  'To have it done now: aws lambda invoke --function-name whodisk-STAGE-config /dev/stdout';
