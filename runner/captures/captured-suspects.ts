/** What strace and lsof say of processes, as triage takes it: the calls in which each was met and the files that it has open. */
import { UNKNOWN_DEVICE } from '../triage/placement.ts';
import type { OpenFile, ProcessActivity, Suspect } from '../triage/samples.ts';
import type { Captured } from './captured.ts';
import type { CapturedDisks } from './captured-disks.ts';
import { deviceOfNumber } from './device-names.ts';
import type { OpenedFile } from './lsof.ts';
import type { Traced } from './strace.ts';
import { flushesOf } from './traced-flushes.ts';
import { rotations, unknownCalls } from './traced-remarks.ts';

export interface CapturedSuspects {
  readonly suspects: readonly Suspect[];
  readonly limits: readonly string[];
  /** Second halves of "not sure: …". */
  readonly doubts: readonly string[];
}

/** More were not looked at by hand. */
const MAX_SUSPECTS = 200;

export function suspectsOf(
  captured: Captured,
  processes: readonly ProcessActivity[],
  disks: CapturedDisks,
): CapturedSuspects {
  const doubts: string[] = [];
  const limits: string[] = [];
  const calls = tracedByProcess(captured, processes);
  const openers = new Map(captured.openers.map((opener) => [opener.pid, opener]));
  const active = new Set(processes.map(({ pid }) => pid));
  const pids = [...new Set([...calls.keys(), ...openers.keys()])]
    .filter((pid) => calls.has(pid) || active.has(pid))
    .slice(0, MAX_SUSPECTS);
  const users = new Map(captured.top?.processes.map(({ pid, user }) => [pid, user]));
  const uids = new Map(captured.processes.flat().map(({ pid, uid }) => [pid, uid]));
  const suspects = pids.map((pid): Suspect => {
    const opener = openers.get(pid);
    const traced = calls.get(pid);
    const { files, remarks, inferred } = filesOf(opener?.files ?? [], traced, disks);
    const flushes = flushesOf(traced, files, disks.activities);
    if (flushes.limit !== undefined) limits.push(flushes.limit);
    if (flushes.doubt !== undefined) doubts.push(flushes.doubt);
    if (inferred !== undefined) doubts.push(inferred);
    const user = opener?.user ?? users.get(pid);
    const uid = uids.get(pid);
    return {
      pid,
      startTicks: 0,
      samples: 1,
      ...(uid !== undefined && { uid }),
      ...(user !== undefined && { user }),
      parents: [],
      blockedThreads: 0,
      calls: flushes.calls.map((value) => ({ count: 1, value })),
      waits: [],
      stacks: [],
      files: flushes.files,
      remarks,
    };
  });
  return { suspects, doubts, limits };
}

/** Threads belong to the process that strace was attached to, unless they are processes of their own in pidstat. */
function tracedByProcess({ strace }: Captured, processes: readonly ProcessActivity[]): Map<number, Traced> {
  const own = new Set(processes.map(({ pid }) => pid));
  const found = new Map<number, Traced[]>();
  for (const { traced, attached } of strace) {
    const [first] = attached;
    for (const one of traced) {
      const pid = own.has(one.pid) || first === undefined ? one.pid : first;
      const threads = found.get(pid);
      if (threads) threads.push(one);
      else found.set(pid, [one]);
    }
  }
  return new Map([...found].map(([pid, threads]) => [pid, together(pid, threads)]));
}

/** At once: of a process with very many threads, one after another would copy what was there each time. */
function together(pid: number, threads: readonly Traced[]): Traced {
  const spanSeconds = threads.reduce((most, one) => Math.max(most, one.spanSeconds ?? 0), 0);
  return {
    pid,
    ...(spanSeconds > 0 && { spanSeconds }),
    calls: threads.flatMap(({ calls }) => calls),
    files: new Map(threads.flatMap(({ files }) => [...files])),
    looks: threads.flatMap(({ looks }) => looks),
  };
}

interface Files {
  readonly files: readonly OpenFile[];
  readonly remarks: readonly string[];
  readonly inferred?: string;
}

/** lsof knows the device; of a path that only strace knows it is that of the only disk, if there is only one. */
function filesOf(opened: readonly OpenedFile[], traced: Traced | undefined, disks: CapturedDisks): Files {
  const files = new Map<number, OpenFile>();
  const remarks: string[] = [];
  let inferred: string | undefined;
  for (const { fd, path, deleted, mode, number } of opened) {
    const device = deviceOfNumber(number, disks.listed) ?? UNKNOWN_DEVICE;
    files.set(fd, { fd, path, deleted, device, ...(mode && { mode }) });
  }
  for (const [fd, { path, mode }] of traced?.files ?? []) {
    const known = files.get(fd);
    if (known?.path === path) {
      // O_DIRECT, O_APPEND and O_SYNC are strace's to tell.
      if (mode) files.set(fd, { ...known, mode });
      continue;
    }
    const same = opened.find((file) => file.path === path);
    const onlyDisk = MAY_BE_ON_DISK.test(path) ? disks.onlyDisk : undefined;
    const device = same ? deviceOfNumber(same.number, disks.listed) : onlyDisk;
    files.delete(fd);
    if (device === undefined) {
      remarks.push(`fd ${fd} was ${path} (strace), of which no capture says on which disk it is`);
      continue;
    }
    if (!same) inferred = `that ${path} is on ${device} is inferred: iostat lists no other disk`;
    files.set(fd, { fd, path, deleted: false, device, ...(mode && { mode }) });
  }
  remarks.push(...unknownCalls(traced, files), ...rotations(traced, [...files.values()]));
  return { files: [...files.values()], remarks, ...(inferred !== undefined && { inferred }) };
}

/** What is there is in memory, or is no file. */
const MAY_BE_ON_DISK = /^\/(?!(?:dev|proc|sys|run)\/)/u;
