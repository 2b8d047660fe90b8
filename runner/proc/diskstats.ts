/**
 * /proc/diskstats and the counters in it (Documentation/admin-guide/iostats.rst; block/genhd.c, diskstats_show).
 *
 * Kernels before 4.18 print 14 columns, 4.18 adds discards (18), 5.5 adds flushes (20); more may come. Counters are u64, so
 * bigint until they are a difference.
 */

import type { Draft } from './draft.ts';

/** One line: a whole disk, a partition or a dm, md or loop layer. Sectors are 512 bytes whatever the device's own size. */
export interface DiskCounters {
  /** MAJOR:MINOR, as mountinfo and fdinfo write it. */
  readonly number: string;
  readonly device: string;
  readonly readsCompleted: bigint;
  readonly sectorsRead: bigint;
  /** Summed latency of completed reads. */
  readonly readMs: bigint;
  readonly writesCompleted: bigint;
  readonly sectorsWritten: bigint;
  readonly writeMs: bigint;
  /** Requests issued and not completed: the only field that shows a stuck request. */
  readonly inFlight: number;
  /** Time with at least one request in flight; over-counted from 5.0 to about 6.9. */
  readonly ioMs: bigint;
  /** Summed latency of completed requests plus the age of those in flight. */
  readonly weightedMs: bigint;
  readonly discardsCompleted?: bigint;
  readonly sectorsDiscarded?: bigint;
  readonly discardMs?: bigint;
  /** Whole disks only. */
  readonly flushesCompleted?: bigint;
  readonly flushMs?: bigint;
}

const DEVICE_COLUMN = 2;
/** MAJOR MINOR NAME and at least eleven counters. */
const LINE = /^\d{1,20}\s+\d{1,20}\s+\S+(?:\s+\d{1,20}){11,}$/;

/** Counters are u64: what does not fit was not printed by a kernel. */
const U64_MAX = 2n ** 64n - 1n;
const U64_MAX_DIGITS = 20;
const fitsU64 = (digits: string): boolean => digits.length < U64_MAX_DIGITS || BigInt(digits) <= U64_MAX;

/** Each is judged and compared with the others; hosts with more LUNs and partitions than this are not known. */
const MAX_DISKS = 2048;

/** Malformed lines are counted, never guessed at. */
export function parseDiskstats(text: string): { disks: DiskCounters[]; malformed: number } {
  const disks: DiskCounters[] = [];
  let malformed = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const fields = trimmed.split(/\s+/);
    if (
      !LINE.test(trimmed) ||
      disks.length >= MAX_DISKS ||
      !fields.every((field, i) => i === DEVICE_COLUMN || fitsU64(field))
    ) {
      malformed++;
      continue;
    }
    const counter = (i: number): bigint => BigInt(fields[i] as string);
    const disk: Draft<DiskCounters> = {
      number: `${fields[0]}:${fields[1]}`,
      device: fields[DEVICE_COLUMN] as string,
      readsCompleted: counter(3),
      sectorsRead: counter(5),
      readMs: counter(6),
      writesCompleted: counter(7),
      sectorsWritten: counter(9),
      writeMs: counter(10),
      inFlight: Number(fields[11]),
      ioMs: counter(12),
      weightedMs: counter(13),
    };
    if (fields.length >= 18) {
      disk.discardsCompleted = counter(14);
      disk.sectorsDiscarded = counter(16);
      disk.discardMs = counter(17);
    }
    if (fields.length >= 20) {
      disk.flushesCompleted = counter(18);
      disk.flushMs = counter(19);
    }
    disks.push(disk);
  }
  return { disks, malformed };
}
