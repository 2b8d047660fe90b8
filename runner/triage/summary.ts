/** The one sentence that a person can act on. It names only what the finding's other fields carry. */
import { looksLikeLog } from './advice.ts';
import { LITTLE, waiterNames } from './explanations.ts';
import type { Bystander, Culprit, Disk } from './finding.ts';
import type { HostSamples } from './samples.ts';
import { inBytes, inList, inPercent, inTime } from './words.ts';

export function nameOf(
  culprit: Pick<Culprit, 'command' | 'program' | 'pid' | 'pids' | 'parent' | 'group' | 'unit' | 'container'>,
): string {
  const { command, pid, pids, parent, group, unit, container } = culprit;
  const program = culprit.program === undefined ? '' : ` (${culprit.program})`;
  if (pid !== null) return `${command} ${pid}${program}`;
  const of = parent ? ` of ${parent.command} ${parent.pid}` : '';
  switch (group) {
    case 'container':
      return `${command}${program} (${pids.length} processes of container ${container})`;
    case 'unit':
      return `${command}${program} (${pids.length} processes of ${unit})`;
    case 'workers':
      return `${command}${program} (${pids.length} processes${of})`;
    case 'short-lived':
    case undefined:
      return `${command} (short-lived children${of})`;
    default:
      return group satisfies never;
  }
}

/** What was open to the sampler. */
export interface Sight {
  /** user: other users' processes could not be read. */
  readonly privilege: 'root' | 'sudo' | 'user' | undefined;
  readonly source?: HostSamples['source'];
  /** false: the answer broke off before the processes. */
  readonly processesRead: boolean;
  /** Who waits on the worst disk while what it moves could not be read; absent and []: nobody. */
  readonly unreadWaiters?: readonly Bystander[];
  /** What waits in memory for the worst disk (drainText of backlog.ts). */
  readonly backlog?: string | undefined;
  /** What holds processes up though no disk does, a sentence. */
  readonly instead?: string | undefined;
}

export function summaryOf(disks: readonly Disk[], sight: Sight): string {
  const [worst] = disks;
  if (!worst) return 'No disk could be judged.';
  const more = disks.filter((disk) => disk !== worst && disk.verdict === worst.verdict).map(({ device }) => device);
  const also = worst.verdict !== 'healthy' && more.length > 0 ? ` Also ${worst.verdict}: ${inList(more)}.` : '';
  return `${sentence(worst, sight)}${also}`;
}

function sentence(disk: Disk, sight: Sight): string {
  switch (disk.verdict) {
    case 'hung':
      return `${disk.device} hangs: requests are in flight and none completes; a fault of the device or its path, not of a process.`;
    case 'saturated':
      return disk.culprits.length > 0 ? culpritSentence(disk, sight) : unknownSentence(disk, sight);
    case 'inconclusive':
      return `${disk.device} cannot be judged: not enough was seen of it.`;
    case 'busy':
      return `${disk.device} is busy (${figures(disk)}) but not saturated.`;
    case 'healthy':
      return sight.instead === undefined ? 'No disk is saturated.' : `No disk is saturated. ${sight.instead}`;
    default:
      return disk.verdict satisfies never;
  }
}

/** Less than half of the load is no saturation by whom it is known of. */
const MOST = 0.5;
/** So much may be somebody's whom this user cannot see. */
const MUCH = 0.3;

function culpritSentence(disk: Disk, sight: Sight): string {
  const [first, ...others] = disk.culprits as [Culprit, ...Culprit[]];
  const carried = carriersSentence(disk.carriers, first);
  const named = disk.culprits.reduce((sum, { share }) => sum + share, 0);
  const unseen =
    sight.privilege === 'user' ? ` (the processes of other users are not visible to this one${leads(sight)})` : '';
  if (named < MOST) {
    const rest =
      disk.unexplainedShare > MOST
        ? `${inPercent(disk.unexplainedShare)} of its load is explained by no process that was seen${waited(disk)}${unseen}`
        : `no process adds most of its load${unseen}`;
    return `${disk.device} is saturated (${figures(disk)}), but ${rest}; the largest known part: ${nameOf(first)} (${inPercent(first.share)}), ${deed(first)}${carried}.`;
  }
  const hidden =
    unseen && disk.unexplainedShare > MUCH
      ? `; ${inPercent(disk.unexplainedShare)} is explained by no process that was seen${unseen}`
      : '';
  if (others.length === 0) {
    const share = first.share >= 0.9 ? '' : ` (${inPercent(first.share)} of its bytes)`;
    return `${nameOf(first)} saturates ${disk.device} by ${deed(first)}${share}${carried}${hidden}.`;
  }
  const list = inList(disk.culprits.map((culprit) => `${nameOf(culprit)} (${inPercent(culprit.share)})`));
  return `${list} together saturate ${disk.device}; the first by ${deed(first)}${carried}${hidden}.`;
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
      return `dirtying mapped pages${path === undefined ? '' : ` of ${path}`}`;
    case 'metadata':
      return 'creating, renaming and removing files';
    case 'swap':
      return culprit.memoryBytes === undefined
        ? 'swapping'
        : `swapping, with ${inBytes(culprit.memoryBytes)} in memory and swap`;
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

const waited = ({ backlogShare }: Disk): string =>
  backlogShare === undefined ? '' : `, ${inPercent(backlogShare)} being a backlog from before`;

/** Where to look first, for whoever cannot see more. */
const leads = ({ unreadWaiters = [] }: Sight): string =>
  unreadWaiters.length === 0 ? '' : `; waiting on it: ${waiterNames(unreadWaiters)}`;

function unknownSentence(disk: Disk, sight: Sight): string {
  const { privilege, processesRead, source } = sight;
  const fact = `${disk.device} is saturated (${figures(disk)})`;
  if (!processesRead && source === 'captures') return `${fact}; without pidstat -d nobody can be named.`;
  if (!processesRead) return `${fact}; the processes were not read, so nobody can be named.`;
  if (privilege === 'user' && source === 'captures')
    return `${fact}; the culprit is not visible to the user who ran pidstat: run it as root${leads(sight)}.`;
  if (privilege === 'user')
    return `${fact}; the culprit is not visible to this user: log in as root or allow sudo -n${leads(sight)}.`;
  if (disk.unexplainedShare > 0.5 && sight.backlog !== undefined) {
    // Short enough for a row of the ranking (ranking-row.ts).
    const writer = disk.othersShare < LITTLE ? 'its writer' : 'its main writer';
    return `${fact}; ${writer} has gone, or is not seen or charged; ${sight.backlog}.`;
  }
  if (disk.unexplainedShare > 0.5) {
    return `${fact}; no process that was seen explains its load (${inPercent(disk.unexplainedShare)} unexplained): a writer that has gone, or one that is not charged.`;
  }
  return `${fact}; its load cannot be laid at one process: it is spread over many, or the one was not seen at work on this disk.`;
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
