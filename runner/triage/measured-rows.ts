/**
 * Rows that a cgroup has counted: io.stat of version 2 charges buffered writes to the owner of the pages, device by device, when they
 * are written (Documentation/admin-guide/cgroup-v2.rst, "Writeback"). Where the cgroup holds one row only, that is the row's own figure,
 * and a stronger one than what was dirtied meanwhile.
 */
import type { LedgerRow } from './ledger.ts';
import type { DiskActivity } from './samples.ts';

/** A shorter count says little of the window. */
const MIN_ELAPSED_MS = 500;
/** So much more than what the row was charged itself, and a cgroup has counted somebody else: who has gone, or was not looked at. */
const MOST_OF_CHARGE = 2;

export function measuredRows(rows: readonly LedgerRow[], activity: DiskActivity): LedgerRow[] {
  const diskBytesPerSecond = ((activity.readBytes + activity.writeBytes) * 1000) / activity.elapsedMs;
  if (diskBytesPerSecond <= 0) return [...rows];
  const paths = rows.flatMap(({ load }) => load.suspect?.cgroup?.path ?? []);
  // It counts what is below it as well.
  const isShared = (path: string): boolean =>
    paths.filter((other) => other === path || other.startsWith(`${path}/`)).length !== 1;
  const counted = rows.map((row): LedgerRow => {
    const { suspect } = row.load;
    const traffic = suspect?.cgroupTraffic?.find(({ number }) => number === activity.number);
    const path = suspect?.cgroup?.path;
    if (!traffic || path === undefined || isShared(path) || (traffic.elapsedMs ?? 0) < MIN_ELAPSED_MS) return row;
    const perSecond = (bytes: number): number => (bytes * 1000) / (traffic.elapsedMs as number);
    const counted = perSecond(traffic.readBytes + traffic.writtenBytes);
    if (counted > MOST_OF_CHARGE * chargedPerSecond(row)) return row;
    const share = Math.min(1, counted / diskBytesPerSecond);
    // A group may have members in other cgroups, of which this one says nothing.
    if (row.group && share < row.share / 2) return row;
    return {
      ...row,
      readBytesPerSecond: perSecond(traffic.readBytes),
      writeBytesPerSecond: perSecond(traffic.writtenBytes),
      share,
      isPlaced: true,
      ownPart: 1,
      countedBy: path,
    };
  });
  return withinOne(counted);
}

/** A single one's whole charge; of a group what of it is on this disk. */
const chargedPerSecond = ({ load, group, readBytesPerSecond, writeBytesPerSecond }: LedgerRow): number =>
  Math.max(readBytesPerSecond + writeBytesPerSecond, group ? 0 : load.read.bytesPerSecond + load.write.bytesPerSecond);

/** What was counted stands; what was inferred gives way. */
function withinOne(rows: readonly LedgerRow[]): LedgerRow[] {
  const sum = (some: readonly LedgerRow[]): number => some.reduce((total, { share }) => total + share, 0);
  const counted = sum(rows.filter(({ countedBy }) => countedBy !== undefined));
  const inferred = sum(rows) - counted;
  const countedScale = counted > 1 ? 1 / counted : 1;
  const inferredScale = inferred > 0 ? Math.min(1, Math.max(0, 1 - counted) / inferred) : 1;
  return rows
    .map((row) => ({ ...row, share: row.share * (row.countedBy === undefined ? inferredScale : countedScale) }))
    .sort((a, b) => b.share - a.share || a.load.process.pid - b.load.process.pid);
}
