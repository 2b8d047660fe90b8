/** whodisk.yml and the inventories as they are now: read again for each use, but not for each of many at the same time. */
import type { Config } from '../config/read-config.ts';
import type { Log } from '../log.ts';

export type FleetRead =
  | { readonly kind: 'fleet'; readonly config: Config; readonly notes: readonly string[] }
  /** Each with file, line and column where there are any. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

export interface ConfigSource {
  /** A problem is a sentence; with it no sweep begins. Never rejects. */
  config(): Promise<Config | { readonly problem: string }>;
  /** What was read counts no more, however new it is. */
  forget(): void;
}

export interface ConfigSourceOptions {
  readonly read: () => Promise<FleetRead>;
  /** Milliseconds of a clock that is never set. */
  readonly clockMs: () => number;
  /** Is told when it breaks, and when it is mended. */
  readonly log: Log;
}

export function createConfigSource({ read, clockMs, log }: ConfigSourceOptions): ConfigSource {
  let last: { readonly atMs: number; readonly config: ReturnType<ConfigSource['config']> } | undefined;
  let said: string | undefined;

  async function readNow(): Promise<Config | { readonly problem: string }> {
    const config = await configOf(read);
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
    },
  };
}

async function configOf(read: ConfigSourceOptions['read']): Promise<Config | { readonly problem: string }> {
  try {
    const fleet = await read();
    if (fleet.kind === 'fleet') return fleet.config;
    const [first = 'it cannot be read', ...more] = fleet.problems;
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
    return { problem: `whodisk.yml cannot be used: ${first}${others}` };
  } catch (error) {
    return { problem: `whodisk.yml cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const MEMO_MS = 2000;
