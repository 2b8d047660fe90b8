/** Rows of a saturated disk's ledger → named culprits, each with the evidence that a sceptic can check by hand. */
import type { Mount } from '../proc/mountinfo.ts';
import { accessPattern } from './access-pattern.ts';
import { type Doing, doingOf } from './activity.ts';
import { containerPath } from './container-path.ts';
import type { Culprit, FileUse } from './finding.ts';
import type { Group, Ledger, LedgerRow } from './ledger.ts';
import { hasRing } from './looks.ts';
import { fileCalls, isToldByPosition, type PlacedFile, useOf } from './placement.ts';
import type { DiskActivity, OpenFile, Suspect } from './samples.ts';
import { rounded } from './timeline.ts';
import { inBytes, inCount, inPercent, inRate } from './words.ts';

/** Below a tenth of the disk's load, or a quarter of the first one's, nobody is called a culprit. */
const MIN_SHARE = 0.1;
const MIN_OF_FIRST = 0.25;
const MAX_CULPRITS = 5;
const MAX_FILES = 5;

/** Where less than this of the disk's load is explained, what only was allotted to a process names nobody. */
const MIN_EXPLAINED = 0.5;
/** An allotted load names a process only if nearly all of its load can go nowhere else. */
const MIN_OWN_PART = 0.7;

/** Rows that are culprits; the rest is "others". A row that sums up strangers never is: it has no name to give. */
export function culpritRows(ledger: Ledger): LedgerRow[] {
  const named = ledger.rows.filter(({ load }) => load.process.pid > 0);
  const isClaimed = named.some(({ claim }) => claim !== undefined && claim.activity !== 'swap');
  const least = Math.max(MIN_SHARE, MIN_OF_FIRST * (named[0]?.share ?? 0));
  const mayBeNamed = (row: LedgerRow): boolean =>
    row.claim !== undefined ||
    row.isPlaced ||
    // Nobody is named by inference who was neither looked at nor seen to wait.
    (isKnown(row) && row.ownPart >= MIN_OWN_PART && ledger.unexplainedShare <= 1 - MIN_EXPLAINED);
  // Operations and flushes are one measure, bytes another: a disk that is worn out by the one is not blamed on the other.
  const comparable = isClaimed ? named.filter(({ claim }) => claim !== undefined) : named;
  return comparable.filter((row) => row.share >= least && mayBeNamed(row)).slice(0, MAX_CULPRITS);
}

const isKnown = ({ load: { suspect, family, process } }: LedgerRow): boolean =>
  suspect !== undefined || (family ? family.isSeen : process.blockedSamples > 0);

export interface DiskContext {
  readonly activity: DiskActivity;
  readonly unexplainedShare: number;
  /** Whole devices whose files count for this disk: itself and what stands on it. */
  readonly devices: readonly string[];
  /** So many flushes that bytes alone do not tell who loads the disk. */
  readonly flushBound: boolean;
  readonly mounts?: readonly Mount[];
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
    ...(pattern && { pattern }),
    files,
    evidence: [
      ...evidenceOf(row, context, doing, open),
      ...(confidence !== 'high' && missing.length > 0 ? [`not sure: ${missing.join('; ')}`] : []),
    ],
    advice: adviceOf(doing, files, cgroup?.unit),
  };
}

/** What a sceptic would still ask for; empty where nothing is missing. */
function missingOf(row: LedgerRow, { unexplainedShare, flushBound }: DiskContext): string[] {
  if (row.claim) return row.claim.confidence === 'high' ? [] : [CLAIM_LACKS[row.claim.shareOf]];
  return [
    flushBound ? 'many flushes load this disk, and nobody was met who asks for them' : undefined,
    unexplainedShare > MOST_UNEXPLAINED ? `${inPercent(unexplainedShare)} of the load is nobody's` : undefined,
    row.isPlaced ? undefined : 'it was not seen at work on a file of this disk',
    row.load.process.seen === 'gone' ? 'it has ended' : undefined,
    row.share < MIN_SURE_SHARE ? 'its share is small' : undefined,
  ].filter((text) => text !== undefined);
}

const CLAIM_LACKS = {
  flushes: 'it was met too seldom in the calls that flush',
  operations: 'operations are charged to nobody, and the calls in which it was met are few or of no known disk',
  bytes: 'memory is held by several, or this one did not grow or fault while it was looked at',
} as const satisfies Record<Culprit['shareOf'], string>;

const MOST_UNEXPLAINED = 0.3;
const MIN_SURE_SHARE = 0.2;

/**
 * high: it was seen at work on a file of this disk (or counted by its cgroup), and at most 30 % of the load is explained by nobody.
 * medium: one of the two. low: neither, or most of the load is unexplained, or many flushes load the disk, which bytes do not tell.
 */
function confidenceOf(row: LedgerRow, context: DiskContext, missing: readonly string[]): Culprit['confidence'] {
  if (row.claim) return row.claim.confidence;
  const { unexplainedShare, flushBound } = context;
  if (flushBound || unexplainedShare > 0.5) return 'low';
  if (missing.length === 0) return 'high';
  return row.isPlaced || unexplainedShare <= MOST_UNEXPLAINED ? 'medium' : 'low';
}

