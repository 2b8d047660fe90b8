/**
 * Children that come and go inside the window, as one family with what their parent is charged for them.
 *
 * /proc/PID/io of a process counts its live and exited threads AND the children that it has waited for: a parent jumps by a
 * child's whole life when it reaps it (fs/proc/base.c, do_io_accounting; kernel/exit.c, wait_task_zombie). So the parent of many
 * short-lived writers looks like the writer, and the same bytes stand in two rows. Here they become one row, the children's.
 */
import type { ActivityRest, HostSamples, IoDelta, ProcessActivity } from './samples.ts';

/** A row for the ledger: one process, or a family whose `process` only sums up. */
export interface Account {
  readonly process: ProcessActivity;
  /** How many processes the row sums up. */
  readonly count: number;
  readonly family?: Family;
}

export interface Family {
  /** Members that were seen one by one; more may have come and gone unseen. */
  readonly pids: readonly number[];
  readonly count: number;
  readonly parent: { readonly pid: number; readonly command: string };
  /** Most of what it is charged was seen of its members: the rest of a parent's jump may be anybody's whom nobody saw. */
  readonly isSeen: boolean;
  /** Samples in which a member was seen blocked. */
  readonly blockedSamples: number;
}

const NOTHING: IoDelta = {
  readChars: 0,
  writtenChars: 0,
  readCalls: 0,
  writeCalls: 0,
  readBytes: 0,
  writtenBytes: 0,
  cancelledBytes: 0,
};

/** So many that came and went in one window are a generation, of which some may live on. */
const GENERATION = 3;

/** So many times what all disks moved in the window. */
const PAST_LIFE = 3;

/**
 * `seenAtWork` tells the processes that were met at work on files of their own: those keep what is theirs beside what their children
 * did. `looksIdle` tells those that were looked at and only waited for something else than a disk. `trafficBytes` is what all disks
 * moved in the window: a charge far beyond it is a past life, not a rate.
 */
export function accountsOf(
  samples: HostSamples,
  seenAtWork: (process: ProcessActivity) => boolean,
  looksIdle: (process: ProcessActivity) => boolean,
  trafficBytes: number,
): Account[] {
  const accounts = new Map<string, Account>();
  const parents: ProcessActivity[] = [];
  // Most processes have no child that came or went: all the others are not searched for one then.
  const mayReap = new Set<number | undefined>();
  for (const process of samples.processes) {
    if (process.isKernelThread) continue;
    accounts.set(keyOf(process), { process, count: 1 });
    if (process.seen !== 'pair') mayReap.add(process.parentPid);
  }
  for (const { process } of accounts.values()) parents.push(process);
  for (const { parentPid } of samples.rest) mayReap.add(parentPid);
  const rest = new Set(samples.rest);
  const window = { startTicks: samples.windowStartTicks ?? 0, ticks: samples.processWindowMs / MS_PER_CLOCK_TICK };
  // The youngest parents first, so that a grandchild reaches its parent's family before that one reaches its own.
  parents.sort((a, b) => (b.startTicks ?? 0) - (a.startTicks ?? 0));
  for (const parent of parents) {
    const reaped = parent.pid !== 1 && mayReap.has(parent.pid) ? reapedBy(parent, accounts, rest) : undefined;
    // init reaps the orphans of the whole host; nobody writes three times what all disks move without being met at it.
    const isPastLife = parent.pid === 1 || weight(parent.io) > PAST_LIFE * trafficBytes;
    if (!reaped) {
      // Whoever only waited while it was looked at did not do what it is charged: a child that nobody saw did, at any time.
      if ((isPastLife || looksIdle(parent)) && !seenAtWork(parent)) accounts.delete(keyOf(parent));
      continue;
    }
    const atWork = seenAtWork(parent);
    const io = parent.io ?? NOTHING;
    const { family, charged } = familyAccount(parent, reaped, isPastLife || atWork ? NOTHING : io, window);
    for (const { process } of reaped.children) accounts.delete(keyOf(process));
    for (const part of reaped.summed) rest.delete(part);
    if (atWork) {
      const own = each(io, charged, (mine, theirs) => Math.max(0, mine - theirs));
      accounts.set(keyOf(parent), { process: { ...parent, io: own }, count: 1 });
      accounts.set(`${keyOf(parent)} children`, family);
    } else accounts.set(keyOf(parent), family);
  }
  return [...accounts.values(), ...Array.from(rest, restAccount)];
}

interface Reaped {
  readonly children: readonly Account[];
  readonly summed: readonly ActivityRest[];
}

/** What came or went below it, where any of that has ended and is charged to it. */
function reapedBy(
  parent: ProcessActivity,
  accounts: ReadonlyMap<string, Account>,
  rest: ReadonlySet<ActivityRest>,
): Reaped | undefined {
  const all = [...accounts.values()].filter(({ process }) => process.parentPid === parent.pid && process.io);
  const passing = all.filter(({ process }) => process.seen !== 'pair');
  const summed = [...rest].filter(({ parentPid }) => parentPid === parent.pid);
  const ended = passing.filter(({ process }) => process.seen === 'gone');
  if (summed.length === 0 && ended.length === 0) return undefined;
  return { children: [...passing, ...stillAlive(all, ended)], summed };
}

