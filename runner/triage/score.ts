/**
 * The ranking key, 0..100. Each verdict has its band, so that a worse verdict always outranks a better one:
 *
 *   hung 90..100 · (89: a host that stalled after it let us in) · saturated 60..88 · inconclusive 40..59 · busy 20..39 · healthy 0..19
 *
 * Inside a band: hung by how long nothing completed; saturated by how much slower than fair (60 %) and how long the queue (40 %), both
 * logarithmic since both span three orders of magnitude; busy and healthy by busy time.
 */
import type { Verdict } from './finding.ts';
import type { Load } from './saturation.ts';

export const SUSPECTED_HUNG_SCORE = 89;
export const NOT_SWEPT_SCORE = 40;

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

export function scoreOf(verdict: Verdict, load: Load | undefined): number {
  const busy = clamp((load?.busyPercent ?? 0) / 100);
  const slow = clamp(Math.log10(Math.max(1, load?.latencyRatio ?? 1)) / 3);
  const queue = clamp(Math.log10(1 + (load?.queueDepth ?? 0)) / 3);
  const points = (from: number, to: number, part: number): number => Math.round((from + (to - from) * part) * 10) / 10;
  switch (verdict) {
    case 'hung':
      return points(90, 100, clamp((load?.stalledMs ?? 0) / 60_000));
    case 'saturated':
      return points(60, 88, 0.6 * slow + 0.4 * queue);
    case 'inconclusive':
      return points(NOT_SWEPT_SCORE, 59, busy);
    case 'busy':
      return points(20, 39, busy);
    case 'healthy':
      return points(0, 19, busy);
    default:
      return verdict satisfies never;
  }
}
