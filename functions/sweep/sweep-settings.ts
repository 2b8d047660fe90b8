/** How a sweep runs: who asks for it first, then whodisk.yml, then the defaults. */

/** What whoever asks for it may say. */
export interface SweepAsked {
  readonly windowSeconds?: number | undefined;
  readonly deadlineSeconds?: number | undefined;
  readonly forks?: number | undefined;
  readonly privilege?: 'auto' | 'root' | 'user' | undefined;
  readonly hostKeys?: 'strict' | 'accept-new' | undefined;
  readonly args: boolean;
}

/** What whodisk.yml may say of it. */
export interface ConfiguredSweep {
  readonly windowSeconds?: number | undefined;
  readonly deadlineSeconds?: number | undefined;
  readonly forks?: number | undefined;
  readonly privilege?: 'auto' | 'root' | 'user' | undefined;
  readonly hostKeyPolicy?: 'strict' | 'accept-new' | undefined;
}

export interface SweepSettings {
  readonly windowSeconds: number;
  readonly deadlineSeconds: number;
  readonly forks: number;
  readonly privilege: 'auto' | 'root' | 'user';
  /** Whether whoever asks for the sweep named that privilege, so that no host's own setting outranks it. */
  readonly privilegeGiven: boolean;
  readonly hostKeys: 'strict' | 'accept-new';
  readonly args: boolean;
}

const WINDOW_SECONDS = 5;
/** Seconds that a host gets beyond its window: dial, log-in, and a slow answer. */
const DEADLINE_MARGIN_SECONDS = 10;
const FORKS = 256;

/** A problem is one sentence with its mend. */
export function sweepSettings(
  asked: SweepAsked,
  configured: ConfiguredSweep,
): SweepSettings | { readonly problem: string } {
  const windowSeconds = asked.windowSeconds ?? configured.windowSeconds ?? WINDOW_SECONDS;
  const deadlineSeconds =
    asked.deadlineSeconds ?? configured.deadlineSeconds ?? windowSeconds + DEADLINE_MARGIN_SECONDS;
  if (deadlineSeconds <= windowSeconds) {
    const name = asked.deadlineSeconds === undefined ? 'deadlineSeconds' : '--deadline';
    const problem =
      `${name} ${deadlineSeconds} leaves no time after a window of ${windowSeconds} s: a host is dialled, sampled and heard ` +
      `within its deadline. Give more, such as --deadline ${windowSeconds + DEADLINE_MARGIN_SECONDS}`;
    return { problem };
  }
  return {
    windowSeconds,
    deadlineSeconds,
    forks: asked.forks ?? configured.forks ?? FORKS,
    privilege: asked.privilege ?? configured.privilege ?? 'auto',
    privilegeGiven: asked.privilege !== undefined,
    hostKeys: asked.hostKeys ?? configured.hostKeyPolicy ?? 'strict',
    args: asked.args,
  };
}
