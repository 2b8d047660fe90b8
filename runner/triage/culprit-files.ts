/** Which of its open files a culprit's load goes through. */
import type { Doing } from './activity.ts';
import { containerPath } from './container-path.ts';
import type { DiskContext } from './disk-context.ts';
import type { FileUse } from './finding.ts';
import type { LedgerRow } from './ledger.ts';
import { hasRing } from './looks.ts';
import { isToldByPosition, type PlacedFile, useOf } from './placement.ts';
import type { OpenFile, Suspect } from './samples.ts';
import { rounded } from './timeline.ts';

export const MAX_FILES = 5;

/**
 * Its files on this disk which fit what it does: those seen in use. Where most of its load was not seen there, those which may carry
 * it all the same: a log that took a line meanwhile is not among them.
 */
export function filesOf(row: LedgerRow, { devices, mounts = [] }: DiskContext, doing: Doing): FileUse[] {
  const { suspect } = row.load;
  if (!suspect) return [];
  const direction = doing.activity === 'read' ? 'read' : 'write';
  const onDisk = row.load.files.filter(
    ({ file, device }) =>
      devices.includes(device) && (!file.mode || (direction === 'write' ? file.mode.writes : file.mode.reads)),
  );
  // Who forces writes does it to the file that it was met with: a commit is a few bytes, and a table takes more meanwhile.
  const isForced = doing.activity === 'fsync' && onDisk.some(({ file }) => forcedLooks(file, suspect) > 0);
  const used = onDisk
    .map((placed) => ({
      placed,
      use: isForced ? forcedLooks(placed.file, suspect) : useOf(placed.file, suspect, direction),
    }))
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

const forcedLooks = ({ fd, mode }: OpenFile, { calls }: Suspect): number =>
  calls.reduce((sum, { count, value }) => {
    const forces = value.kind === 'sync' || (value.kind === 'write' && mode?.sync === true);
    return value.fd === fd && forces ? sum + count : sum;
  }, 0);

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
