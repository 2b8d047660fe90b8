/**
 * whodisk.yml and the inventories as they are now: looked at again for each use, but not for each of many at the same time, and read again
 * where one of the files has changed. Ten thousand hosts take seconds to read, in which nobody else is answered.
 */
import type { ConfigNow } from '../config/config-now.ts';
import type { Config } from '../config/read-config.ts';
import type { Log } from '../log.ts';
import { stampOf } from './file-stamp.ts';

export type FleetRead =
  | {
      readonly kind: 'fleet';
      readonly config: Config;
      readonly notes: readonly string[];
      /** Absolute: while none of them changes it is the same. Absent: it is read again each time. */
      readonly files?: readonly string[];
    }
  /** Each with file, line and column where there are any. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

export interface ConfigSource {
  /** With a problem no sweep begins. */
  readonly config: ConfigNow;
  /** What was read counts no more, however new it is. */
  forget(): void;
}

export interface ConfigSourceOptions {
  readonly read: () => Promise<FleetRead>;
  /** Milliseconds of a clock that is never set. */
  readonly clockMs: () => number;
  /** Epoch milliseconds, as the file system has them; default Date.now. */
  readonly nowMs?: () => number;
  /** Is told when it breaks, and when it is mended. */
  readonly log: Log;
}

export function createConfigSource({ read, clockMs, nowMs = Date.now, log }: ConfigSourceOptions): ConfigSource {
  let last: { readonly atMs: number; readonly config: ReturnType<ConfigNow> } | undefined;
  let said: string | undefined;
  let known: { readonly files: readonly string[]; readonly stamp: string; readonly config: Config } | undefined;

  async function readOnce(): Promise<Config | { readonly problem: string }> {
    const startedAtMs = nowMs();
    if (known !== undefined && (await stampOf(known.files, startedAtMs)) === known.stamp) return known.config;
    known = undefined;
    const { config, files } = await configOf(read);
    const stamp = files && (await stampOf(files, startedAtMs));
    if (files !== undefined && stamp !== undefined && !('problem' in config)) known = { files, stamp, config };
    return config;
  }

  async function readNow(): Promise<Config | { readonly problem: string }> {
    const config = await readOnce();
    const problem = 'problem' in config ? config.problem : config.disabled;
    if (problem !== said) {
      if (problem === undefined) log.info('whodisk.yml is good again, and sweeps go on');
      else log.error('no sweep begins until whodisk.yml is mended', { problem });
      said = problem;
    }
    return config;
  }

  return {
    config() {
      const atMs = clockMs();
      if (last === undefined || atMs - last.atMs >= MEMO_MS) last = { atMs, config: readNow() };
      return last.config;
    },
    forget() {
      last = undefined;
      known = undefined;
    },
  };
}

async function configOf(
  read: ConfigSourceOptions['read'],
): Promise<{ readonly config: Config | { readonly problem: string }; readonly files?: readonly string[] | undefined }> {
  try {
    const fleet = await read();
    if (fleet.kind === 'fleet') return fleet;
    const [first = 'it cannot be read', ...more] = fleet.problems;
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
    return { config: { problem: `whodisk.yml cannot be used: ${first}${others}` } };
  } catch (error) {
    return {
      config: { problem: `whodisk.yml cannot be read: ${error instanceof Error ? error.message : String(error)}` },
    };
  }
}

const MEMO_MS = 2000;
