/**
 * What was seen of one host, typed: the only input of triage. Whether it came from the bundle's frames or from a pasted capture
 * makes no difference. Absent means "could not be had", never zero.
 */

import type { CgroupIdentity } from '../proc/cgroup.ts';
import type { IoLimit } from '../proc/cgroup-limits.ts';
import type { CpuTicks } from '../proc/cpu-stat.ts';
import type { OpenMode } from '../proc/fdinfo.ts';
import type { Mount } from '../proc/mountinfo.ts';
import type { SwapArea } from '../proc/swaps.ts';
import type { BlockDevice } from '../proc/sys-block.ts';
import type { BlockedCall } from '../proc/syscall.ts';

/** What a block device did in a span of time: differences of its /proc/diskstats line. */
export interface DiskActivity {
  readonly device: string;
  /** MAJOR:MINOR */
  readonly number?: string;
  readonly elapsedMs: number;
  readonly reads: number;
  readonly readBytes: number;
  readonly readMs: number;
  readonly writes: number;
  readonly writeBytes: number;
  readonly writeMs: number;
  readonly discards?: number;
  readonly discardBytes?: number;
  readonly discardMs?: number;
  readonly flushes?: number;
  readonly flushMs?: number;
  readonly ioMs: number;
  readonly weightedMs: number;
  /** Requests in flight at the end of the span. */
  readonly inFlight?: number;
}

/** One point of the timeline; `atMs` counts from the opening of the window to the end of the point's span. */
export interface DiskTick extends DiskActivity {
  readonly atMs: number;
  readonly inFlight: number;
}

/** Differences of /proc/PID/io over the window. */
export interface IoDelta {
  readonly readChars: number;
  readonly writtenChars: number;
  readonly readCalls: number;
  readonly writeCalls: number;
  readonly readBytes: number;
  /** Charged when a page becomes dirty; of direct I/O at submission. */
  readonly writtenBytes: number;
  readonly cancelledBytes: number;
}

export interface ProcessActivity {
  readonly pid: number;
  readonly parentPid?: number;
  /** Clock ticks since boot; pid and start together name a process. */
  readonly startTicks?: number;
  /** pair: seen at both ends; new: started in the window; gone: ended in it; unreadable: no io for us. */
  readonly seen: 'pair' | 'new' | 'gone' | 'unreadable';
  readonly state?: string;
  /** Samples in which a thread of it was in uninterruptible sleep. */
  readonly blockedSamples: number;
  readonly isKernelThread: boolean;
  readonly command: string;
  readonly io?: IoDelta;
  /** iodelay as `pidstat -d` prints it, where accounting is on: clock ticks in the window. */
  readonly delayTicks?: number;
}

/** Processes too many to be listed one by one, summed by parent and name. */
export interface ActivityRest {
  readonly count: number;
  readonly parentPid?: number;
  readonly command: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly cancelledBytes: number;
}

export interface OpenFile {
  readonly fd: number;
  readonly path: string;
  readonly deleted: boolean;
  readonly mode?: OpenMode;
  readonly mountId?: number;
  /** The whole device that it is on (placement.ts has names for none and for an unknown one), where that is known without a mount. */
  readonly device?: string;
  /** How far the file position moved between two looks; never for pwrite, and only at the end of a write(). */
  readonly movedBytes?: number;
}

export interface Counted<T> {
  readonly count: number;
  readonly value: T;
}

/** What a cgroup moved on one device while its processes were looked at (io.stat): the kernel's own count, buffered writes included. */
export interface CgroupTraffic {
  /** MAJOR:MINOR */
  readonly number: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Between the two readings. */
  readonly elapsedMs?: number;
}

/** What a cgroup holds its processes to. */
export interface CgroupLimits {
  /** `file`: the path of the file that says so. */
  readonly io: readonly (IoLimit & { readonly file?: string })[];
  readonly memoryLimitBytes?: number;
  readonly memoryLimitFile?: string;
  /** What it has in memory, page cache included. */
  readonly memoryBytes?: number;
}

/** What a process used up between the first look at it and the last. */
export interface Spent {
  /** Clock ticks on a CPU: its own, and those of children that it reaped meanwhile. */
  readonly cpuTicks: number;
  readonly childCpuTicks: number;
  /** Page faults that had to wait for a disk. */
  readonly majorFaults: number;
  readonly residentPagesBefore: number;
  readonly residentPagesAfter: number;
  /** Page faults of children that it reaped meanwhile: whoever ran a program has some. */
  readonly childFaults?: number;
  /** What it was charged meanwhile, writes net of cancelled. */
  readonly chargedBytes?: { readonly read: number; readonly write: number };
}

