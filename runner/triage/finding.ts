/**
 * What one host's counters amount to: the finding that triage produces and everything downstream shows.
 *
 * The zod schemas are the one source of the JSON report; `whodisk schema` prints their JSON Schema. Rates are per second,
 * sizes in bytes, times in the unit that the name ends in. A figure that could not be had is absent, never 0.
 */
import * as z from 'zod';

/** Worst first: the order in which a disk's, and so a host's, verdict outranks another. */
export const VERDICTS = ['hung', 'saturated', 'inconclusive', 'busy', 'healthy'] as const;
export const verdictSchema = z.enum(VERDICTS);
export type Verdict = z.infer<typeof verdictSchema>;

export const activitySchema = z.enum([
  'buffered-write',
  'direct-write',
  'read',
  'fsync',
  'metadata',
  'mmap',
  'swap',
  'discard',
  'mixed',
]);
export type Activity = z.infer<typeof activitySchema>;

const fraction = z.number().min(0).max(1);
const rate = z.number().min(0);
const percent = z.number().min(0).max(100);
const pid = z.int().min(1);

export const fileSchema = z.object({
  path: z.string(),
  fd: z.int().min(0).optional(),
  deleted: z.boolean(),
  share: fraction.optional(),
  /** The path is that inside of its container; here it is as the host sees it, where that can be derived. */
  inContainer: z.boolean().optional(),
  hostPath: z.string().optional(),
});
export type FileUse = z.infer<typeof fileSchema>;

/** What a culprit was seen doing over the window: moments, not the time between them. */
export const courseSchema = z.object({
  looks: z
    .array(
      z.object({
        /** Milliseconds since the window opened. */
        atMs: z.number().min(0),
        /** Of the busiest thread: waiting is uninterruptible sleep (state D), running on a CPU or ready for one (R), sleeping any other sleep (S). */
        state: z.enum(['waiting', 'running', 'sleeping', 'other']),
        /** The system call that it was in. */
        call: z.string().optional(),
        /** Of a group: how many of those that were looked at in this moment were in this state, the busiest of theirs. */
        inState: z.int().min(1).optional(),
        processes: z.int().min(1).optional(),
      }),
    )
    .min(1)
    .max(16),
  /**
   * What it was charged on all disks together, with the children that it reaped (/proc/PID/io): reads and writes net of cancelled, before
   * and after the first look. Not of a group.
   */
  charged: z.array(z.object({ fromMs: z.number().min(0), toMs: z.number().min(0), bytesPerSecond: rate })).optional(),
});
export type Course = z.infer<typeof courseSchema>;

export const culpritSchema = z.object({
  /** null where a group is the culprit: short-lived children, a writer that is gone. */
  pid: pid.nullable(),
  pids: z.array(pid),
  /** Why several processes are one culprit; absent of a single one. */
  group: z.enum(['short-lived', 'workers', 'unit', 'container']).optional(),
  /** The kernel's name for it (comm), as the host sent it: encode before showing. */
  command: z.string(),
  /** What a person calls it: the script of an interpreter, the jar of a java. */
  program: z.string().optional(),
  commandLine: z.string().optional(),
  uid: z.int().min(0).optional(),
  user: z.string().optional(),
  unit: z.string().optional(),
  container: z.string().optional(),
  /** NAMESPACE/NAME of the Kubernetes pod. */
  pod: z.string().optional(),
  parent: z.object({ pid, command: z.string() }).optional(),
  share: fraction,
  shareOf: z.enum(['bytes', 'operations', 'flushes']),
  /** true where a trace or a cgroup counted it, false where it is inferred. */
  measured: z.boolean(),
  confidence: z.enum(['high', 'medium', 'low']),
  activity: activitySchema,
  bytesPerSecond: rate,
  ioSizeBytes: z.number().min(0).optional(),
  /** Of one that swaps: what it holds in memory and in swap. */
  memoryBytes: z.number().min(0).optional(),
  /** Where the calls that were met tell it. */
  pattern: z.enum(['sequential', 'random']).optional(),
  /** Absent of short-lived processes, of captures, and where none was looked at. */
  course: courseSchema.optional(),
  files: z.array(fileSchema),
  evidence: z.array(z.string()),
  advice: z.string(),
});
export type Culprit = z.infer<typeof culpritSchema>;

export const bystanderSchema = z.object({ pid, command: z.string(), why: z.string() });
export type Bystander = z.infer<typeof bystanderSchema>;

export const timelinePointSchema = z.object({
  /** Milliseconds since the window opened. */
  atMs: z.number().min(0),
  busyPercent: percent,
  queueDepth: rate,
  inFlight: z.number().min(0),
  awaitMs: rate.optional(),
});
export type TimelinePoint = z.infer<typeof timelinePointSchema>;

