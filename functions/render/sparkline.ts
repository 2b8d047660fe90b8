/** A course over time in one line of text; absent where there is no course to show. */
export function sparkline(values: readonly number[], width: number): string | undefined {
  const highest = Math.max(...values);
  if (values.length < 4 || !(highest > 0)) return undefined;
  return mergedPoints(values, width)
    .map((value) => barOf(value ?? 0, highest))
    .join('');
}

/** At most `width` points. Of merged ones the highest counts: an average would hide the short burst that hurt. */
export function mergedPoints(values: readonly (number | undefined)[], width: number): (number | undefined)[] {
  const columns = Math.min(width, values.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns));
    const known = values.slice(from, to).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  });
}

/** One column for a value of 0..`top`. */
export function barOf(value: number, top: number): string {
  const part = top > 0 ? value / top : 0;
  return BARS[Math.max(0, Math.min(BARS.length - 1, Math.round(part * (BARS.length - 1))))] ?? '';
}

const BARS = '▁▂▃▄▅▆▇█';
