/**
 * What terminal and plain text both say of a finding, in the same words. Every text that a host sent is encoded here, so
 * that what these functions return may be printed.
 */
import { awaitMs } from '../../runner/triage/await.ts';
import type { Bystander, Culprit, Disk, FileUse } from '../../runner/triage/finding.ts';
import { inBytes, inCount, inRate, inTime } from '../../runner/triage/words.ts';
import { encodeText } from './encode.ts';
import { formatPercent, formatShare } from './units.ts';

/** "python 18940", "postgres 812 +3" for a group with a leader, "cp ×50", "rsync (gone)". */
export function culpritName(culprit: Culprit): string {
  const name = encodeText(culprit.command);
  if (culprit.pid !== null) {
    return culprit.pids.length > 1 ? `${name} ${culprit.pid} +${culprit.pids.length - 1}` : `${name} ${culprit.pid}`;
  }
  return culprit.pids.length > 0 ? `${name} ×${culprit.pids.length}` : `${name} (gone)`;
}

/** "python 18940 (logtest.py, logger.service)": with the script or jar, and the unit or container that it runs in. */
export function culpritWithHome(culprit: Culprit): string {
  const { program, command, unit, container } = culprit;
  // Here only the script's own name has room; its path is told among the traits.
  const script = program?.split('/').at(-1) || program;
  const notes = [script === command ? undefined : script, unit ?? container].filter((note) => note !== undefined);
  return culpritName(culprit) + (notes.length > 0 ? ` (${notes.map(encodeText).join(', ')})` : '');
}

/** What else identifies the culprit: program, unit, container, user, parent, the processes of a group. */
export function culpritTraits(culprit: Culprit): string[] {
  const { program, command, unit, container, pod, user, uid, parent, pid, pids } = culprit;
  const listed = pids.slice(0, MOST_PIDS).join(', ');
  return [
    program !== undefined && program !== command ? `runs ${encodeText(program)}` : undefined,
    unit === undefined ? undefined : `unit ${encodeText(unit)}`,
    pod === undefined ? undefined : `pod ${encodeText(pod)}`,
    container === undefined ? undefined : `container ${encodeText(container)}`,
    user !== undefined ? `user ${encodeText(user)}` : uid === undefined ? undefined : `uid ${uid}`,
    parent === undefined ? undefined : `started by ${encodeText(parent.command)} ${parent.pid}`,
    pids.length > 1 || (pid === null && pids.length > 0)
      ? `pids ${listed}${pids.length > MOST_PIDS ? ` and ${pids.length - MOST_PIDS} more` : ''}`
      : undefined,
  ].filter((trait) => trait !== undefined);
}

const MOST_PIDS = 8;

/** "98 % of the bytes, 45.8 MB/s buffered writes of 300 MB; inferred, confidence high". */
export function culpritLoad(culprit: Culprit): string {
  const rate = culprit.bytesPerSecond > 0 ? `, ${inRate(culprit.bytesPerSecond)}` : '';
  const size = culprit.ioSizeBytes === undefined ? '' : ` of ${inBytes(culprit.ioSizeBytes)}`;
  const pattern = culprit.pattern === undefined ? '' : `${culprit.pattern} `;
  const source = culprit.measured ? 'measured' : 'inferred';
  return (
    `${formatShare(culprit.share)} of the ${culprit.shareOf}${rate}, ${pattern}${ACTIVITY_WORDS[culprit.activity]}${size}; ` +
    `${source}, confidence ${culprit.confidence}`
  );
}

/** What a culprit does, as a plural noun. */
export const ACTIVITY_WORDS = {
  'buffered-write': 'buffered writes',
  'direct-write': 'direct writes',
  read: 'reads',
  fsync: 'fsync calls',
  metadata: 'metadata changes',
  mmap: 'writes through a memory map',
  swap: 'swapping',
  discard: 'discards',
  mixed: 'mixed I/O',
} as const satisfies Record<Culprit['activity'], string>;

/** "buffered writes to /tmp/logtest.txt", "reads"; give the path encoded. */
export function activityOn(activity: Culprit['activity'], path: string | undefined): string {
  const words = ACTIVITY_WORDS[activity];
  return path === undefined ? words : `${words} ${PREPOSITIONS[activity]} ${path}`;
}

const PREPOSITIONS = {
  'buffered-write': 'to',
  'direct-write': 'to',
  read: 'from',
  fsync: 'on',
  metadata: 'on',
  mmap: 'to',
  swap: 'on',
  discard: 'on',
  mixed: 'on',
} as const satisfies Record<Culprit['activity'], string>;