/**
 * Its files on this disk which fit what it does: those seen in use. Where most of its load was not seen there, those which may carry
 * it all the same: a log that took a line meanwhile is not among them.
 */
function filesOf(row: LedgerRow, { devices, mounts = [] }: DiskContext, doing: Doing): FileUse[] {
  const { suspect } = row.load;
  if (!suspect) return [];
  const direction = doing.activity === 'read' ? 'read' : 'write';
  const onDisk = row.load.files.filter(
    ({ file, device }) =>
      devices.includes(device) && (!file.mode || (direction === 'write' ? file.mode.writes : file.mode.reads)),
  );
  const used = onDisk
    .map((placed) => ({ placed, use: useOf(placed.file, suspect, direction) }))
    .sort((a, b) => b.use - a.use);
  const total = used.reduce((sum, { use }) => sum + use, 0);
  const isSeen = row.isPlaced && total > 0;
  const mayCarry = ({ file }: PlacedFile, use: number): boolean =>
    file.movedBytes === undefined || (use > 0 && !isToldByPosition(file)) || carriesUnseen(file, doing, suspect);
  const shown = used.filter(({ placed, use }) => (isSeen ? use > 0 : mayCarry(placed, use)));
  // A file that is open twice is one file, unless both are used.
  const paths = new Set<string>();
  const once = shown.filter(({ placed: { file }, use }) => use > 0 || (!paths.has(file.path) && paths.add(file.path)));
  return once.slice(0, MAX_FILES).map(({ placed, use }) => ({
    ...fileUse(placed, isSeen ? use / total : undefined),
    ...containerPath(placed.file, suspect, mounts),
  }));
}

/**
 * What no call and no position tells of: a file past the page cache or behind a ring, or one that may be mapped. A mapping that is read
 * needs a file open for reading, one that is written a file open both ways (mmap(2)); streams and logs are written with calls.
 */
function carriesUnseen({ fd, mode }: OpenFile, { activity, isUnseen }: Doing, suspect: Suspect): boolean {
  if (mode?.direct) return true;
  if (!mode || mode.append || fd <= 2) return false;
  if (hasRing(suspect)) return true;
  if (!mode.reads || !(isUnseen || activity === 'mmap')) return false;
  return activity === 'read' || mode.writes;
}

const fileUse = ({ file }: PlacedFile, share: number | undefined): FileUse => ({
  path: file.path,
  fd: file.fd,
  deleted: file.deleted,
  ...(share !== undefined && { share: rounded(share) }),
});

function evidenceOf(row: LedgerRow, context: DiskContext, doing: Doing, files: readonly FileUse[]): string[] {
  const { process, suspect, family } = row.load;
  const { activity } = context;
  const seconds = activity.elapsedMs / 1000;
  const lines: string[] = [...(row.claim?.evidence ?? [])];
  if (row.group) lines.push(groupEvidence(row.group, suspect?.cgroup));
  if (row.countedBy !== undefined) {
    lines.push(
      `counted by the kernel, not inferred: io.stat of its cgroup ${row.countedBy} on ${activity.device}, of which no other user was seen`,
    );
  }
  if (family && !row.group) {
    lines.push(
      `${family.count} short-lived children of ${family.parent.command} ${family.parent.pid}, which is charged with what they did when it reaps them (/proc/${family.parent.pid}/io)`,
    );
  }
  const io = `/proc/${process.pid}/io`;
  const { read, write } = row.load;
  if (write.bytesPerSecond > 0 && !row.group) {
    lines.push(
      `writes ${inRate(write.bytesPerSecond)}, net of cancelled (${io}); ${activity.device} writes ${inRate(activity.writeBytes / seconds)} (/proc/diskstats)`,
    );
  }
  if (read.bytesPerSecond > 0 && !row.group && doing.activity !== 'buffered-write') {
    lines.push(
      `reads ${inRate(read.bytesPerSecond)} from disk (${io}); ${activity.device} reads ${inRate(activity.readBytes / seconds)} (/proc/diskstats)`,
    );
  }
  const counted = suspect?.cgroupTraffic?.find(({ number }) => number === activity.number);
  if (counted && counted.readBytes + counted.writtenBytes > 0) {
    lines.push(
      `its cgroup ${suspect?.cgroup?.path} wrote ${inBytes(counted.writtenBytes)} and read ${inBytes(counted.readBytes)} on ${activity.device} while it was looked at (io.stat)`,
    );
  }
  if (suspect) lines.push(...callEvidence(suspect, fileCalls(suspect, row.load.files)));
  for (const file of files.slice(0, 3)) {
    const moved = suspect?.files.find(({ fd }) => fd === file.fd)?.movedBytes;
    lines.push(
      `fd ${file.fd} is ${file.path}${file.deleted ? ' (deleted, still open)' : ''}${file.inContainer ? ` inside its container${file.hostPath === undefined ? '' : `, ${file.hostPath} on the host`}` : ''}${moved ? `, its position moved by ${inBytes(moved)}` : ''} (/proc/${suspect?.pid ?? process.pid}/fd, fdinfo)`,
    );
  }
  if (suspect && files.length > 0 && doing.isUnseen && !row.claim) {
    lines.push(
      `no call tells of it: asynchronous, direct or mapped I/O${suspect.spent?.childFaults === 0 ? ', its own, since it reaped no child meanwhile' : ''}`,
    );
  }
  const faults = suspect?.stacks.filter(({ value }) => value.some((name) => FILE_FAULT.test(name))) ?? [];
  if (faults.length > 0) {
    const count = faults.reduce((sum, fault) => sum + fault.count, 0);
    lines.push(`met ${count} times in page faults on a mapped file (/proc/${suspect?.pid}/stack)`);
  }
  const throttled =
    suspect?.stacks.filter(({ value }) => value.some((name) => name.startsWith('balance_dirty_pages'))) ?? [];
  const throttledCount = throttled.reduce((sum, { count }) => sum + count, 0);
  if (throttledCount > 0) {
    lines.push(
      `held back as a dirtier of pages in ${throttledCount} of ${suspect?.samples} looks (balance_dirty_pages in /proc/${suspect?.pid ?? process.pid}/stack)`,
    );
  }
  if (!row.isPlaced && !row.claim) {
    lines.push(
      `inferred: it was not seen at work on a file of ${activity.device}; load of this disk that nobody else explains was allotted to it`,
    );
  }
  if (process.seen === 'new') lines.push('started inside the window');
  if (process.seen === 'gone') lines.push('ended inside the window: last values seen');
  if (context.flushBound) lines.push('many flushes load this disk: shares of bytes do not tell who asks for them');
  if (context.unexplainedShare > 0.05)
    lines.push(`${inPercent(context.unexplainedShare)} of the disk's bytes are explained by no process`);
  return lines;
}

