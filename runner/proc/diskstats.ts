/**
 * /proc/diskstats and the counters in it (Documentation/admin-guide/iostats.rst; block/genhd.c, diskstats_show).
 *
 * Kernels before 4.18 print 14 columns, 4.18 adds discards (18), 5.5 adds flushes (20); more may come. Counters are u64, so
 * bigint until they are a difference.
 */

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

/** Counters are u64: what does not fit was not printed by a kernel. */
const U64_MAX = 2n ** 64n - 1n;
const isCounter = (field: string | undefined): boolean =>
  field !== undefined && /^\d{1,20}$/.test(field) && BigInt(field) <= U64_MAX;

/** Each is judged and compared with the others; hosts with more LUNs and partitions than this are not known. */
const MAX_DISKS = 2048;

/** Malformed lines are counted, never guessed at. */
export function parseDiskstats(text: string): { disks: DiskCounters[]; malformed: number } {
  const disks: DiskCounters[] = [];
  let malformed = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const fields = line.trim().split(/\s+/);
    const [major, minor, device, ...rest] = fields;
    if (
      device === undefined ||
      rest.length < 11 ||
      disks.length >= MAX_DISKS ||
      ![major, minor, ...rest].every(isCounter)
    ) {
      malformed++;
      continue;
    }
    const counter = (i: number): bigint => BigInt(rest[i] as string);
    disks.push({
      number: `${major}:${minor}`,
      device,
      readsCompleted: counter(0),
      sectorsRead: counter(2),
      readMs: counter(3),
      writesCompleted: counter(4),
      sectorsWritten: counter(6),
      writeMs: counter(7),
      inFlight: Number(counter(8)),
      ioMs: counter(9),
      weightedMs: counter(10),
      ...(rest.length >= 15 && {
        discardsCompleted: counter(11),
        sectorsDiscarded: counter(13),
        discardMs: counter(14),
      }),
      ...(rest.length >= 17 && { flushesCompleted: counter(15), flushMs: counter(16) }),
    });
  }
  return { disks, malformed };
}
