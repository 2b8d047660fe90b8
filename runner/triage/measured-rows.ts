/**
 * Rows that a cgroup has counted: io.stat of version 2 charges buffered writes to the owner of the pages, device by device, when they
 * are written (Documentation/admin-guide/cgroup-v2.rst, "Writeback"). Where the cgroup holds one row only, that is the row's own figure,
 * and a stronger one than what was dirtied meanwhile.
 */
import type { LedgerRow } from './ledger.ts';
import type { DiskActivity } from './samples.ts';

/** A shorter count says little of the window. */
const MIN_ELAPSED_MS = 500;

export function measuredRows(rows: readonly LedgerRow[], activity: DiskActivity): LedgerRow[] {
  const diskBytesPerSecond = ((activity.readBytes + activity.writeBytes) * 1000) / activity.elapsedMs;
  if (diskBytesPerSecond <= 0) return [...rows];
  const users = new Map<string, number>();
  for (const { load } of rows) {
    const path = load.suspect?.cgroup?.path;
    if (path !== undefined) users.set(path, (users.get(path) ?? 0) + 1);
  }
  const counted = rows.map((row): LedgerRow => {
    const { suspect } = row.load;
    const traffic = suspect?.cgroupTraffic?.find(({ number }) => number === activity.number);
    const path = suspect?.cgroup?.path;
    if (!traffic || path === undefined || users.get(path) !== 1 || (traffic.elapsedMs ?? 0) < MIN_ELAPSED_MS)
      return row;
    const perSecond = (bytes: number): number => (bytes * 1000) / (traffic.elapsedMs as number);
    const share = Math.min(1, perSecond(traffic.readBytes + traffic.writtenBytes) / diskBytesPerSecond);
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
