/** What a process does to a disk, how big one request of its is, and in which call it was met. */
import type { Activity } from './finding.ts';
import type { LedgerRow } from './ledger.ts';
import { hasRing } from './looks.ts';
import { fileCalls } from './placement.ts';
import type { Suspect } from './samples.ts';

export interface Doing {
  readonly activity: Activity;
  /** Bytes that one call asks for: seen in flight, else the average of the window. */
  readonly ioSizeBytes?: number;
  /** It moves bytes that no call of its own accounts for. */
  readonly isUnseen?: boolean;
}

const SMALL_WRITE_BYTES = 64 * 1024;

export function doingOf(row: LedgerRow): Doing {
  const { process, directWrites } = row.load;
  const { readBytesPerSecond: reads, writeBytesPerSecond: writes } = row;
  const io = process.io;
  const calls = row.load.suspect ? fileCalls(row.load.suspect, row.load.files) : [];
  const readPart = reads / (reads + writes);
  const average = (bytes: number, calls: number): number | undefined =>
    calls > 0 && bytes > 0 ? bytes / calls : undefined;
  // Where the calls do not account for the bytes, their average says nothing of the disk's.
  const writtenByCall = io !== undefined && io.writtenChars >= io.writtenBytes / 2;
  const readByCall = io !== undefined && io.readChars >= io.readBytes / 2;
  const averageWrite = io && writtenByCall ? average(io.writtenChars, io.writeCalls) : undefined;
  const averageRead = io && readByCall ? average(io.readChars, io.readCalls) : undefined;

  const doing = (activity: Activity, kind: 'read' | 'write', computed: number | undefined): Doing => {
    const seen = seenSize(calls, kind);
    const ioSizeBytes = seen ?? computed;
    return {
      activity,
      ...(ioSizeBytes !== undefined && { ioSizeBytes: Math.round(ioSizeBytes) }),
      ...(io !== undefined &&
        seen === undefined &&
        !(kind === 'read' ? readByCall : writtenByCall) && { isUnseen: true }),
    };
  };
  if (readPart >= 0.8) return doing('read', 'read', averageRead);
  if (readPart > 0.2) return doing('mixed', 'write', averageWrite);
  if (mostlySyncs(calls) && (averageWrite ?? 0) < SMALL_WRITE_BYTES) return doing('fsync', 'write', averageWrite);
  if (directWrites) return doing('direct-write', 'write', averageWrite);
  if (row.load.suspect && hasRing(row.load.suspect)) return doing('buffered-write', 'write', averageWrite);
  // Dirtied pages without write() calls of that size; a call still in flight is charged before it is counted, so look for one.
  const writesByCall =
    io === undefined || io.writtenChars >= io.writtenBytes / 10 || seenSize(calls, 'write') !== undefined;
  return writesByCall ? doing('buffered-write', 'write', averageWrite) : { activity: 'mmap' };
}

/** The length that accounts for most of what was seen in flight. */
function seenSize(calls: Suspect['calls'], kind: 'read' | 'write'): number | undefined {
  const weights = new Map<number, number>();
  for (const { count, value } of calls) {
    if (value.kind !== kind || value.lengthBytes === undefined || value.lengthBytes === 0) continue;
    weights.set(value.lengthBytes, (weights.get(value.lengthBytes) ?? 0) + count * value.lengthBytes);
  }
  return [...weights].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function mostlySyncs(calls: Suspect['calls']): boolean {
  const count = (kinds: readonly string[]): number =>
    calls.filter(({ value }) => kinds.includes(value.kind)).reduce((sum, call) => sum + call.count, 0);
  const syncs = count(['sync']);
  return syncs > 0 && syncs >= count(['read', 'write']);
}
