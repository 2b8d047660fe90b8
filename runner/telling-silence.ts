/** Whether a host that was not done at its deadline fell silent, as one does whose system disk hangs, or was only slow. Pure. */

/** A host under load may stall this long in mid-answer; a hang lasts. */
const STALL_MS = 3000;

/** How a visit went that ran into its deadline; times in milliseconds. */
export interface Wait {
  /** Since the last sign of life, or since the log-in where there was none. */
  readonly silentMs: number;
  /** From the log-in to the deadline. */
  readonly leftMs: number;
  readonly deadlineMs: number;
  /** How long the answer pauses by design where all is well. */
  readonly pauseMs: number;
}

/**
 * true where the silence is longer than pause and load explain. Where little time was left three quarters of it will do, but a log-in
 * that used nearly all of the deadline up leaves no time to be silent in.
 */
export function isTellingSilence({ silentMs, leftMs, deadlineMs, pauseMs }: Wait): boolean {
  return silentMs >= Math.max(Math.min(pauseMs + STALL_MS, leftMs * 0.75), Math.min(STALL_MS, deadlineMs / 4));
}

/** bundle.sh sends its ticks eight at a time. */
const TICKS_A_FRAME = 8;

/**
 * The longest pause of bundle.sh after frames of these kinds, in milliseconds: none before its greeting; until its first ticks
 * perhaps the whole window, which a host without awk spends in silence; from then on as long as eight ticks last.
 */
export function bundlePauseMs(kinds: readonly string[], windowSeconds: number): number {
  if (kinds.length === 0) return 0;
  if (!kinds.includes('ticks')) return windowSeconds * 1000;
  // Four ticks a second, at most about sixty in all.
  const tickMs = windowSeconds > 15 ? (windowSeconds * 1000) / 60 : 250;
  return TICKS_A_FRAME * tickMs;
}
