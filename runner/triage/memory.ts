/** /proc/meminfo → the figures of the report. The page cache is Cached + Buffers + SReclaimable, as `free` counts it. */
import type { Memory } from './finding.ts';

export function memoryOf(meminfo: ReadonlyMap<string, number>): Memory {
  const memory: Memory = {};
  const set = (field: keyof Memory, bytes: number | undefined): void => {
    if (bytes !== undefined) memory[field] = bytes;
  };
  const cached = meminfo.get('Cached');
  const swapTotal = meminfo.get('SwapTotal');
  const swapFree = meminfo.get('SwapFree');
  set('totalBytes', meminfo.get('MemTotal'));
  set('freeBytes', meminfo.get('MemFree'));
  set('availableBytes', meminfo.get('MemAvailable'));
  if (cached !== undefined) {
    memory.cacheBytes = cached + (meminfo.get('Buffers') ?? 0) + (meminfo.get('SReclaimable') ?? 0);
  }
  set('dirtyBytes', meminfo.get('Dirty'));
  set('writebackBytes', meminfo.get('Writeback'));
  if (swapTotal !== undefined && swapFree !== undefined) memory.swapUsedBytes = Math.max(0, swapTotal - swapFree);
  return memory;
}
