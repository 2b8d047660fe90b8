/** Where a moment stands on the axis that a disk's course is drawn on: each of its points has the same width. */
import type { TimelinePoint } from '../../runner/triage/finding.ts';

/** 0..1 of the width. A point's time is the end of its span; what is after the last one stands at the end. */
export function placeInWindow(timeline: readonly TimelinePoint[], atMs: number): number {
  const index = timeline.findIndex((point) => point.atMs >= atMs);
  const point = timeline[index];
  if (!point) return 1;
  const from = timeline[index - 1]?.atMs ?? 0;
  const part = point.atMs > from ? (atMs - from) / (point.atMs - from) : 1;
  return (index + Math.max(0, part)) / timeline.length;
}
