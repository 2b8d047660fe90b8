/** Percentages as short as a cell of a table wants them; figures that read the same in a sentence are in runner/triage/words.ts. */
import { trimmed } from '../../runner/triage/words.ts';

/** "99.2 %", "100 %", "3 %": one decimal only near the top, where it tells. */
export function formatPercent(percent: number): string {
  if (percent >= 99 && percent < 99.95) return `${trimmed(percent, 1)} %`;
  return percent > 0 && percent < 0.5 ? '<1 %' : `${Math.round(percent)} %`;
}

/** A share 0..1 as "98 %". */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return '<1 %';
  return share > 0.995 && share < 1 ? '>99 %' : formatPercent(Math.round(share * 100));
}
