/** The one sentence that a person can act on. It names only what the finding's other fields carry. */
import { looksLikeLog } from './culprit.ts';
import type { Bystander, Culprit, Disk } from './finding.ts';
import { inBytes, inList, inPercent, inTime } from './words.ts';

export function nameOf(culprit: Pick<Culprit, 'command' | 'program' | 'pid' | 'pids' | 'parent'>): string {
  if (culprit.pid === null) {
    return `${culprit.command} (short-lived children${culprit.parent ? ` of ${culprit.parent.command} ${culprit.parent.pid}` : ''})`;
  }
  const program = culprit.program === undefined ? '' : ` (${culprit.program})`;
  return `${culprit.command}${culprit.pid === null ? '' : ` ${culprit.pid}`}${program}`;
}

/** `privilege` user: whose processes could not be read. */
export function summaryOf(disks: readonly Disk[], privilege: 'root' | 'sudo' | 'user' | undefined): string {
  const [worst] = disks;
  if (!worst) return 'No disk could be judged.';
  const more = disks.filter((disk) => disk !== worst && disk.verdict === worst.verdict).map(({ device }) => device);
  const also = worst.verdict !== 'healthy' && more.length > 0 ? ` Also ${worst.verdict}: ${inList(more)}.` : '';
  return `${sentence(worst, privilege)}${also}`;
}

function sentence(disk: Disk, privilege: 'root' | 'sudo' | 'user' | undefined): string {
  switch (disk.verdict) {
    case 'hung':
      return `${disk.device} hangs: requests are in flight and none completes; a fault of the device or its path, not of a process.`;
    case 'saturated':
      return disk.culprits.length > 0 ? culpritSentence(disk) : unknownSentence(disk, privilege);
    case 'inconclusive':
      return `${disk.device} cannot be judged: not enough was seen of it.`;
    case 'busy':
      return `${disk.device} is busy (${figures(disk)}) but not saturated.`;
    case 'healthy':
      return 'No disk is saturated.';
    default:
      return disk.verdict satisfies never;
  }
}

function culpritSentence(disk: Disk): string {
  const [first, ...others] = disk.culprits as [Culprit, ...Culprit[]];
  const carried = carriersSentence(disk.carriers, first);
  if (disk.unexplainedShare > 0.5) {
    return `${disk.device} is saturated (${figures(disk)}), but ${inPercent(disk.unexplainedShare)} of its load is explained by no process that was seen; the largest part that is: ${nameOf(first)} (${inPercent(first.share)}), ${deed(first)}${carried}.`;
  }
  if (others.length === 0) {
    const share = first.share >= 0.9 ? '' : ` (${inPercent(first.share)} of its bytes)`;
    return `${nameOf(first)} saturates ${disk.device} by ${deed(first)}${share}${carried}.`;
  }
  const list = inList(disk.culprits.map((culprit) => `${nameOf(culprit)} (${inPercent(culprit.share)})`));
  return `${list} together saturate ${disk.device}; the first by ${deed(first)}${carried}.`;
}

function deed(culprit: Culprit): string {
  const path = culprit.files[0]?.path;
  const size = culprit.ioSizeBytes === undefined ? '' : ` ${inBytes(culprit.ioSizeBytes)} at a time`;
  const to = path === undefined ? '' : ` to ${path}`;
  switch (culprit.activity) {
    case 'buffered-write':
      return `${path !== undefined && looksLikeLog(path) ? 'logging' : 'writing'}${size}${to}`;
    case 'direct-write':
      return `direct writes${size && ` of${size}`}${to}`;
    case 'read':
      return `reading${size}${path === undefined ? '' : ` from ${path}`}`;
    case 'fsync':
      return `forcing${size && `${size},`} write after write${to} with fsync`;
    case 'mmap':
      return `dirtying mapped pages or asynchronous writes${path === undefined ? '' : ` of ${path}`}`;
    case 'metadata':
      return 'creating, renaming and removing files';
    case 'swap':
      return 'swapping';
    case 'discard':
      return 'discards';
    case 'mixed':
      return `reading and writing${size}${path === undefined ? '' : ` (${path})`}`;
    default:
      return culprit.activity satisfies never;
  }
}

function carriersSentence(carriers: readonly Bystander[], culprit: Culprit): string {
  if (carriers.length === 0 || culprit.activity === 'read') return '';
  const shown = carriers.slice(0, 3).map(({ command }) => command);
  return `; ${inList(shown)} ${shown.length === 1 ? 'carries' : 'carry'} its writes`;
}

function unknownSentence(disk: Disk, privilege: 'root' | 'sudo' | 'user' | undefined): string {
  const fact = `${disk.device} is saturated (${figures(disk)})`;
  if (privilege === 'user') return `${fact}; the culprit is not visible to this user: log in as root or allow sudo -n.`;
  if (disk.unexplainedShare > 0.5) {
    return `${fact}; no process that was seen explains its load (${inPercent(disk.unexplainedShare)} unexplained): a writer that has gone, or one that is not charged.`;
  }
  return `${fact}; its load is spread over many processes and none stands out.`;
}

function figures(disk: Disk): string {
  const parts: string[] = [];
  if (disk.busyPercent !== undefined) parts.push(`${Math.round(disk.busyPercent)} % busy`);
  if (disk.queueDepth !== undefined)
    parts.push(`queue ${disk.queueDepth < 10 ? disk.queueDepth.toFixed(1) : Math.round(disk.queueDepth)}`);
  const awaits = [disk.writeAwaitMs, disk.readAwaitMs].filter((ms) => ms !== undefined);
  if (awaits.length > 0) parts.push(`await ${inTime(Math.max(...awaits))}`);
  return parts.join(', ');
}
