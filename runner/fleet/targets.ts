/** Which of the targets that were named are visited. */

/** Drops later spellings of a target: it is visited once, under its first. Order is kept. */
export function withoutDuplicates<T>(targets: readonly T[], keyOf: (target: T) => string): T[] {
  const first = new Map<string, T>();
  for (const target of targets) {
    const key = keyOf(target);
    if (!first.has(key)) first.set(key, target);
  }
  return [...first.values()];
}
