/** What it is when it is not the disk, or not the disk alone, or may be. Only what was seen in the window. */
import { backlogText, drainEvidence, drainText } from './backlog.ts';
import type { Backlog, Bystander, Disk, Explanation, Verdict } from './finding.ts';
import type { HostSamples } from './samples.ts';
import { inCount, inList, inPercent } from './words.ts';

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
  const { oomKills = 0 } = samples;
  if (oomKills > 0) {
    explanations.push({
      kind: 'out-of-memory',
      summary: `The kernel killed ${oomKills === 1 ? 'a process' : `${oomKills} processes`} for want of memory within the window.`,
      evidence: [`oom_kill rose by ${oomKills} (/proc/vmstat)`],
    });
  }
  return explanations;
}

/** Of its load: somebody always adds something. */
export const LITTLE = 0.1;

/** What a saturated disk has still to write, whether or not anybody adds to it. */
export function backlogExplained(
  { device, culprits, unexplainedShare, othersShare }: Disk,
  backlog: Backlog,
): Explanation[] {
  const isNobodys = culprits.length === 0 && unexplainedShare > 0.5;
  const text = isNobodys ? drainText(backlog) : backlogText(backlog);
  if (text === undefined) return [];
  const summary = isNobodys
    ? `Nobody that was seen adds ${othersShare < LITTLE ? '' : 'much '}to ${device}; ${text}.`
    : `${device} has a ${text}.`;
  return [{ kind: 'backlog', summary, evidence: drainEvidence(backlog) }];
}

/** More names than this make no sentence; the evidence has them all. */
const MAX_NAMES = 3;

/** Names for a sentence: "python3 2180, mysqld 600 and others". */
export function waiterNames(waiters: readonly Bystander[]): string {
  const names = waiters.slice(0, MAX_NAMES).map(({ command, pid }) => `${command} ${pid}`);
  return inList(waiters.length > MAX_NAMES ? [...names, 'others'] : names);
}

/** A lead, never blame: who waits on a disk while what it moves could not be read may be the cause as well as a victim. */
export function unreadWaitersExplained(
  disks: readonly { readonly device: string; readonly waiters: readonly Bystander[] }[],
  privilege: HostSamples['privilege'],
): Explanation[] {
  const why =
    privilege === 'user' ? 'cannot be seen without root' : 'is not known, since its counters could not be read';
  return disks
    .filter(({ waiters }) => waiters.length > 0)
    .map(({ device, waiters }) => ({
      kind: 'unreadable-waiters',
      summary: `Waiting on ${device}: ${waiterNames(waiters)}. Whether that is the cause of its load or suffers from it ${why}.`,
      evidence: waiters.map(({ command, pid, why }) => `${command} ${pid}: ${why}`),
    }));
}
