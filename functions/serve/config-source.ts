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
      /** For how long, although none of them changes; absent: without end. */
      readonly keptMs?: number;
    }
  | {
      readonly kind: 'problems';
      /** Each with file, line and column where there are any. */
      readonly problems: readonly string[];
      /** What the files name could not be asked this time. */
      readonly isUnavailable?: boolean;
    };

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
  let known: Known | undefined;
  let isStale = false;

  async function readOnce(): Promise<Config | { readonly problem: string }> {
    const startedAtMs = nowMs();
    const before = known !== undefined && (await stampOf(known.files, startedAtMs)) === known.stamp ? known : undefined;
    if (before !== undefined && clockMs() < before.untilMs) return before.config;
    known = undefined;
    const { config, files, keptMs, isUnavailable } = await configOf(read);
    if (isUnavailable === true && before !== undefined && 'problem' in config) {
      if (!isStale) log.warn('the hosts that were read last go on to count', { detail: config.problem });
      isStale = true;
      known = { ...before, untilMs: clockMs() + AGAIN_MS };
      return before.config;
    }
    isStale = false;
    const stamp = files && (await stampOf(files, startedAtMs));
    if (files !== undefined && stamp !== undefined && !('problem' in config)) {
      known = { files, stamp, config, untilMs: clockMs() + (keptMs ?? Number.POSITIVE_INFINITY) };
    }
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

interface Known {
  readonly files: readonly string[];
  readonly stamp: string;
  readonly config: Config;
  /** Of `clockMs`. */
  readonly untilMs: number;
}

type ConfigRead = Pick<Extract<FleetRead, { kind: 'fleet' }>, 'files' | 'keptMs'> & {
  readonly config: Config | { readonly problem: string };
  readonly isUnavailable?: boolean;
};

async function configOf(read: ConfigSourceOptions['read']): Promise<ConfigRead> {
  try {
    const fleet = await read();
    if (fleet.kind === 'fleet') return fleet;
    const { problems, isUnavailable = false } = fleet;
    const [first = 'it cannot be read', ...more] = problems;
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
    return { config: { problem: `whodisk.yml cannot be used: ${first}${others}` }, isUnavailable };
  } catch (error) {
    return {
      config: { problem: `whodisk.yml cannot be read: ${error instanceof Error ? error.message : String(error)}` },
    };
  }
}

const MEMO_MS = 2000;
/** After which what could not be asked is asked again. */
const AGAIN_MS = 15_000;
