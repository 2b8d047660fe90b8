/**
 * Whether the flushes of a disk are those of a traced process. Whom strace is attached to was chosen by a person, and a victim of many
 * flushes is met in fsync() as well as their cause: only how often it calls tells them apart (compare flush-claims.ts of triage).
 */
import type { BlockedCall } from '../proc/syscall.ts';
import { isFlushBound } from '../triage/flush-claims.ts';
import type { DiskActivity, OpenFile } from '../triage/samples.ts';
import { inCount } from '../triage/words.ts';
import type { Traced } from './strace.ts';

export interface TracedFlushes {
  /** Without those that flush, where they are not known to be the disk's. */
  readonly calls: readonly BlockedCall[];
  readonly files: readonly OpenFile[];
  /** Why they are left out. */
  readonly limit?: string;
  /** Second half of "not sure: …", where others may flush as much. */
  readonly doubt?: string;
}

/** Of the flushes of a disk. One fsync() makes one or two of them (fs/ext4/fsync.c, fs/jbd2/commit.c), and fewer while it is traced. */
const MUCH = 0.25;
const MOST = 0.5;

export function flushesOf(
  traced: Traced | undefined,
  files: readonly OpenFile[],
  disks: readonly DiskActivity[],
): TracedFlushes {
  const calls = traced?.calls ?? [];
  const synchronous = new Set(files.filter(({ mode }) => mode?.sync).map(({ fd }) => fd));
  const flushes = calls.filter(
    ({ kind, fd }) => kind === 'sync' || (kind === 'write' && fd !== undefined && synchronous.has(fd)),
  );
  const bound = disks.filter(isFlushBound);
  if (!traced || flushes.length === 0 || bound.length === 0) return { calls, files };
  const most = Math.max(...bound.map((disk) => ((disk.flushes ?? 0) * 1000) / disk.elapsedMs));
  const { spanSeconds } = traced;
  const perSecond = spanSeconds === undefined ? 0 : flushes.length / spanSeconds;
  if (perSecond >= most * MOST) return { calls, files };
  if (perSecond >= most * MUCH) {
    const doubt = `process ${traced.pid} flushes ${inCount(perSecond)} times a second while it is traced, the disk ${inCount(most)} times`;
    return { calls, files, doubt };
  }
  return {
    calls: calls.filter(({ kind }) => kind !== 'sync'),
    files: files.map((file) => (file.mode?.sync ? { ...file, mode: { ...file.mode, sync: false } } : file)),
    limit:
      spanSeconds === undefined
        ? `process ${traced.pid} was traced in calls that flush, but not how often it makes them: trace with -tt to see whether it is the one`
        : `process ${traced.pid} flushes too seldom to be the one that flushes ${bound.map(({ device }) => device).join(', ')}`,
  };
}
