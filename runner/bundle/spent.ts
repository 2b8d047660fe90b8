/** The `spent` and `ran` lines of a `suspect` frame: what a process used up between two looks. A counter that went back tells nothing. */
import type { Spent } from '../triage/samples.ts';

/**
 * CPU CHILDCPU MAJORFAULTS PAGES PAGES CHILDFAULTS [READ WRITTEN]: differences of /proc/PID/stat (proc(5)) with its resident pages before
 * and after, and of /proc/PID/io since it was chosen.
 */
export function parseSpent(text: string): Spent | 'malformed' | undefined {
  const numbers = text.split(' ').map((word) => (/^-?\d{1,15}$/.test(word) ? Number(word) : Number.NaN));
  const [cpuTicks, childCpuTicks, majorFaults, residentPagesBefore, residentPagesAfter] = numbers;
  const [childFaults, readBytes, writtenBytes] = numbers.slice(5);
  if (numbers.length < 5 || numbers.length > 8 || numbers.some(Number.isNaN)) return 'malformed';
  // A counter that went back belongs to no one process; what was cancelled may be more than what was written.
  if (numbers.slice(0, 7).some((value) => value < 0)) return undefined;
  return {
    ...({ cpuTicks, childCpuTicks, majorFaults, residentPagesBefore, residentPagesAfter } as Spent),
    ...(childFaults !== undefined && { childFaults }),
    ...(readBytes !== undefined &&
      writtenBytes !== undefined && { chargedBytes: { read: readBytes, write: Math.max(0, writtenBytes) } }),
  };
}

/** Nanoseconds, the first number of /proc/PID/schedstat (Documentation/scheduler/sched-stats.rst), as milliseconds. */
export function parseRanMs(text: string): number | 'malformed' | undefined {
  if (!/^-?\d{1,15}$/.test(text)) return 'malformed';
  return text.startsWith('-') ? undefined : Number(text) / 1e6;
}