/** What speaks for the culprit, but for what `unexplainedText` says of its disk. */
export function evidenceTexts({ evidence }: Culprit, disk: Disk): string[] {
  const isSaid = unexplainedText(disk) !== undefined;
  return evidence.filter((text) => !(isSaid && UNEXPLAINED.test(text))).map(encodeText);
}

/** As runner/triage/culprit-evidence.ts words it. */
const UNEXPLAINED = /^[0-9]+ % of the disk's bytes are explained by no process$/u;

/** "/tmp/logtest.txt (fd 3)", "/var/log/a.log (fd 4, deleted, 60 %)". */
export function fileText(file: FileUse): string {
  const notes = [
    file.fd === undefined ? undefined : `fd ${file.fd}`,
    file.deleted ? 'deleted' : undefined,
    file.share === undefined || file.share === 1 ? undefined : formatShare(file.share),
    file.inContainer ? 'inside its container' : undefined,
    file.hostPath === undefined ? undefined : `${encodeText(file.hostPath)} on the host`,
  ].filter((note) => note !== undefined);
  return encodeText(file.path) + (notes.length > 0 ? ` (${notes.join(', ')})` : '');
}

/** "kworker/u4:2 20065: writes dirty pages back". */
export function bystanderText({ pid, command, why }: Bystander): string {
  return `${encodeText(command)} ${pid}${why === '' ? '' : `: ${encodeText(why)}`}`;
}

/** The culprit to name first: the one with the largest share. */
export function mainCulprit(disk: Disk): Culprit | undefined {
  return disk.culprits.reduce<Culprit | undefined>(
    (main, next) => (main && main.share >= next.share ? main : next),
    undefined,
  );
}

/** The three figures that tell saturation, each absent where it could not be had. */
export function diskFigures(disk: Disk): { busy?: string; queue?: string; wait?: string } {
  const wait = awaitMs(disk);
  return {
    ...(disk.busyPercent !== undefined && { busy: formatPercent(disk.busyPercent) }),
    ...(disk.queueDepth !== undefined && { queue: inCount(disk.queueDepth) }),
    ...(wait !== undefined && { wait: inTime(wait) }),
  };
}

/** The same as "99 % busy", "queue 12", "await 7.3 s", but for those that are told elsewhere already. */
export function figureTexts(disk: Disk, known: ReadonlySet<string> = new Set()): string[] {
  const { busy, queue, wait } = diskFigures(disk);
  return [
    known.has('busy') || busy === undefined ? undefined : `${busy} busy`,
    known.has('queue') || queue === undefined ? undefined : `queue ${queue}`,
    known.has('wait') || wait === undefined ? undefined : `await ${wait}`,
  ].filter((figure) => figure !== undefined);
}

/** What moves on the disk: "writes 32 MB/s in 64/s of 512 KB", "flushes 310/s". */
export function diskTraffic(disk: Disk): string[] {
  const flushes = disk.flushesPerSecond ?? 0;
  return [
    traffic('reads', disk.readsPerSecond, disk.readBytesPerSecond),
    traffic('writes', disk.writesPerSecond, disk.writeBytesPerSecond),
    flushes > 0 ? `flushes ${inCount(flushes)}/s` : undefined,
  ].filter((line) => line !== undefined);
}

function traffic(name: string, perSecond: number | undefined, bytesPerSecond: number | undefined): string | undefined {
  if (perSecond === undefined || perSecond === 0) return undefined;
  const count = `${inCount(perSecond)}/s`;
  if (bytesPerSecond === undefined || bytesPerSecond === 0) return `${name} ${count}`;
  return `${name} ${inRate(bytesPerSecond)} in ${count} of ${inBytes(bytesPerSecond / perSecond)}`;
}

/** "hdd", "nvme, Samsung SSD 980", "loop on / (on sda)": what the disk is and what stands on it. */
export function diskTraits(disk: Disk): string[] {
  return [
    disk.kind === 'unknown' ? undefined : disk.kind,
    disk.model === undefined ? undefined : encodeText(disk.model),
    disk.stack.length > 0 ? `layers ${disk.stack.map(encodeText).join(', ')}` : undefined,
    disk.mountpoints.length > 0 ? `mounted on ${disk.mountpoints.map(encodeText).join(', ')}` : undefined,
  ].filter((trait) => trait !== undefined);
}

/** The load that no culprit explains, where it is worth saying. */
export function unexplainedText(disk: Disk): string | undefined {
  return disk.unexplainedShare >= 0.05
    ? `${formatShare(disk.unexplainedShare)} of the load has no known owner`
    : undefined;
}

/** "1 host", "2 hosts". */
export function counted(count: number, noun: string): string {
  return `${inCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
