/**
 * The verdict on one device from queue, latency and requests in flight together.
 *
 *   hung       requests are in flight and none has completed for 3 s (field 9 of /proc/diskstats is the only witness)
 *   saturated  at work all the time (busy ≥ 90 %, and in flight at ≥ 80 % of the ticks, since busy time is over-counted on Linux 5.0
 *              to 6.9), a queue (≥ 0.9 on average), and a latency of at least 3 times what is fair for its kind and request size
 *   busy       much used, or slower than fair, but not both all the time
 *   healthy    everything else, a 98 % busy NVMe with 0.1 ms latency included
 */
import type { Draft } from '../proc/draft.ts';
import { type DiskKind, fairLatencyMs, isParallel, isSerial } from './disk-kind.ts';
import type { Verdict } from './finding.ts';
import type { DiskActivity, DiskTick } from './samples.ts';

export interface Load {
  readonly verdict: Verdict;
  readonly busyPercent: number;
  readonly queueDepth: number;
  readonly awaitMs?: number;
  readonly readAwaitMs?: number;
  readonly writeAwaitMs?: number;
  /** Latency over what is fair for this kind and request size; absent where nothing completed. */
  readonly latencyRatio?: number;
  /** Time at the end of the window with requests in flight and not one completed. */
  readonly stalledMs: number;
}

const HUNG_AFTER_MS = 3000;
const BUSY_PERCENT = 90;
const BUSY_TICKS = 0.8;
const MIN_QUEUE = 0.9;
const SLOW_RATIO = 3;
const MUCH_USED_PERCENT = 60;
/** A window of less tells nothing about "all the time". */
const MIN_WINDOW_MS = 800;

export function loadOf(activity: DiskActivity, ticks: readonly DiskTick[], kind: DiskKind): Load {
  const { elapsedMs } = activity;
  const { discards = 0, discardMs = 0 } = activity;
  // Discards take their time in the same queue; where it is not counted for them alone they say nothing of the latency.
  const discarded = discardMs > 0 ? discards : 0;
  const completed = activity.reads + activity.writes + discarded;
  const busyPercent = Math.min(100, (100 * activity.ioMs) / elapsedMs);
  const queueDepth = activity.weightedMs / elapsedMs;
  const awaitMs = completed > 0 ? (activity.readMs + activity.writeMs + discardMs) / completed : undefined;
  const requestBytes = completed > 0 ? (activity.readBytes + activity.writeBytes) / completed : 0;
  const latencyRatio = awaitMs === undefined ? undefined : awaitMs / fairLatencyMs(kind, requestBytes);
  const stalledMs = stalledFor(activity, ticks);
  const busyTicks = ticks.length < 4 ? 1 : ticks.filter((tick) => tick.inFlight > 0).length / ticks.length;

  const load: Draft<Load> = { verdict: 'inconclusive', busyPercent, queueDepth, stalledMs };
  if (awaitMs !== undefined) load.awaitMs = awaitMs;
  if (activity.reads > 0) load.readAwaitMs = activity.readMs / activity.reads;
  if (activity.writes > 0) load.writeAwaitMs = activity.writeMs / activity.writes;
  if (latencyRatio !== undefined) load.latencyRatio = latencyRatio;
  load.verdict = stalledMs < HUNG_AFTER_MS ? verdictOf(load, elapsedMs, busyTicks, kind) : 'hung';
  return load;
}

function verdictOf(load: Omit<Load, 'verdict'>, elapsedMs: number, busyTicks: number, kind: DiskKind): Verdict {
  const ratio = load.latencyRatio ?? 0;
  // Nothing completed in a window too short to tell a stuck request from a slow one.
  if (load.latencyRatio === undefined && load.stalledMs > 0 && load.busyPercent >= BUSY_PERCENT) return 'inconclusive';
  if (elapsedMs < MIN_WINDOW_MS) return 'inconclusive';
  const always = load.busyPercent >= BUSY_PERCENT && busyTicks >= BUSY_TICKS;
  if (always && load.queueDepth >= MIN_QUEUE && ratio >= SLOW_RATIO) return 'saturated';
  const much = load.busyPercent >= (isSerial(kind) ? MUCH_USED_PERCENT : BUSY_PERCENT) && !isParallel(kind);
  const slow = ratio >= SLOW_RATIO && load.queueDepth >= 1;
  return much || slow ? 'busy' : 'healthy';
}

/**
 * Ticks do not count discards. But kernels that do (4.18) sum up latencies as requests complete (5.0, block/genhd.c), so that where there
 * were discards a sum that grows tells that one has completed.
 */
function stalledFor(activity: DiskActivity, ticks: readonly DiskTick[]): number {
  const { discards = 0 } = activity;
  if (ticks.length === 0) {
    const stuck = (activity.inFlight ?? 0) > 0 && activity.reads + activity.writes + discards === 0;
    return stuck ? Math.min(activity.ioMs, activity.elapsedMs) : 0;
  }
  let stalledMs = 0;
  for (let i = ticks.length - 1; i >= 0; i--) {
    const tick = ticks[i];
    if (!tick || tick.inFlight === 0 || tick.reads + tick.writes > 0) break;
    if (discards > 0 && tick.weightedMs > 0) break;
    stalledMs += tick.elapsedMs;
  }
  return stalledMs;
}