/** A page of a mapping that has to be read, or to be made dirty (mm/filemap.c, mm/memory.c). */
const FILE_FAULT = /^(filemap_fault|do_page_mkwrite|[a-z0-9_]+_page_mkwrite)$/;

function groupEvidence({ kind, pids, parent }: Group, cgroup: Suspect['cgroup']): string {
  const count = `${pids.length} processes`;
  switch (kind) {
    case 'container':
      return `${count} of one container, ${cgroup?.container} (/proc/PID/cgroup)`;
    case 'unit':
      return `${count} of one unit, ${cgroup?.unit} (/proc/PID/cgroup)`;
    case 'workers':
      return `${count} of one name${parent ? `, children of ${parent.command} ${parent.pid}` : ' and parent'} (/proc/PID/stat)`;
    default:
      return kind satisfies never;
  }
}

function callEvidence(suspect: Suspect, calls: Suspect['calls']): string[] {
  const seen = new Map<string, { count: number; text: string }>();
  for (const { count, value } of calls) {
    const where = value.fd === undefined ? '' : `fd ${value.fd}`;
    const size = value.lengthBytes === undefined ? '' : `${inCount(value.lengthBytes)} bytes`;
    const text = `${value.name}(${[where, size].filter(Boolean).join(', ')})`;
    seen.set(text, { count: count + (seen.get(text)?.count ?? 0), text });
  }
  return [...seen.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, 2)
    .map(
      ({ count, text }) => `seen in ${text} ${count} times in ${suspect.samples} looks (/proc/${suspect.pid}/syscall)`,
    );
}

/** What to look at or try next; never executed. */
function adviceOf(doing: Doing, files: readonly FileUse[], unit: string | undefined): string {
  const owner = unit === undefined ? 'its owner' : `the owner of ${unit}`;
  const path = files[0]?.path;
  switch (doing.activity) {
    case 'buffered-write':
      return path !== undefined && looksLikeLog(path)
        ? `Ask ${owner} why so much is logged; lower the log level, log less at a time, or move the log to another disk.`
        : `Ask ${owner} whether it must write this much now; slow it down (ionice does not help buffered writes; io.max of its cgroup does) or move it to another disk.`;
    case 'direct-write':
      return `Ask ${owner} whether it must run now; limit it with io.max of its cgroup or with its own rate option.`;
    case 'read':
      return `Ask ${owner} whether this scan must run now; limit its rate (ionice -c3, io.max), or give it a copy on another disk.`;
    case 'fsync':
      return `Ask ${owner} to batch its commits: every fsync waits for the disk and its cache flush.`;
    case 'metadata':
      return `Ask ${owner} about files created, renamed and removed in large numbers.`;
    case 'mmap':
      return `It dirties mapped pages: look at its own settings for checkpoints and flushing.`;
    case 'swap':
      return `It needs more memory than there is: limit it (memory.max), give it more, or stop it.`;
    case 'discard':
      return `Discards (fstrim, mount option discard) load this disk: run fstrim at a quiet time.`;
    case 'mixed':
      return `Ask ${owner} whether it must run now; it both reads and writes: limit it with io.max of its cgroup or move it.`;
    default:
      return doing.activity satisfies never;
  }
}

export const looksLikeLog = (path: string): boolean => /(?:^|\/)[^/]*log[^/]*$|\/logs?\//i.test(path);