/** What a process was doing in one moment, the busiest of its threads: in uninterruptible sleep, on a CPU or ready for one, or asleep. */
export interface ProcessLook {
  /** Since the opening of the window. */
  readonly atMs: number;
  readonly state: 'waiting' | 'running' | 'sleeping' | 'other';
  /** The system call that it was in, of those that have to do with disks. */
  readonly call?: string;
}

/** A process that was looked at closely. */
export interface Suspect {
  readonly pid: number;
  readonly startTicks: number;
  readonly samples: number;
  readonly uid?: number;
  readonly user?: string;
  readonly residentBytes?: number;
  readonly swapBytes?: number;
  readonly cgroup?: CgroupIdentity;
  /** NAMESPACE/NAME of its Kubernetes pod. */
  readonly pod?: string;
  readonly cgroupTraffic?: readonly CgroupTraffic[];
  readonly cgroupLimits?: CgroupLimits;
  readonly spent?: Spent;
  /** Milliseconds that its first thread was on a CPU between two looks, where the kernel counts that finely. */
  readonly ranMs?: number;
  readonly workingDirectory?: string;
  readonly parents: readonly { readonly pid: number; readonly command: string }[];
  readonly blockedThreads: number;
  /** In the order of time; absent where no times were kept. `samples` counts the same looks. */
  readonly course?: readonly ProcessLook[];
  readonly calls: readonly Counted<BlockedCall>[];
  readonly waits: readonly Counted<string>[];
  readonly stacks: readonly Counted<readonly string[]>[];
  readonly files: readonly OpenFile[];
  readonly program?: string;
  readonly commandLine?: string;
  /** What else was seen of it that speaks for or against it, in sentences. */
  readonly remarks?: readonly string[];
}

/** Of x86, and of what was not said of which machine it is. */
export const SMALLEST_PAGE_BYTES = 4096;

export interface HostSamples {
  /** Absent: read from the kernel's own files on the host. captures: from the output of tools that somebody pasted. */
  readonly source?: 'captures';
  /** Of captures, the tool that said who moves how much. */
  readonly ioSource?: string;
  /** Why nobody is named with high confidence, whatever the figures say: the second half of "not sure: …". */
  readonly doubts?: readonly string[];
  readonly privilege?: 'root' | 'sudo' | 'user';
  readonly kernel?: string;
  /** Of a page of memory: 4 KB on x86, up to 64 KB elsewhere. */
  readonly pageBytes?: number;
  /** The span that the processes' counters cover. */
  readonly processWindowMs: number;
  /** When that span began, in clock ticks since boot: who started later is new. */
  readonly windowStartTicks?: number;
  /** false where the processes were not read at all; absent and true: they were. */
  readonly processesRead?: boolean;
  readonly cpu?: { readonly start: readonly CpuTicks[]; readonly end: readonly CpuTicks[] };
  /** /proc/meminfo in bytes at the end of the window. */
  readonly meminfo?: ReadonlyMap<string, number>;
  /** The same at its beginning. */
  readonly meminfoAtStart?: ReadonlyMap<string, number>;
  /** Pages that may be dirty before the kernel writes them back, and before it holds writers back (mm/page-writeback.c). */
  readonly dirtyLimits?: { readonly backgroundPages: number; readonly pages: number };
  readonly swapAreas?: readonly SwapArea[];
  /** Pages a second that were searched for something to free, and that came back soon after (mm/workingset.c). */
  readonly reclaim?: { readonly scannedPagesPerSecond: number; readonly refaultedPagesPerSecond?: number };
  /** Processes killed for want of memory within the window. */
  readonly oomKills?: number;
  /** Parts of the window in which some task waited (/proc/pressure), 0..1. */
  readonly pressure?: { readonly ioSomeShare?: number; readonly memorySomeShare?: number };
  readonly swap?: { readonly inPagesPerSecond: number; readonly outPagesPerSecond: number };
  readonly disks: readonly DiskActivity[];
  readonly ticks: ReadonlyMap<string, readonly DiskTick[]>;
  readonly blockDevices: readonly BlockDevice[];
  readonly mounts: readonly Mount[];
  readonly processes: readonly ProcessActivity[];
  readonly rest: readonly ActivityRest[];
  readonly suspects: readonly Suspect[];
  /** What could not be seen, in sentences. */
  readonly limits: readonly string[];
}
