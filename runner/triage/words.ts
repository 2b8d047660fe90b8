/** Figures as a person says them, at most three digits that matter. 1 MB is 1,048,576 bytes, as in iostat, pidstat and free. */

/** "512 B", "20.4 MB", "300 MB", "1.9 GB". */
export function inBytes(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB', 'PB'];
  if (bytes < 1023.5) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = '';
  for (unit of units) {
    value /= 1024;
    // 1023.6 would be printed as 1024: the next unit is due before the step is reached.
    if (value < 1023.5) break;
  }
  return `${trimmed(value, value < 99.95 ? 1 : 0)} ${unit}`;
}

/** "20.4 MB/s". */
export const inRate = (bytesPerSecond: number): string => `${inBytes(bytesPerSecond)}/s`;

/** A share 0..1 within a sentence: "98 %", "under 1 %". */
export const inPercent = (fraction: number): string =>
  fraction > 0 && fraction < 0.01 ? 'under 1 %' : `${Math.round(fraction * 100)} %`;

/** "0.12 ms", "7 ms", "410 ms", "7.3 s", "2.1 min". */
export function inTime(ms: number): string {
  if (ms < 0.995) return `${trimmed(ms, 2)} ms`;
  if (ms < 9.95) return `${trimmed(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${trimmed(ms / 1000, 1)} s`;
  return `${trimmed(ms / 60_000, 1)} min`;
}

/** "0.4", "32", "1,102". */
export function inCount(count: number): string {
  if (count < 9.95) return trimmed(count, 1);
  return Math.round(count)
    .toString()
    .replace(/\B(?=([0-9]{3})+$)/gu, ',');
}

/** "once", "12 times". */
export const inTimes = (count: number): string => (count === 1 ? 'once' : `${inCount(count)} times`);

/** "a", "a and b", "a, b and c" */
export function inList(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** At most so many decimals, and none that ends in 0. */
export function trimmed(value: number, digits: number): string {
  return value
    .toFixed(digits)
    .replace(/\.0+$/u, '')
    .replace(/(\.[0-9]*[1-9])0+$/u, '$1');
}
