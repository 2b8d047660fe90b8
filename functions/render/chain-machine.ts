/** The first links of a host's chain: what its CPUs wait for, and the memory that stands between processes and disks. */
import type { VisitedHost } from '../../runner/report.ts';
import type { Cpu } from '../../runner/triage/finding.ts';
import { sourcesOf } from '../../runner/triage/sources.ts';
import { inBytes, inRate, trimmed } from '../../runner/triage/words.ts';
import { encodeText } from './encode.ts';

type OneCpu = Cpu['perCpu'][number];

const MUCH_PERCENT = 10;
const MOST_CPUS = 4;

const percent = (value: number): string => `${trimmed(value, 1)} %`;

const notSeen = (source: string, of: VisitedHost['source']): string =>
  of === 'captures' ? `${source} is not among the captures, or does not show it` : `${source} did not come back`;

/** Raw figures of /proc/stat or top; the CPUs that wait for I/O, the one that waits most first. */
export function cpuFacts({ cpu, disks, source }: VisitedHost): string[] {
  const sources = sourcesOf({ source });
  const perCpu = [...(cpu?.perCpu ?? [])].sort((a, b) => b.iowaitPercent - a.iowaitPercent || a.cpu - b.cpu);
  const [most] = perCpu;
  if (most === undefined) return [`not seen: ${notSeen(sources.cpu, source)}`];
  const waiting = perCpu.filter(({ iowaitPercent }) => iowaitPercent >= MUCH_PERCENT);
  if (waiting.length === 0) {
    const isSlow = disks.some(({ verdict }) => verdict === 'saturated' || verdict === 'hung');
    return [
      `no CPU waits for I/O much: at most ${percent(most.iowaitPercent)} of the time, cpu${most.cpu} (${sources.cpu})`,
      ...(isSlow ? ['a CPU that finds other work to do is not counted as waiting'] : []),
    ];
  }
  const shown = waiting.slice(0, MOST_CPUS);
  return [...shown.map((one) => waitText(one, sources.cpu)), ...othersText(perCpu.slice(shown.length))];
}

function waitText(
  { cpu, iowaitPercent, userPercent, systemPercent, stealPercent, idlePercent }: OneCpu,
  source: string,
): string {
  const steal = stealPercent > 0 ? `, steal ${percent(stealPercent)}` : '';
  return (
    `cpu${cpu} waits for I/O ${percent(iowaitPercent)} of the time; ` +
    `user ${percent(userPercent)}, system ${percent(systemPercent)}${steal}, idle ${percent(idlePercent)} (${source})`
  );
}

function othersText([next, ...others]: readonly OneCpu[]): string[] {
  if (next === undefined) return [];
  if (others.length === 0) return [`cpu${next.cpu} waits ${percent(next.iowaitPercent)}`];
  return [`the other ${others.length + 1} CPUs wait at most ${percent(next.iowaitPercent)}`];
}

/** Raw figures of /proc/meminfo or top. */
export function memoryFacts({ memory, pageCache, source }: VisitedHost): string[] {
  const { memory: origin } = sourcesOf({ source });
  const amount = (bytes: number | undefined, words: string): string | undefined =>
    bytes === undefined ? undefined : `${inBytes(bytes)} ${words}`;
  const figures = [
    amount(memory?.dirtyBytes, 'dirty'),
    amount(memory?.writebackBytes, 'under writeback'),
    amount(memory?.cacheBytes, 'page cache'),
    amount(memory?.availableBytes, 'available'),
    amount(memory?.totalBytes, 'in all'),
    memory?.swapUsedBytes === undefined || memory.swapUsedBytes === 0
      ? undefined
      : `${inBytes(memory.swapUsedBytes)} swapped out`,
  ].filter((figure) => figure !== undefined);
  const held = figures.length === 0 ? `not seen: ${notSeen(origin, source)}` : `${figures.join(', ')} (${origin})`;
  return [held, ...pageCacheFacts(pageCache)];
}

/** What is dirtied, swapped and freed, and where the page cache goes. */
function pageCacheFacts(pageCache: VisitedHost['pageCache']): string[] {
  if (pageCache === undefined) return [];
  const { dirtyLimitBytes, dirtyBackgroundLimitBytes, scannedBytesPerSecond = 0 } = pageCache;
  const { swapInBytesPerSecond = 0, swapOutBytesPerSecond = 0 } = pageCache;
  return [
    dirtyLimitBytes === undefined || dirtyBackgroundLimitBytes === undefined
      ? undefined
      : `writeback begins at ${inBytes(dirtyBackgroundLimitBytes)} dirty, writers are held back at ${inBytes(dirtyLimitBytes)} (/proc/vmstat)`,
    swapInBytesPerSecond + swapOutBytesPerSecond > 0
      ? `swaps ${inRate(swapInBytesPerSecond)} in, ${inRate(swapOutBytesPerSecond)} out (/proc/vmstat)`
      : undefined,
    scannedBytesPerSecond > 0
      ? `searches ${inRate(scannedBytesPerSecond)} for memory to free (/proc/vmstat)`
      : undefined,
    ...pageCache.uses.map((use) => `page cache: ${encodeText(use)}`),
  ].filter((fact) => fact !== undefined);
}
