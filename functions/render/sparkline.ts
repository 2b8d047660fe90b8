/** A course over time in one line of text; absent where there is no course to show. */
export function sparkline(values: readonly number[], width: number): string | undefined {
  const highest = Math.max(...values);
  if (values.length < 4 || !(highest > 0)) return undefined;
  const columns = Math.min(width, values.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns));
    // The highest of the merged points: an average would hide the short burst that hurt.
    const value = Math.max(...values.slice(from, to));
    return BARS[Math.min(BARS.length - 1, Math.round((value / highest) * (BARS.length - 1)))];
  }).join('');
}

const BARS = '▁▂▃▄▅▆▇█';
