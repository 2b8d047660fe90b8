/** What it is when it is not the disk, or not the disk alone. Only what the counters of the window show. */
import type { Explanation, Verdict } from './finding.ts';
import type { HostSamples } from './samples.ts';
import { inCount, inPercent } from './words.ts';

/** Fewer than this is housekeeping. */
const SWAP_PAGES_PER_SECOND = 100;
const PRESSURE_SHARE = 0.25;

/** `worst` is the verdict of the worst disk. */
export function explanationsOf(samples: HostSamples, worst: Verdict): Explanation[] {
  const explanations: Explanation[] = [];
  const { swap, pressure } = samples;
  if (swap && swap.inPagesPerSecond + swap.outPagesPerSecond >= SWAP_PAGES_PER_SECOND) {
    explanations.push({
      kind: 'swapping',
      summary: 'The host swaps: part of its disk load is want of memory.',
      evidence: [
        `${inCount(swap.inPagesPerSecond)} pages/s swapped in, ${inCount(swap.outPagesPerSecond)} out (pswpin, pswpout in /proc/vmstat)`,
      ],
    });
  }
  if (pressure?.memorySomeShare !== undefined && pressure.memorySomeShare >= PRESSURE_SHARE) {
    explanations.push({
      kind: 'memory-pressure',
      summary: 'Tasks stand still for want of memory.',
      evidence: [
        `some tasks waited for memory ${inPercent(pressure.memorySomeShare)} of the window (/proc/pressure/memory)`,
      ],
    });
  }
  const isJudgedFine = worst === 'busy' || worst === 'healthy';
  if (isJudgedFine && pressure?.ioSomeShare !== undefined && pressure.ioSomeShare >= PRESSURE_SHARE) {
    explanations.push({
      kind: 'io-wait-without-disk',
      summary:
        'Tasks wait for I/O although no local disk is saturated: look at network file systems and at limits of cgroups.',
      evidence: [`some tasks waited for I/O ${inPercent(pressure.ioSomeShare)} of the window (/proc/pressure/io)`],
    });
  }
  return explanations;
}
