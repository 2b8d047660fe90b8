/** Where the page cache goes, what is done to keep memory free, and whether the cache's size is reasonable. */
import type { PageCache } from './finding.ts';
import { nameOfLoad } from './load-name.ts';
import type { ProcessLoad } from './loads.ts';
import { type HostSamples, type OpenFile, SMALLEST_PAGE_BYTES } from './samples.ts';
import { inBytes, inPercent, inRate } from './words.ts';

const MIN_RATE = 256 * 1024;
const MAX_USERS = 3;
/** Of the cache. */
const MUCH_SHARED = 0.1;
/** Pages a second that come back soon after they were thrown out. */
export const MANY_REFAULTS = 500;

/** undefined where nothing of it was read. `cacheBytes`: what the page cache has. */
export function pageCacheOf(
  samples: HostSamples,
  loads: readonly ProcessLoad[],
  cacheBytes: number | undefined,
): PageCache | undefined {
  const { dirtyLimits, swap, reclaim, pageBytes = SMALLEST_PAGE_BYTES } = samples;
  const uses = usesOf(samples, loads, cacheBytes);
  const figures: Partial<PageCache> = {};
  const set = (field: Exclude<keyof PageCache, 'uses'>, pages: number | undefined): void => {
    if (pages !== undefined) figures[field] = Math.round(pages * pageBytes);
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
  samples: Pick<HostSamples, 'meminfo' | 'reclaim' | 'pageBytes'>,
  loads: readonly ProcessLoad[],
  cacheBytes: number | undefined,
): string[] {
  const { meminfo, reclaim, pageBytes = SMALLEST_PAGE_BYTES } = samples;
  const [total, available] = [meminfo?.get('MemTotal'), meminfo?.get('MemAvailable')];
  const users = loads
    .filter(({ suspect, process }) => suspect !== undefined && process.io !== undefined)
    .filter(({ directWrites, files }) => !directWrites && !files.some(({ file }) => file.mode?.direct))
    .map((load) => ({ load, rate: load.read.bytesPerSecond + load.write.bytesPerSecond }))
    .filter(({ rate }) => rate >= MIN_RATE)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, MAX_USERS);
  const lines = users.map(({ load, rate }) => {
    const [file] = load.files
      .map(({ file }) => file)
      .filter(({ movedBytes = 0 }) => movedBytes > 0)
      .sort((a, b) => (b.movedBytes ?? 0) - (a.movedBytes ?? 0));
    return `${nameOfLoad(load)} passes ${inRate(rate)} through it${file ? `, ${pathOf(file)}` : ''}`;
  });
  if (cacheBytes !== undefined && total !== undefined && total > 0) {
    const refaults = reclaim?.refaultedPagesPerSecond ?? 0;
    const figure = `${inBytes(cacheBytes)}, ${inPercent(cacheBytes / total)} of memory`;
    if (refaults >= MANY_REFAULTS) {
      lines.push(
        `too small for what is read: ${figure}; ${inRate(refaults * pageBytes)} come back right after they were thrown out (workingset_refault in /proc/vmstat)`,
      );
    } else if (available !== undefined && available < total * 0.05) {
      lines.push(`squeezed: ${figure}, and only ${inBytes(available)} could still be had (MemAvailable)`);
    } else {
      // Counted as cache, but there is no file to which it could be given back (Documentation/filesystems/proc.rst, meminfo).
      const shared = meminfo?.get('Shmem') ?? 0;
      const but = shared >= cacheBytes * MUCH_SHARED ? `, but for ${inBytes(shared)} of shared memory and tmpfs` : '';
      lines.push(`reasonable: ${figure}; what is cached is given back when it is needed${but}`);
    }
  }
  return lines;
}

const pathOf = ({ path, mode }: OpenFile): string => `${mode?.writes ? 'to' : 'from'} ${path}`;
