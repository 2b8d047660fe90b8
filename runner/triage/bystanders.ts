/**
 * Who else is seen at a saturated disk: carriers (kernel threads that do the I/O for somebody else) and victims (processes that
 * wait on the disk but add little to it). Neither is ever the cause. Of those who wait and could not be read nobody knows.
 */
import type { Bystander } from './finding.ts';
import { isJournal, isJournalOf } from './journal.ts';
import type { LedgerRow } from './ledger.ts';
import type { ProcessLoad } from './loads.ts';
import { suspectOf } from './looks.ts';
import { NO_DEVICE, UNKNOWN_DEVICE } from './placement.ts';
import { remoteFunction } from './remote-wait.ts';
import type { HostSamples, ProcessActivity } from './samples.ts';
import { sourcesOf } from './sources.ts';
import { inPercent } from './words.ts';

const MAX_BYSTANDERS = 10;

/** `device` and what stands on it; `only` says that no other disk of the host is in trouble, so that a wait has one explanation. */
export interface Place {
  readonly devices: readonly string[];
  readonly numbers: ReadonlySet<string>;
  readonly only: boolean;
  /** So many flushes that whoever asks for them loads the disk. */
  readonly flushBound: boolean;
  /** It completes nothing: a fault of the device, whoever waits on it. */
  readonly hangs: boolean;
}

export function carriersOf(samples: HostSamples, place: Place): Bystander[] {
  return samples.processes
    .filter((process) => process.isKernelThread)
    .map((process) => ({ process, why: carries(process, place) }))
    .filter((found): found is { process: ProcessActivity; why: string } => found.why !== undefined)
    .sort((a, b) => weight(b.process) - weight(a.process) || a.process.pid - b.process.pid)
    .slice(0, MAX_BYSTANDERS)
    .map(({ process, why }) =>
      bystander(process, samples.source && weight(process) > 0 ? `${why}, ${sourcesOf(samples).waits(process)}` : why),
    );
}

const weight = (process: ProcessActivity): number => (process.delayTicks ?? 0) + process.blockedSamples;

/** A kernel thread's own name says whom it serves (fs/fs-writeback.c, fs/jbd2/journal.c, drivers/block/loop.c). */
function carries(process: ProcessActivity, place: Place): string | undefined {
  const waits = weight(process) > 0;
  const { command } = process;
  const flushed = /flush-(\d+:\d+)/.exec(command)?.[1];
  if (flushed !== undefined)
    return place.numbers.has(flushed) ? 'kernel writeback: writes dirty pages of this disk to it' : undefined;
  if (isJournal(command)) {
    const works = isJournalOf(command, place.devices) && (waits || process.io);
    return works ? 'kernel journal of the file system on this disk' : undefined;
  }
  const loop = /(?:^|[-+])(loop\d+)$/.exec(command)?.[1];
  if (loop !== undefined) return place.devices.includes(loop) ? 'kernel worker of the loop device' : undefined;
  if (!waits || !place.only) return undefined;
  if (/^kworker\//.test(command)) return 'kernel worker: does I/O for others, writeback among it';
  if (/^kswapd/.test(command)) return 'kernel: frees memory by writing pages out';
  if (/^(xfsaild|xfs-|btrfs-|dmcrypt_write|md\d+_|bcache)/.test(command))
    return 'kernel thread of the file system or layer';
  return undefined;
}

/** Who adds this much of a disk's load helps to saturate it. */
const NO_VICTIM_SHARE = 0.02;

/** `culprits` are left out; `rows` tell how much of the disk's load each one adds. */
export function victimsOf(
  samples: HostSamples,
  loads: readonly ProcessLoad[],
  rows: readonly LedgerRow[],
  culprits: ReadonlySet<number>,
  place: Place,
): Bystander[] {
  const shares = new Map<number, number>();
  for (const { load, share } of rows) shares.set(load.process.pid, Math.max(share, shares.get(load.process.pid) ?? 0));
  const isVictim = (process: ProcessActivity): boolean => {
    // A disk that hangs is nobody's doing: there everyone who waits is a victim.
    if (place.hangs) return true;
    if (process.io === undefined || (shares.get(process.pid) ?? 0) >= NO_VICTIM_SHARE) return false;
    return !(place.flushBound && syncs(process, samples));
  };
  return waitersAt(samples, loads, culprits, place)
    .filter(isVictim)
    .slice(0, MAX_BYSTANDERS)
    .map((process) => {
      const share = shares.get(process.pid) ?? 0;
      const adds = `; adds ${share > 0 ? inPercent(share) : 'nothing measurable'} of its bytes`;
      return bystander(process, waitOf(process, samples) + (place.hangs ? '' : adds));
    });
}

/**
 * Who waits on a saturated disk while what it moves could not be read: it may be the cause as well as a victim, so it is called
 * neither. None on a disk that hangs.
 */
export function unreadWaitersOf(
  samples: HostSamples,
  loads: readonly ProcessLoad[],
  culprits: ReadonlySet<number>,
  place: Place,
): Bystander[] {
  if (place.hangs) return [];
  return waitersAt(samples, loads, culprits, place)
    .filter(({ io }) => io === undefined)
    .slice(0, MAX_BYSTANDERS)
    .map((process) =>
      bystander(
        process,
        `${waitOf(process, samples)}; what it moves could not be read (${sourcesOf(samples).io(process.pid)})`,
      ),
    );
}

/** Processes but culprits that were seen to wait, on this disk as far as that can be told; who waits most comes first. */
function waitersAt(
  samples: HostSamples,
  loads: readonly ProcessLoad[],
  culprits: ReadonlySet<number>,
  place: Place,
): ProcessActivity[] {
  const filesByPid = new Map(loads.map((load) => [load.process.pid, load.files]));
  const isWaiter = (process: ProcessActivity): boolean => {
    // Who is gone waits no more.
    if (process.isKernelThread || process.seen === 'gone' || culprits.has(process.pid)) return false;
    const delayTicks = process.delayTicks ?? 0;
    if (!(process.blockedSamples > 0 || delayTicks > 0)) return false;
    const suspect = suspectOf(process, samples.suspects);
    if (suspect && remoteFunction(suspect) !== undefined) return false;
    let isPlaced = false;
    for (const { device } of filesByPid.get(process.pid) ?? []) {
      if (device === NO_DEVICE || device === UNKNOWN_DEVICE) continue;
      if (place.devices.includes(device)) return true;
      isPlaced = true;
    }
    // Where it waits is known only of those whose files are; of the others, only where there is one disk to wait for.
    // A single sample of those may be any short wait.
    return !isPlaced && place.only && (process.blockedSamples > 1 || delayTicks > 0);
  };
  return samples.processes.filter(isWaiter).sort((a, b) => weight(b) - weight(a) || a.pid - b.pid);
}

const bystander = ({ pid, command }: ProcessActivity, why: string): Bystander => ({ pid, command, why });

const syncs = (process: ProcessActivity, samples: HostSamples): boolean =>
  suspectOf(process, samples.suspects)?.calls.some(({ value }) => value.kind === 'sync') === true;

function waitOf(process: ProcessActivity, samples: HostSamples): string {
  const suspect = suspectOf(process, samples.suspects);
  const call = suspect?.calls.find(({ value }) => value.kind !== 'other')?.value.name;
  const waits = call === undefined ? 'waits on the disk' : `waits in ${call}()`;
  return `${waits}, ${sourcesOf(samples).waits(process)}`;
}
