/** Ticks → the points that are drawn: at most 60, neighbours merged where there are more. */
import type { TimelinePoint } from './finding.ts';
import type { DiskTick } from './samples.ts';

const MAX_POINTS = 60;

export function timelineOf(ticks: readonly DiskTick[]): TimelinePoint[] {
  const perPoint = Math.max(1, Math.ceil(ticks.length / MAX_POINTS));
  const points: TimelinePoint[] = [];
  for (let i = 0; i < ticks.length; i += perPoint) points.push(point(ticks.slice(i, i + perPoint)));
  return points;
}

function point(ticks: readonly DiskTick[]): TimelinePoint {
  let [elapsedMs, completed, ioMs, weightedMs, waitMs, inFlight] = [0, 0, 0, 0, 0, 0];
  for (const tick of ticks) {
    elapsedMs += tick.elapsedMs;
    completed += tick.reads + tick.writes;
    ioMs += tick.ioMs;
    weightedMs += tick.weightedMs;
    waitMs += tick.readMs + tick.writeMs;
    inFlight = Math.max(inFlight, tick.inFlight);
  }
  const merged: TimelinePoint = {
    atMs: ticks.at(-1)?.atMs ?? 0,
    busyPercent: rounded(Math.min(100, (100 * ioMs) / elapsedMs)),
    // Since 5.0 a request's time is summed up when it completes (block/genhd.c): of a moment in which none did, those in flight tell.
    queueDepth: rounded(Math.max(weightedMs / elapsedMs, completed > 0 ? 0 : inFlight)),
    inFlight,
  };
  if (completed > 0) merged.awaitMs = rounded(waitMs / completed);
  return merged;
}

/** Two decimals are more than the counters carry. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
