/** How many hosts at a time this machine's open files allow. */

/** Node's own, the standard streams and files that are being read. */
const RESERVED_DESCRIPTORS = 32;

export interface Width {
  readonly width: number;
  /** Where it is smaller than what was asked for: why, and what to do. */
  readonly message?: string;
}

/**
 * @param forks how many hosts at a time were asked for
 * @param openFilesLimit the soft limit (`ulimit -n`); Infinity where there is none
 * @param descriptorsPerHost the most that one of them holds open at a time
 */
export function widthFor(forks: number, openFilesLimit: number, descriptorsPerHost: number): Width {
  const possible = Math.max(1, Math.floor((openFilesLimit - RESERVED_DESCRIPTORS) / descriptorsPerHost));
  if (forks <= possible) return { width: forks };
  const message = `Only ${possible} hosts at a time instead of ${forks}: this shell allows ${openFilesLimit} open files. Raise it with ulimit -n ${forks * descriptorsPerHost + RESERVED_DESCRIPTORS}.`;
  return { width: possible, message };
}

/** The soft limit in the text of /proc/self/limits (proc(5)): Infinity for 'unlimited', undefined where the line is missing. */
export function openFilesLimitOf(limitsText: string): number | undefined {
  const soft = /^Max open files\s+(\d+|unlimited)\s/m.exec(limitsText)?.[1];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}