export const diskSchema = z.object({
  device: z.string(),
  kind: z.enum(['hdd', 'ssd', 'nvme', 'virtual', 'loop', 'network', 'memory', 'unknown']),
  model: z.string().optional(),
  /** The layers that stand on or below this device and share its fate: partitions' dm, md and loop names. */
  stack: z.array(z.string()),
  mountpoints: z.array(z.string()),
  verdict: verdictSchema,
  busyPercent: percent.optional(),
  queueDepth: rate.optional(),
  readsPerSecond: rate.optional(),
  writesPerSecond: rate.optional(),
  flushesPerSecond: rate.optional(),
  readBytesPerSecond: rate.optional(),
  writeBytesPerSecond: rate.optional(),
  readAwaitMs: rate.optional(),
  writeAwaitMs: rate.optional(),
  flushAwaitMs: rate.optional(),
  timeline: z.array(timelinePointSchema).max(60).optional(),
  culprits: z.array(culpritSchema),
  victims: z.array(bystanderSchema),
  carriers: z.array(bystanderSchema),
  /** Throughput or operations that stayed the same all through the window while requests queued: a limit of the volume. */
  ceiling: z
    .object({
      of: z.enum(['bytes', 'operations']),
      perSecond: rate,
      volume: z.string().optional(),
      summary: z.string(),
    })
    .optional(),
  /** Load of known processes too small to be named. The shares, othersShare and unexplainedShare add up to 1. */
  othersShare: fraction,
  unexplainedShare: fraction,
  /** Of unexplainedShare, what was waiting in memory when the window opened: its writer may have gone. */
  backlogShare: fraction.optional(),
});
export type Disk = z.infer<typeof diskSchema>;

export const cpuSchema = z.object({
  perCpu: z.array(
    z.object({
      cpu: z.int().min(0),
      userPercent: percent,
      systemPercent: percent,
      iowaitPercent: percent,
      stealPercent: percent,
      idlePercent: percent,
    }),
  ),
});
export type Cpu = z.infer<typeof cpuSchema>;

const bytes = z.number().min(0);
export const memorySchema = z.object({
  totalBytes: bytes.optional(),
  freeBytes: bytes.optional(),
  availableBytes: bytes.optional(),
  cacheBytes: bytes.optional(),
  dirtyBytes: bytes.optional(),
  writebackBytes: bytes.optional(),
  swapUsedBytes: bytes.optional(),
});
export type Memory = z.infer<typeof memorySchema>;

/** What waits in memory to be written, and how long that takes. */
export const backlogSchema = z.object({
  bytes,
  /** End of the window against its beginning: below 0 it drains. */
  changeBytesPerSecond: z.number().optional(),
  writtenBytesPerSecond: bytes,
  /** If nothing is added; absent where nothing is written. */
  drainSeconds: z.number().min(0).optional(),
});
export type Backlog = z.infer<typeof backlogSchema>;

/** How memory is used for files, and what is done to keep some free. */
export const pageCacheSchema = z.object({
  /** Dirty memory at which the kernel begins to write back, and at which it holds writers back. */
  dirtyBackgroundLimitBytes: bytes.optional(),
  dirtyLimitBytes: bytes.optional(),
  swapInBytesPerSecond: bytes.optional(),
  swapOutBytesPerSecond: bytes.optional(),
  /** Searched for something to free, and needed again soon after it was freed. */
  scannedBytesPerSecond: bytes.optional(),
  refaultedBytesPerSecond: bytes.optional(),
  /** Where the page cache goes and whether it is reasonable, in sentences. */
  uses: z.array(z.string()),
});
export type PageCache = z.infer<typeof pageCacheSchema>;

export const explanationSchema = z.object({ kind: z.string(), summary: z.string(), evidence: z.array(z.string()) });
export type Explanation = z.infer<typeof explanationSchema>;

export const findingSchema = z.object({
  /** captures: judged from pasted output of top, iostat and the like; absent: the host itself was read. */
  source: z.literal('captures').optional(),
  verdict: verdictSchema,
  /** 0..100, the ranking key; how it is made is in score.ts. */
  score: z.number().min(0).max(100),
  /** One sentence that a person can act on. */
  summary: z.string(),
  privilege: z.enum(['root', 'sudo', 'user']).optional(),
  kernel: z.string().optional(),
  disks: z.array(diskSchema),
  memory: memorySchema.optional(),
  backlog: backlogSchema.optional(),
  pageCache: pageCacheSchema.optional(),
  cpu: cpuSchema.optional(),
  explanations: z.array(explanationSchema),
  /** What could not be seen, and why. */
  limits: z.array(z.string()),
});
export type Finding = z.infer<typeof findingSchema>;
