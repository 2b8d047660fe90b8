/**
 * What ranking, listing and comparing hosts needs of one of them: at most 1 KB of JSON, so that the rows of a whole fleet are read in
 * one go where their findings would be megabytes. Whatever a hostile host sent, the row stays small: its texts are cut, its culprits few.
 */
import * as z from 'zod';
import { awaitMs } from './await.ts';
import { activitySchema, type Culprit, type Disk, type Finding, verdictSchema } from './finding.ts';
import { culpritTraits } from './patterns.ts';
import type { Rankable } from './rank.ts';
import { rounded } from './timeline.ts';

/** What is looked at of a visited host. */
export interface RankingSource extends Pick<Finding, 'verdict' | 'score' | 'summary' | 'disks'> {
  readonly host: string;
  readonly status: 'swept' | 'partial' | 'not-swept';
  readonly failure?: { readonly kind: string; readonly phase?: string } | undefined;
}

const culpritRowSchema = z.object({
  /** The kernel's name for it (comm), as the host sent it: encode before showing. */
  name: z.string(),
  /** What a person calls it, without a worker's number; the kernel's name where there is no other. */
  program: z.string(),
  /** The systemd unit that it runs in, without the number of a session or instance. */
  unit: z.string().optional(),
  activity: activitySchema,
  /** The same as a pattern's (patterns.ts): made from program, unit, activity and normalised path, never from a pid. */
  fingerprint: z.string(),
  /** 0..1 of the load on its disk. */
  share: z.number().min(0).max(1),
  confidence: z.enum(['high', 'medium', 'low']),
  /** The file that carries most of its load; a long one without its start. */
  path: z.string().optional(),
});
export type CulpritRow = z.infer<typeof culpritRowSchema>;

export const rankingRowSchema = z.object({
  host: z.string(),
  status: z.enum(['swept', 'partial', 'not-swept']),
  verdict: verdictSchema,
  /** 0..100, as in score.ts. */
  score: z.number().min(0).max(100),
  summary: z.string(),
  /** One of FAILURE_KINDS (report.ts); "suspected-hung" ranks as rank.ts says. */
  failureKind: z.string().optional(),
  /** Where the visit was lost, as in report.ts; absent in rows of before it was kept. */
  failurePhase: z.string().optional(),
  /** The disk that the verdict comes from, with its figures, each absent where it could not be had. */
  device: z.string().optional(),
  busyPercent: z.number().min(0).max(100).optional(),
  queueDepth: z.number().min(0).optional(),
  awaitMs: z.number().min(0).optional(),
  /** The queue over the window in equal steps, each in ninths of the highest; absent where there is no course to show. */
  queueTrend: z
    .string()
    .regex(/^[0-9]{4,20}$/)
    .optional(),
  /** Of the worst disk first, the largest share first. */
  culprits: z.array(culpritRowSchema),
});
export type RankingRow = z.infer<typeof rankingRowSchema>;

/** UTF-8 bytes of JSON that a row takes at most, with a host name of up to 255 bytes: a name is our own and never cut. */
export const MOST_ROW_BYTES = 1024;

const MOST_CULPRITS = 3;
/** In UTF-8 bytes of JSON. With these the first culprit always fits. */
const MOST_BYTES = {
  summary: 180,
  device: 32,
  name: 24,
  program: 40,
  unit: 40,
  path: 72,
  failureKind: 32,
  failurePhase: 16,
} as const;

/**
 * The row of one host. It never fails: what is too long is cut at a whole character, and the end (of a path, the start) replaced
 * by `…`.
 */
export function rankingRowOf(host: RankingSource): RankingRow {
  const disk = host.disks.find(({ verdict }) => verdict === host.verdict) ?? host.disks[0];
  const wait = disk && awaitMs(disk);
  const row: RankingRow = {
    host: host.host,
    status: host.status,
    verdict: host.verdict,
    score: rounded(host.score),
    summary: cutEnd(host.summary, MOST_BYTES.summary),
    ...(host.failure && { failureKind: cutEnd(host.failure.kind, MOST_BYTES.failureKind) }),
    ...(host.failure?.phase !== undefined && { failurePhase: cutEnd(host.failure.phase, MOST_BYTES.failurePhase) }),
    ...(disk && { device: cutEnd(disk.device, MOST_BYTES.device) }),
    ...(disk?.busyPercent !== undefined && { busyPercent: rounded(disk.busyPercent) }),
    ...(disk?.queueDepth !== undefined && { queueDepth: figure(disk.queueDepth) }),
    ...(wait !== undefined && { awaitMs: figure(wait) }),
    culprits: culpritRows(host.disks, disk),
  };
  while (row.culprits.length > 0 && jsonBytes(row) > MOST_ROW_BYTES) row.culprits.pop();
  const queueTrend = trendOf(disk);
  const whole = queueTrend === undefined ? row : { ...row, queueTrend };
  // Who is to blame tells more than how it went.
  return jsonBytes(whole) > MOST_ROW_BYTES ? row : whole;
}

