/**
 * Rows of one disk's ledger that are one culprit: the processes of a container, those of a unit that belong together, the workers of
 * a pool. Two strangers that run the same program stay two.
 */
import type { Group, LedgerRow } from './ledger.ts';
import { suspectOf } from './looks.ts';
import type { HostSamples, ProcessActivity } from './samples.ts';

/** So many children of one parent with one name are a pool, whatever the parent is called. */
const POOL = 3;

export function groupRows(rows: readonly LedgerRow[], samples: HostSamples): LedgerRow[] {
  const commands = commandsByPid(samples);
  const siblings = countSiblings(samples.processes);
  const byKey = new Map<string, LedgerRow[]>();
  for (const row of rows) {
    const key =
      keyOf(row, commands, siblings) ??
      `process ${row.load.process.pid} ${row.load.process.startTicks ?? '-'} ${byKey.size}`;
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  return [...byKey]
    .flatMap(([key, members]) => {
      if (/^(workers|unit) /.test(key) && isOneOfThem(members)) return members;
      const group = groupOf(key, members, commands, samples);
      return group && group.pids.length > 1 ? merged(members, group) : (members[0] as LedgerRow);
    })
    .sort((a, b) => b.share - a.share || a.load.process.pid - b.load.process.pid);
}

/**
 * Where one worker makes nearly all of a pool's bytes, it is that one that is to be looked at. What is claimed otherwise (flushes, names) is
 * made by all of them in turn, whoever was seen at it.
 */
function isOneOfThem(members: readonly LedgerRow[]): boolean {
  if (members.some(({ claim }) => claim !== undefined)) return false;
  const shares = members.map(({ share }) => share);
  return Math.max(...shares) >= MOSTLY_ONE * shares.reduce((total, share) => total + share, 0);
}

const MOSTLY_ONE = 0.9;

/** What rows of one culprit have in common; undefined: it is on its own. */
function keyOf(
  row: LedgerRow,
  commands: ReadonlyMap<number, string>,
  siblings: ReadonlyMap<string, number>,
): string | undefined {
  const { process, suspect, family } = row.load;
  const { container, unit } = suspect?.cgroup ?? {};
  if (container !== undefined) return `container ${container}`;
  if (process.pid === 0 || family) return undefined;
  if (unit?.endsWith('.service') && !isOfUser(unit)) return `unit ${unit} ${process.command} ${suspect?.program ?? ''}`;
  const parentPid = process.parentPid;
  if (parentPid === undefined || parentPid === 1) return undefined;
  const isPool =
    commands.get(parentPid) === process.command || (siblings.get(`${parentPid} ${process.command}`) ?? 0) >= POOL;
  return isPool ? `workers ${parentPid} ${process.command} ${suspect?.program ?? ''}` : undefined;
}

/** user@1000.service holds whatever a person starts. */
const isOfUser = (unit: string): boolean => /^user@\d+\.service$/.test(unit);

function commandsByPid({ processes, suspects }: HostSamples): Map<number, string> {
  return new Map([
    ...suspects.flatMap(({ parents }) => parents.map(({ pid, command }) => [pid, command] as const)),
    ...processes.map(({ pid, command }) => [pid, command] as const),
  ]);
}

function countSiblings(processes: readonly ProcessActivity[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { parentPid, command, isKernelThread } of processes) {
    if (isKernelThread || parentPid === undefined) continue;
    const key = `${parentPid} ${command}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** undefined for a row on its own. Workers that move anything belong to their pool, whether or not they have a row here. */
function groupOf(
  key: string,
  members: readonly LedgerRow[],
  commands: ReadonlyMap<number, string>,
  { processes, suspects }: HostSamples,
): Group | undefined {
  const kind = key.slice(0, key.indexOf(' '));
  if (kind !== 'container' && kind !== 'unit' && kind !== 'workers') return undefined;
  const { process: first, suspect } = (members[0] as LedgerRow).load;
  // An interpreter's name says nothing of what it runs.
  const runsAnother = (process: ProcessActivity): boolean => {
    const look = suspectOf(process, suspects);
    return look !== undefined && look.program !== suspect?.program;
  };
  const idle = (process: ProcessActivity): boolean =>
    (process.io?.readBytes ?? 0) + (process.io?.writtenBytes ?? 0) === 0;
  const siblings =
    kind !== 'workers'
      ? []
      : processes.filter(
          (each) =>
            each.parentPid === first.parentPid && each.command === first.command && !idle(each) && !runsAnother(each),
        );
  const pids = [
    ...members.flatMap(({ load: { family, process } }) => family?.pids ?? [process.pid]),
    ...siblings.map(({ pid }) => pid),
  ];
  const parents = new Set(members.map(({ load }) => load.process.parentPid));
  const [parentPid] = parents;
  const command = parentPid === undefined ? undefined : commands.get(parentPid);
  const parent =
    parents.size === 1 && parentPid !== undefined && command !== undefined ? { pid: parentPid, command } : undefined;
  return { kind, pids: [...new Set(pids)].filter((pid) => pid > 0), ...(parent && { parent }) };
}

/** The largest member lends its files and its calls. */
function merged(members: readonly LedgerRow[], group: Group): LedgerRow {
  const sorted = [...members].sort((a, b) => b.share - a.share);
  const first = sorted.find(({ load }) => load.suspect !== undefined) ?? (sorted[0] as LedgerRow);
  const sum = (of: (row: LedgerRow) => number): number => members.reduce((total, row) => total + of(row), 0);
  const share = sum((row) => row.share);
  return {
    ...first,
    readBytesPerSecond: sum((row) => row.readBytesPerSecond),
    writeBytesPerSecond: sum((row) => row.writeBytesPerSecond),
    share,
    isPlaced: sum((row) => (row.isPlaced ? row.share : 0)) >= share / 2 && members.some((row) => row.isPlaced),
    ownPart: share > 0 ? sum((row) => row.ownPart * row.share) / share : first.ownPart,
    group,
  };
}
