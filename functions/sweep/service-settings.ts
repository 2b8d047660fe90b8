/** How a sweep of the service runs: the request, then how the service was started, then whodisk.yml, then the defaults. */
import type { SweepDeps } from './deps.ts';
import { type ConfiguredSweep, type SweepSettings, sweepSettings } from './sweep-settings.ts';

export interface ServiceAsked {
  readonly windowSeconds?: number | undefined;
  /** Of a job that was begun: then nothing else decides. */
  readonly deadlineSeconds?: number | undefined;
  readonly args: boolean;
}

/**
 * A longer window moves the configured deadline by as much: whoever asks over a network knows nothing of it.
 *
 * @returns a problem is one sentence with its mend
 */
export function serviceSettings(
  asked: ServiceAsked,
  configured: ConfiguredSweep,
  { options, mostDeadlineSeconds = MOST_DEADLINE_SECONDS }: Pick<SweepDeps, 'options' | 'mostDeadlineSeconds'>,
): SweepSettings | { readonly problem: string } {
  const own = options?.sweep ?? {};
  const base = sweepSettings({ ...own, args: asked.args }, configured);
  if ('problem' in base) return base;
  const windowSeconds = asked.windowSeconds ?? base.windowSeconds;
  const moved = base.deadlineSeconds + Math.max(0, windowSeconds - base.windowSeconds);
  const deadlineSeconds = Math.min(asked.deadlineSeconds ?? moved, mostDeadlineSeconds);
  if (deadlineSeconds <= windowSeconds) {
    const problem = `A window of ${windowSeconds} s leaves no time: a host has ${mostDeadlineSeconds} s here, since its worker has no more. Ask for a shorter window, or give the workers more time.`;
    return { problem };
  }
  return { ...base, windowSeconds, deadlineSeconds };
}

/** As the bundle takes it. */
const MOST_DEADLINE_SECONDS = 3600;
