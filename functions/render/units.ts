/** Figures as a person says them, at most three digits that matter. 1 MB is 1,048,576 bytes, as in iostat, pidstat and free. */

/** "512 B", "20.4 MB", "300 MB", "1.9 GB". */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1024, ['B', 'KB', 'MB', 'GB', 'TB', 'PB']);
}

/** "20.4 MB/s". */
export function formatByteRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** "0.12 ms", "7 ms", "410 ms", "7.3 s", "2.1 min". */
export function formatMs(ms: number): string {
  if (ms < 0.995) return `${trimmed(ms, 2)} ms`;
  if (ms < 9.95) return `${trimmed(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${trimmed(ms / 1000, 1)} s`;
  return `${trimmed(ms / 60_000, 1)} min`;
}

/** "99.2 %", "100 %", "3 %": one decimal only near the top, where it tells. */
export function formatPercent(percent: number): string {
  if (percent >= 99 && percent < 99.95) return `${trimmed(percent, 1)} %`;
  return percent > 0 && percent < 0.5 ? '<1 %' : `${Math.round(percent)} %`;
}

/** A share 0..1 as "98 %". */
export function formatShare(share: number): string {
  return share > 0.995 && share < 1 ? '>99 %' : formatPercent(Math.round(share * 100));
}

/** "0.4", "32", "1,102". */
export function formatCount(count: number): string {
  if (count < 9.95) return trimmed(count, 1);
  return Math.round(count)
    .toString()
    .replace(/\B(?=([0-9]{3})+$)/gu, ',');
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let rest = value;
  let index = 0;
  // 1023.6 would be printed as 1024: the next unit is due before the step is reached.
  while (rest >= step - 0.5 && index < units.length - 1) {
    rest /= step;
    index += 1;
  }
  const digits = index === 0 || rest >= 99.95 ? 0 : 1;
  return `${trimmed(rest, digits)} ${units[index] ?? ''}`;
}

function trimmed(value: number, digits: number): string {
  return value
    .toFixed(digits)
    .replace(/\.0+$/u, '')
    .replace(/(\.[0-9]*[1-9])0+$/u, '$1');
}
