/** Figures as the field says them. KB, MB and GB are powers of 1,024, as in iostat, pidstat and free. */

export function inBytes(bytes: number): string {
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = '';
  for (unit of ['KB', 'MB', 'GB', 'TB']) {
    value /= 1024;
    if (value < 1023.5) break;
  }
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${unit}`;
}

export const inRate = (bytesPerSecond: number): string => `${inBytes(bytesPerSecond)}/s`;

export const inPercent = (fraction: number): string =>
  fraction > 0 && fraction < 0.01 ? 'under 1 %' : `${Math.round(fraction * 100)} %`;

export function inTime(ms: number): string {
  if (ms >= 100_000) return `${Math.round(ms / 1000)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 10) return `${Math.round(ms)} ms`;
  return `${ms.toFixed(1)} ms`;
}

export const inCount = (count: number): string => Math.round(count).toLocaleString('en-US');

/** "a", "a and b", "a, b and c" */
export function inList(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
