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
  const sum = (of: (tick: DiskTick) => number): number => ticks.reduce((total, tick) => total + of(tick), 0);
  const elapsedMs = sum((tick) => tick.elapsedMs);
  const completed = sum((tick) => tick.reads + tick.writes);
  return {
    atMs: ticks.at(-1)?.atMs ?? 0,
    busyPercent: rounded(Math.min(100, (100 * sum((tick) => tick.ioMs)) / elapsedMs)),
    queueDepth: rounded(sum((tick) => tick.weightedMs) / elapsedMs),
    inFlight: Math.max(...ticks.map((tick) => tick.inFlight)),
    ...(completed > 0 && { awaitMs: rounded(sum((tick) => tick.readMs + tick.writeMs) / completed) }),
  };
}

/** Two decimals are more than the counters carry. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
