/** What speaks for a culprit, in sentences that a sceptic can check by hand. */
import type { Doing } from './activity.ts';
import type { DiskContext } from './disk-context.ts';
import type { FileUse } from './finding.ts';
import type { Group, LedgerRow } from './ledger.ts';
import { fileCalls } from './placement.ts';
import type { Suspect } from './samples.ts';
import type { Sources } from './sources.ts';
import { inBytes, inCount, inPercent, inRate, inTimes } from './words.ts';

export function evidenceOf(row: LedgerRow, context: DiskContext, doing: Doing, files: readonly FileUse[]): string[] {
  const { process, suspect, family } = row.load;
  const { activity, sources } = context;
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
  const io = sources.io(process.pid);
  const { read, write } = row.load;
  if (write.bytesPerSecond > 0 && !row.group) {
    lines.push(
      `writes ${inRate(write.bytesPerSecond)}, net of cancelled (${io}); ${activity.device} writes ${inRate(activity.writeBytes / seconds)} (${sources.disk})`,
    );
  }
  if (read.bytesPerSecond > 0 && !row.group && doing.activity !== 'buffered-write') {
    lines.push(
      `reads ${inRate(read.bytesPerSecond)} from disk (${io}); ${activity.device} reads ${inRate(activity.readBytes / seconds)} (${sources.disk})`,
    );
  }
  const counted = suspect?.cgroupTraffic?.find(({ number }) => number === activity.number);
  if (counted && counted.readBytes + counted.writtenBytes > 0) {
    lines.push(
      `its cgroup ${suspect?.cgroup?.path} wrote ${inBytes(counted.writtenBytes)} and read ${inBytes(counted.readBytes)} on ${activity.device} while it was looked at (io.stat)`,
    );
  }
  if (suspect) lines.push(...callEvidence(suspect, fileCalls(suspect, row.load.files), sources));
  for (const file of files.slice(0, 3)) {
    const moved = suspect?.files.find(({ fd }) => fd === file.fd)?.movedBytes;
    lines.push(
      `fd ${file.fd} is ${file.path}${file.deleted ? ' (deleted, still open)' : ''}${file.inContainer ? ` inside its container${file.hostPath === undefined ? '' : `, ${file.hostPath} on the host`}` : ''}${moved ? `, its position moved by ${inBytes(moved)}` : ''} (${sources.files(suspect?.pid ?? process.pid)})`,
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
    lines.push(`met ${inTimes(count)} in page faults on a mapped file (/proc/${suspect?.pid}/stack)`);
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
  lines.push(...(suspect?.remarks ?? []));
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

function callEvidence(suspect: Suspect, calls: Suspect['calls'], sources: Sources): string[] {
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
      ({ count, text }) => `seen in ${text} ${sources.times(count, suspect.samples)} (${sources.calls(suspect.pid)})`,
    );
}
