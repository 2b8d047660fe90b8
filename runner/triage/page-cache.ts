/** Where the page cache goes, what is done to keep memory free, and whether the cache's size is reasonable. */
import type { PageCache } from './finding.ts';
import type { ProcessLoad } from './loads.ts';
import type { HostSamples, OpenFile } from './samples.ts';
import { inBytes, inPercent, inRate } from './words.ts';

/** x86 and nearly everywhere; where pages are larger these figures are too small, never wrong in kind. */
const PAGE_BYTES = 4096;
const MIN_RATE = 256 * 1024;
const MAX_USERS = 3;
/** Pages a second that come back soon after they were thrown out. */
export const MANY_REFAULTS = 500;

/** undefined where nothing of it was read. `cacheBytes`: what the page cache has. */
export function pageCacheOf(
  samples: HostSamples,
  loads: readonly ProcessLoad[],
  cacheBytes: number | undefined,
): PageCache | undefined {
  const { dirtyLimits, swap, reclaim } = samples;
  const uses = usesOf(samples, loads, cacheBytes);
  const figures: Partial<PageCache> = {};
  const set = (field: Exclude<keyof PageCache, 'uses'>, pages: number | undefined): void => {
    if (pages !== undefined) figures[field] = Math.round(pages * PAGE_BYTES);
  };
  set('dirtyBackgroundLimitBytes', dirtyLimits?.backgroundPages);
  set('dirtyLimitBytes', dirtyLimits?.pages);
  set('swapInBytesPerSecond', swap?.inPagesPerSecond);
  set('swapOutBytesPerSecond', swap?.outPagesPerSecond);
  set('scannedBytesPerSecond', reclaim?.scannedPagesPerSecond);
  set('refaultedBytesPerSecond', reclaim?.refaultedPagesPerSecond);
  return uses.length === 0 && Object.keys(figures).length === 0 ? undefined : { ...figures, uses };
}

function usesOf(
  samples: Pick<HostSamples, 'meminfo' | 'reclaim'>,
  loads: readonly ProcessLoad[],
  cacheBytes: number | undefined,
): string[] {
  const { meminfo, reclaim } = samples;
  const [total, available] = [meminfo?.get('MemTotal'), meminfo?.get('MemAvailable')];
  const users = loads
    .filter(({ suspect, directWrites, process }) => suspect !== undefined && process.io !== undefined && !directWrites)
    .map((load) => ({ load, rate: load.read.bytesPerSecond + load.write.bytesPerSecond }))
    .filter(({ rate }) => rate >= MIN_RATE)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, MAX_USERS);
  const lines = users.flatMap(({ load, rate }) => {
    const [file] = load.files
      .map(({ file }) => file)
      .filter(({ movedBytes = 0 }) => movedBytes > 0)
      .sort((a, b) => (b.movedBytes ?? 0) - (a.movedBytes ?? 0));
    if (file?.mode?.direct) return [];
    return [
      `${load.process.command} ${load.process.pid} passes ${inRate(rate)} through it${file ? `, ${pathOf(file)}` : ''}`,
    ];
  });
  if (cacheBytes !== undefined && total !== undefined && total > 0) {
    const refaults = reclaim?.refaultedPagesPerSecond ?? 0;
    const figure = `${inBytes(cacheBytes)}, ${inPercent(cacheBytes / total)} of memory`;
    if (refaults >= MANY_REFAULTS) {
      lines.push(
        `too small for what is read: ${figure}; ${inRate(refaults * PAGE_BYTES)} come back right after they were thrown out (workingset_refault in /proc/vmstat)`,
      );
    } else if (available !== undefined && available < total * 0.05) {
      lines.push(`squeezed: ${figure}, and only ${inBytes(available)} could still be had (MemAvailable)`);
    } else lines.push(`reasonable: ${figure}; what is cached is given back when it is needed`);
  }
  return lines;
}

const pathOf = ({ path, mode }: OpenFile): string => `${mode?.writes ? 'to' : 'from'} ${path}`;
