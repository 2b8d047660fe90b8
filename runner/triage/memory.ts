/** /proc/meminfo → the figures of the report. The page cache is Cached + Buffers + SReclaimable, as `free` counts it. */
import type { Memory } from './finding.ts';

export function memoryOf(meminfo: ReadonlyMap<string, number>): Memory {
  const figure = (name: string, field: keyof Memory): Memory => {
    const bytes = meminfo.get(name);
    return bytes === undefined ? {} : { [field]: bytes };
  };
  const cached = meminfo.get('Cached');
  const swapTotal = meminfo.get('SwapTotal');
  const swapFree = meminfo.get('SwapFree');
  return {
    ...figure('MemTotal', 'totalBytes'),
    ...figure('MemFree', 'freeBytes'),
    ...figure('MemAvailable', 'availableBytes'),
    ...(cached !== undefined && {
      cacheBytes: cached + (meminfo.get('Buffers') ?? 0) + (meminfo.get('SReclaimable') ?? 0),
    }),
    ...figure('Dirty', 'dirtyBytes'),
    ...figure('Writeback', 'writebackBytes'),
    ...(swapTotal !== undefined && swapFree !== undefined && { swapUsedBytes: Math.max(0, swapTotal - swapFree) }),
  };
}