const TREND_STEPS = 20;

/** Of merged points the highest counts: an average would hide the short burst that hurt. */
function trendOf(disk: Disk | undefined): string | undefined {
  const depths = (disk?.timeline ?? []).map(({ queueDepth }) => queueDepth);
  const highest = Math.max(...depths);
  if (depths.length < 4 || !(highest > 0)) return undefined;
  const steps = Math.min(TREND_STEPS, depths.length);
  return Array.from({ length: steps }, (_, step) => {
    const from = Math.floor((step * depths.length) / steps);
    const part = depths.slice(from, Math.max(from + 1, Math.floor(((step + 1) * depths.length) / steps)));
    return Math.round((Math.max(...part) / highest) * 9);
  }).join('');
}

/** The row as what ranks a host (rank.ts) and says where it stands takes it. */
export function rankableOf(row: RankingRow): RankingRow & Rankable {
  return { ...row, ...(row.failureKind !== undefined && { failure: { kind: row.failureKind } }) };
}

function culpritRows(disks: readonly Disk[], worst: Disk | undefined): CulpritRow[] {
  const worstFirst = [...disks].sort((a, b) => Number(b === worst) - Number(a === worst));
  return worstFirst
    .flatMap(({ culprits }) => [...culprits].sort((a, b) => b.share - a.share).slice(0, MOST_CULPRITS))
    .slice(0, MOST_CULPRITS)
    .map(culpritRowOf);
}

function culpritRowOf(culprit: Culprit): CulpritRow {
  const { program, unit, path, fingerprint } = culpritTraits(culprit);
  return {
    name: cutEnd(culprit.command, MOST_BYTES.name),
    program: cutEnd(program, MOST_BYTES.program),
    ...(unit !== undefined && { unit: cutEnd(unit, MOST_BYTES.unit) }),
    activity: culprit.activity,
    fingerprint,
    share: rounded(culprit.share),
    confidence: culprit.confidence,
    ...(path !== undefined && { path: cutStart(path, MOST_BYTES.path) }),
  };
}

/** 31 years in milliseconds: a hostile counter may claim more, and rounding it would overflow to what JSON cannot say. */
const MOST_FIGURE = 1e12;
const figure = (value: number): number => rounded(Math.min(value, MOST_FIGURE));

function cutEnd(text: string, mostBytes: number): string {
  if (fits(text, mostBytes)) return text;
  // No character is less than a byte: of a text of megabytes only the first ones need to be looked at.
  const characters = [...text.slice(0, mostBytes)];
  return `${characters.slice(0, fitting(characters, mostBytes)).join('')}…`;
}

function cutStart(text: string, mostBytes: number): string {
  if (fits(text, mostBytes)) return text;
  const backwards = [...text.slice(-mostBytes)].reverse();
  return `…${backwards.slice(0, fitting(backwards, mostBytes)).reverse().join('')}`;
}

const fits = (text: string, mostBytes: number): boolean =>
  text.length <= mostBytes && jsonBytes(text) - QUOTES_BYTES <= mostBytes;

/** How many of the characters, from the first one, leave room for an ellipsis. */
function fitting(characters: readonly string[], mostBytes: number): number {
  let bytes = ELLIPSIS_BYTES;
  const end = characters.findIndex((character) => {
    bytes += jsonBytes(character) - QUOTES_BYTES;
    return bytes > mostBytes;
  });
  return end < 0 ? characters.length : end;
}

const QUOTES_BYTES = 2;
const ELLIPSIS_BYTES = 3;

/** UTF-8 bytes of a value as JSON. A lone surrogate is escaped by JSON.stringify, so all that is left come in pairs. */
function jsonBytes(value: unknown): number {
  const json = JSON.stringify(value);
  let bytes = json.length;
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}
