/** How long requests to a disk take, reads and writes together. */
import type { Disk } from './finding.ts';

/**
 * The average in milliseconds, weighted by the number of reads and writes; that of flushes where neither has one, absent where
 * nothing has.
 */
export function awaitMs(disk: Disk): number | undefined {
  const reads = weighted(disk.readsPerSecond, disk.readAwaitMs);
  const writes = weighted(disk.writesPerSecond, disk.writeAwaitMs);
  const waits = [reads, writes].filter((wait) => wait !== undefined);
  const operations = waits.reduce((sum, wait) => sum + wait.count, 0);
  if (waits.length === 0) return disk.flushAwaitMs;
  if (operations === 0) return Math.max(...waits.map((wait) => wait.ms));
  return waits.reduce((sum, wait) => sum + wait.ms * wait.count, 0) / operations;
}

function weighted(count: number | undefined, ms: number | undefined): { count: number; ms: number } | undefined {
  return ms === undefined ? undefined : { count: count ?? 0, ms };
}
