/**
 * Who is behind a disk that swaps. Pages swapped out are charged to nobody (mm/page_io.c), pages swapped in to whoever needs them back,
 * hog and victim alike. The one to name is the process that has the memory: resident and swapped, and growing.
 */
import { bareRow } from './bare-row.ts';
import type { DeviceTree } from './device-tree.ts';
import type { LedgerRow } from './ledger.ts';
import type { ProcessLoad } from './loads.ts';
import { type DiskActivity, type HostSamples, SMALLEST_PAGE_BYTES, type Suspect } from './samples.ts';
import { inBytes, inPercent, inRate } from './words.ts';

/** Of the disk's bytes, or it is not swapping that wears it out. */
const MUCH = 0.3;
/** Of the memory that all who were looked at hold: below that nobody is the hog. */
const HOG_PART = 0.4;

/** The part of this disk's bytes that is swapped in and out, 0..1; 0 where no swap area is on it. */
export function swapShare(
  samples: HostSamples,
  activity: DiskActivity,
  devices: readonly string[],
  tree: DeviceTree,
): number {
  const isHere = (samples.swapAreas ?? []).some(({ path, kind }) => {
    const mount = kind === 'file' ? tree.mountOfPath(path) : undefined;
    const device = tree.ofNode(path) ?? (mount && tree.ofMount(mount));
    return device !== undefined && devices.includes(device);
  });
  const swapped = swappedBytes(samples);
  const bytes = ((activity.readBytes + activity.writeBytes) * 1000) / activity.elapsedMs;
  return isHere && bytes > 0 ? Math.min(1, (swapped.in + swapped.out) / bytes) : 0;
}

/** A second. */
function swappedBytes({ swap, pageBytes = SMALLEST_PAGE_BYTES }: HostSamples): {
  readonly in: number;
  readonly out: number;
} {
  return { in: (swap?.inPagesPerSecond ?? 0) * pageBytes, out: (swap?.outPagesPerSecond ?? 0) * pageBytes };
}

export const isSwapBound = (share: number): boolean => share >= MUCH;

const heldBytes = ({ residentBytes = 0, swapBytes = 0 }: Suspect): number => residentBytes + swapBytes;

interface Holder {
  readonly load: ProcessLoad;
  readonly suspect: Suspect;
  readonly held: number;
}

/** Of its limit, or of the memory that could still be had. */
const FULL = 0.9;
const PLENTY = 0.1;

/**
 * Where the host itself has plenty left it is a cgroup's limit that makes it swap, so only who is at such a limit comes into question.
 * Nothing of whoever has no page in swap was swapped out.
 */
function mayBeHogs(holders: readonly Holder[], { meminfo }: HostSamples): readonly Holder[] {
  const [total, available] = [meminfo?.get('MemTotal') ?? 0, meminfo?.get('MemAvailable') ?? 0];
  const isAtLimit = ({ suspect: { cgroupLimits } }: Holder): boolean =>
    cgroupLimits?.memoryLimitBytes !== undefined &&
    (cgroupLimits.memoryBytes ?? 0) >= cgroupLimits.memoryLimitBytes * FULL &&
    (total === 0 || cgroupLimits.memoryLimitBytes < total);
  const hostHasPlenty = total > 0 && available >= total * PLENTY;
  const limited = hostHasPlenty ? holders.filter(isAtLimit) : [];
  const left = limited.length > 0 ? limited : holders;
  const swapped = left.filter(({ suspect }) => (suspect.swapBytes ?? 0) > 0);
  return swapped.length > 0 ? swapped : left;
}

/** Less than this may be what a program needs to go on. */
const MUCH_GROWTH_BYTES = 64 * 1024 * 1024;

/** Of its resident memory between the first look and the last. */
const grownBytes = ({ spent }: Suspect, { pageBytes = SMALLEST_PAGE_BYTES }: HostSamples): number =>
  spent === undefined ? 0 : (spent.residentPagesAfter - spent.residentPagesBefore) * pageBytes;

/** Somebody else wants much memory now, and the one that has most does not: it may be the one from whom that is taken. */
function isTakenFrom(hogs: readonly Holder[], holders: readonly Holder[], samples: HostSamples): boolean {
  const grown = ({ suspect }: Holder): number => grownBytes(suspect, samples);
  const most = Math.max(...hogs.map(grown), 0);
  return holders.some((other) => !hogs.includes(other) && grown(other) >= Math.max(MUCH_GROWTH_BYTES, 2 * most));
}

/** At most one, or those that hold as much as the first; none where nobody stands out. */
export function swapClaims(samples: HostSamples, loads: readonly ProcessLoad[], share: number): LedgerRow[] {
  const known = loads.flatMap((load): Holder[] =>
    load.suspect && !load.family && heldBytes(load.suspect) > 0
      ? [{ load, suspect: load.suspect, held: heldBytes(load.suspect) }]
      : [],
  );
  const holders = [...mayBeHogs(known, samples)].sort((a, b) => b.held - a.held);
  const [first] = holders;
  if (!first) return [];
  const all = holders.reduce((sum, { held }) => sum + held, 0);
  const hogs = holders.filter(({ held }) => held >= first.held / 2 && held >= all * HOG_PART * 0.5);
  if (first.held < all * HOG_PART || isTakenFrom(hogs, known, samples)) return [];
  const total = samples.meminfo?.get('MemTotal');
  const ofHogs = hogs.reduce((sum, { held }) => sum + held, 0);
  const swapped = swappedBytes(samples);
  return hogs.map(({ load, suspect, held }) => {
    const { spent, swapBytes = 0, residentBytes = 0 } = suspect;
    const grows =
      spent !== undefined && (spent.majorFaults > 0 || spent.residentPagesAfter > spent.residentPagesBefore);
    const isActive = grows || load.process.blockedSamples > 0 || suspect.blockedThreads > 0;
    const ofMemory = total === undefined ? 0 : held / total;
    const isLarge = ofMemory >= 0.4 || (swapBytes > 0 && held >= all * 0.7);
    const isSure = hogs.length === 1 && isActive && isLarge;
    return {
      ...bareRow(load),
      share: (share * held) / ofHogs,
      readBytesPerSecond: (swapped.in * held) / ofHogs,
      writeBytesPerSecond: (swapped.out * held) / ofHogs,
      claim: {
        shareOf: 'bytes' as const,
        activity: 'swap' as const,
        memoryBytes: held,
        confidence: isSure ? ('high' as const) : ('medium' as const),
        lacks: [
          hogs.length > 1 ? 'several hold as much' : undefined,
          isActive ? undefined : 'it neither grew nor waited while it was looked at',
          isLarge ? undefined : 'it holds no more than a part of the memory',
        ].filter((text) => text !== undefined),
        evidence: [
          `holds ${inBytes(residentBytes)} of memory and ${inBytes(swapBytes)} of swap${total === undefined ? '' : `, ${inPercent(ofMemory)} of the host's memory`} (VmRSS, VmSwap in /proc/${suspect.pid}/status)`,
          `the host swaps ${inRate(swapped.in)} in and ${inRate(swapped.out)} out (pswpin, pswpout in /proc/vmstat), which is charged to no process`,
          ...(spent ? [`${spent.majorFaults} major faults while it was looked at (/proc/${suspect.pid}/stat)`] : []),
        ],
      },
    };
  });
}
