/** Rows of a saturated disk's ledger → named culprits, each with the evidence that a sceptic can check by hand. */
import { accessPattern } from './access-pattern.ts';
import { doingOf } from './activity.ts';
import { adviceOf } from './advice.ts';
import { confidenceOf, missingOf } from './confidence.ts';
import { culpritCourse } from './culprit-course.ts';
import { evidenceOf } from './culprit-evidence.ts';
import { filesOf, MAX_FILES } from './culprit-files.ts';
import type { DiskContext } from './disk-context.ts';
import type { Culprit } from './finding.ts';
import { mayBeInferred } from './inferred.ts';
import type { Ledger, LedgerRow } from './ledger.ts';
import { rounded } from './timeline.ts';

/** Below a tenth of the disk's load, or a quarter of the first one's, nobody is called a culprit. */
const MIN_SHARE = 0.1;
const MIN_OF_FIRST = 0.25;
const MAX_CULPRITS = 5;

/** Where less than this of the disk's load is explained, what only was allotted to a process names nobody. */
const MIN_EXPLAINED = 0.5;
/** Beside a backlog, who makes nearly all of what is added to it; of the disk's load, so much at least. */
const MOST_OF_ADDED = 0.8;
const MIN_ADDED = 0.25;

/** Rows that are culprits; the rest is "others". A row that sums up strangers never is: it has no name to give. */
export function culpritRows(ledger: Ledger & { readonly drainedShare?: number }): LedgerRow[] {
  const named = ledger.rows.filter(({ load }) => load.process.pid > 0);
  const isClaimed = named.some(({ claim }) => claim !== undefined && claim.activity !== 'swap');
  const least = Math.max(MIN_SHARE, MIN_OF_FIRST * (named[0]?.share ?? 0));
  const { unexplainedShare, drainedShare = 0 } = ledger;
  const isExplained = unexplainedShare <= 1 - MIN_EXPLAINED;
  // What the disk writes of an old backlog nobody adds in the window: it is not the load of somebody who was not seen.
  const addsToBacklog = ({ share }: LedgerRow): boolean =>
    unexplainedShare - drainedShare <= 1 - MIN_EXPLAINED &&
    share >= Math.max(MIN_ADDED, MOST_OF_ADDED * (1 - unexplainedShare));
  const mayBeNamed = (row: LedgerRow): boolean =>
    row.claim !== undefined || row.isPlaced || (mayBeInferred(row) && (isExplained || addsToBacklog(row)));
  // Operations and flushes are one measure, bytes another: a disk that is worn out by the one is not blamed on the other.
  const comparable = isClaimed ? named.filter(({ claim }) => claim !== undefined) : named;
  return comparable.filter((row) => row.share >= least && mayBeNamed(row)).slice(0, MAX_CULPRITS);
}

export function culpritOf(row: LedgerRow, context: DiskContext): Culprit {
  const { claim, group } = row;
  const { process, suspect, family } = row.load;
  const doing = claim ? { ...doingOf(row), activity: claim.activity } : doingOf(row);
  const open = claim?.activity === 'swap' ? [] : filesOf(row, context, doing);
  const files =
    claim?.folder === undefined ? open : [{ path: claim.folder, deleted: false }, ...open.slice(0, MAX_FILES - 1)];
  const cgroup = suspect?.cgroup;
  const parent = group?.parent ?? (group ? undefined : (family?.parent ?? suspect?.parents[0]));
  // One child that went is still somebody; many are a group.
  const only = family?.count === 1 ? family.pids[0] : undefined;
  const pattern = accessPattern(row.load, doing.activity);
  const missing = missingOf(row, context);
  const confidence = confidenceOf(row, context, missing);
  const course = context.samples && culpritCourse(row, context.samples);
  return {
    pid: group ? null : family ? (only ?? null) : process.pid,
    pids: group ? [...group.pids] : family ? [...family.pids] : [process.pid],
    ...(group ? { group: group.kind } : family && only === undefined && { group: 'short-lived' as const }),
    command: process.command,
    ...(suspect?.program !== undefined && { program: suspect.program }),
    ...(suspect?.commandLine !== undefined && { commandLine: suspect.commandLine }),
    ...(suspect?.uid !== undefined && { uid: suspect.uid }),
    ...(suspect?.user !== undefined && { user: suspect.user }),
    ...(cgroup?.unit !== undefined && { unit: cgroup.unit }),
    ...(cgroup?.container !== undefined && { container: cgroup.container }),
    ...(suspect?.pod !== undefined && { pod: suspect.pod }),
    ...(parent && { parent }),
    share: row.share,
    shareOf: claim?.shareOf ?? 'bytes',
    measured: row.countedBy !== undefined,
    confidence,
    activity: doing.activity,
    bytesPerSecond: rounded(row.readBytesPerSecond + row.writeBytesPerSecond),
    ...(doing.ioSizeBytes !== undefined && { ioSizeBytes: doing.ioSizeBytes }),
    ...(claim?.memoryBytes !== undefined && !group && { memoryBytes: claim.memoryBytes }),
    ...(pattern && { pattern }),
    ...(course && { course }),
    files,
    evidence: [
      ...evidenceOf(row, context, doing, open),
      ...(confidence !== 'high' && missing.length > 0 ? [`not sure: ${missing.join('; ')}`] : []),
    ],
    advice: adviceOf(doing, files, cgroup?.unit),
  };
}