/**
 * Children of the same generation whom the disk holds up a little longer than those that ended: of the same name, no older, and none of
 * them does more than any other.
 */
function stillAlive(all: readonly Account[], ended: readonly Account[]): Account[] {
  return all.filter(({ process: { seen, command, startTicks, io } }) => {
    if (seen !== 'pair' || startTicks === undefined) return false;
    const like = ended.filter(({ process }) => process.command === command);
    const first = Math.min(...like.map(({ process }) => process.startTicks ?? Number.POSITIVE_INFINITY));
    const most = Math.max(...like.map(({ process }) => weight(process.io)));
    return like.length >= GENERATION && startTicks >= first && weight(io) <= most;
  });
}

/** The number alone may have belonged to two processes in one window. */
const keyOf = ({ pid, startTicks }: ProcessActivity): string => `${pid} ${startTicks ?? '-'}`;

/** `charged` of the result: what of it stands in the parent's row too. */
function familyAccount(
  parent: ProcessActivity,
  { children, summed }: Reaped,
  charged: IoDelta,
  window: Window,
): { readonly family: Account; readonly charged: IoDelta } {
  const iosOf = (some: readonly Account[]) => some.map(({ process }) => process.io ?? NOTHING);
  const gone = children.filter(({ process }) => process.seen === 'gone');
  const alive = iosOf(children.filter(({ process }) => process.seen !== 'gone'));
  const reaped = sum([...iosOf(gone), ...summed.map((part) => ({ ...NOTHING, ...bytesOf(part) }))]);
  // What the reaped ones did stands in the parent's row too; what it has not reaped yet stands only in theirs.
  const inWindow = partInWindow(children, window);
  const jump = inWindow === 0 ? reaped : each(charged, reaped, (all, seen) => Math.max(all * inWindow, seen));
  const io = sum([jump, ...alive]);
  const ofMembers = sum([reaped, ...alive]);
  const largest = [...children].sort((a, b) => weight(b.process.io) - weight(a.process.io))[0]?.process;
  const count =
    children.reduce((total, child) => total + child.count, 0) + summed.reduce((total, part) => total + part.count, 0);
  const family: Account = {
    process: {
      ...parent,
      command: largest?.command ?? summed[0]?.command ?? parent.command,
      blockedSamples: 0,
      io,
    },
    count,
    family: {
      pids: children.flatMap((child) => child.family?.pids ?? [child.process.pid]),
      count,
      parent: { pid: parent.pid, command: parent.command },
      isSeen: weight(ofMembers) >= weight(io) / 2,
      blockedSamples: children.reduce(
        (total, { process, family }) => total + (family?.blockedSamples ?? process.blockedSamples),
        0,
      ),
    },
  };
  return { family, charged: jump };
}

/** The window that the counters cover: when it opened, in clock ticks since boot, and its length in the same. */
interface Window {
  readonly startTicks: number;
  readonly ticks: number;
}

/**
 * A child older than the window brings its whole life along when it is reaped. One that is hardly older spent most of it inside; of one
 * that is older by more than a window only what was seen of it belongs here: 0.
 */
function partInWindow(children: readonly Account[], { startTicks, ticks }: Window): number {
  const ages = children
    .filter(({ process }) => process.seen === 'gone')
    .map(({ process }) => Math.max(0, startTicks - (process.startTicks ?? 0)));
  const oldest = Math.max(0, ...ages);
  return oldest >= ticks ? 0 : ticks > 0 ? ticks / (ticks + oldest) : 1;
}

/** USER_HZ is 100 on every machine that runs Linux today but alpha (asm-generic/param.h). */
const MS_PER_CLOCK_TICK = 10;

const weight = (io: IoDelta | undefined): number => (io ? io.readBytes + io.writtenBytes : 0);

const bytesOf = ({ readBytes, writtenBytes, cancelledBytes }: ActivityRest) => ({
  readBytes,
  writtenBytes,
  cancelledBytes,
});

function each(a: IoDelta, b: IoDelta, join: (x: number, y: number) => number): IoDelta {
  const joined = (field: keyof IoDelta): number => join(a[field], b[field]);
  return {
    readChars: joined('readChars'),
    writtenChars: joined('writtenChars'),
    readCalls: joined('readCalls'),
    writeCalls: joined('writeCalls'),
    readBytes: joined('readBytes'),
    writtenBytes: joined('writtenBytes'),
    cancelledBytes: joined('cancelledBytes'),
  };
}

const sum = (ios: readonly IoDelta[]): IoDelta => ios.reduce((total, io) => each(total, io, (x, y) => x + y), NOTHING);

function restAccount(part: ActivityRest): Account {
  return {
    process: {
      pid: 0,
      ...(part.parentPid !== undefined && { parentPid: part.parentPid }),
      seen: 'pair',
      blockedSamples: 0,
      isKernelThread: false,
      command: part.command,
      io: { ...NOTHING, ...bytesOf(part) },
    },
    count: part.count,
  };
}
