/** Processes that were looked at closely: which look is whose, and what it says of a process as a whole. */
import type { DeviceTree } from './device-tree.ts';
import { fileCalls, type PlacedFile, placeFiles, useOf } from './placement.ts';
import type { ProcessActivity, Suspect } from './samples.ts';

/** What was seen of a process, and where its files are. */
export interface Look {
  readonly suspect: Suspect;
  readonly files: readonly PlacedFile[];
}

export interface Looks {
  at(process: ProcessActivity): Look | undefined;
  /** One of a family that was looked at closely shows what the others do: the one with files on a disk first. */
  among(members: readonly ProcessActivity[]): Look | undefined;
}

export function looksOf(suspects: readonly Suspect[], tree: DeviceTree): Looks {
  const looks: Look[] = [];
  const byPid = new Map<number, Look[]>();
  for (const suspect of suspects) {
    const look = { suspect, files: placeFiles(suspect, tree) };
    const ofPid = byPid.get(suspect.pid);
    looks.push(look);
    if (ofPid) ofPid.push(look);
    else byPid.set(suspect.pid, [look]);
  }
  return {
    at: (process) => byPid.get(process.pid)?.find(({ suspect }) => isOf(suspect, process)),
    among: (members) => {
      const seen = looks.filter(({ suspect }) => members.some((member) => isOf(suspect, member)));
      return seen.find(hasFilesInUse) ?? seen[0];
    },
  };
}

const hasFilesInUse = ({ suspect, files }: Look): boolean =>
  files.some(({ file }) => useOf(file, suspect, 'read') + useOf(file, suspect, 'write') > 0);

/** Another process may have got the number meanwhile: pid and start name a process. */
export const suspectOf = (process: ProcessActivity, suspects: readonly Suspect[]): Suspect | undefined =>
  suspects.find((suspect) => isOf(suspect, process));

const isOf = (suspect: Suspect, { pid, startTicks }: ProcessActivity): boolean =>
  suspect.pid === pid && (startTicks ?? suspect.startTicks) === suspect.startTicks;

/** Fewer looks than this may all have missed it. */
const ENOUGH_LOOKS = 4;

/** On a saturated disk whoever loads it is sooner or later met blocked, or in a call on a file. */
export function isIdle(process: ProcessActivity, look: Look): boolean {
  const { suspect, files } = look;
  // A ring of io_uring is no file, but what waits in it may be for one.
  const works = fileCalls(suspect, files).length > 0 || suspect.calls.some(({ value }) => value.kind === 'io-submit');
  const waits = process.blockedSamples > 0 || suspect.blockedThreads > 0;
  return suspect.samples >= ENOUGH_LOOKS && !waits && !works && !isChargedItself(suspect) && !mayBeAsynchronous(look);
}

/** Less than this may be a line in a log. */
const MUCH_BYTES = 1024 * 1024;

/** What it was charged while it was looked at cannot be a child's: it reaped none meanwhile. */
export function isChargedItself({ spent }: Suspect): boolean {
  if (spent?.chargedBytes === undefined || spent.childFaults !== 0) return false;
  return spent.chargedBytes.read + spent.chargedBytes.write >= MUCH_BYTES;
}

/**
 * Whoever submits and comes back later for the answers waits for nothing: it sleeps, or reads the ring in its own memory. It has the
 * files open without the page cache, or a ring, and reaped nobody. (io_submit(2), io_uring(7))
 */
export function mayBeAsynchronous({ suspect, files }: Look): boolean {
  if (suspect.spent === undefined || suspect.spent.childCpuTicks > 0 || (suspect.spent.childFaults ?? 0) > 0)
    return false;
  return hasRing(suspect) || files.some(({ file }) => file.mode?.direct);
}

export const hasRing = ({ files }: Suspect): boolean => files.some(({ path }) => /^anon_inode:.*io_uring/.test(path));

export function writesDirectly({ suspect, files }: Look): boolean {
  const writable = files.filter(({ file }) => file.mode?.writes);
  const used = writable.filter(({ file }) => useOf(file, suspect, 'write') > 0);
  // Where no file was seen in use, a ring or io_submit() works on those past the page cache: a log is beside them.
  const direct = writable.filter(({ file }) => file.mode?.direct);
  const relevant = used.length > 0 ? used : direct.length > 0 ? direct : writable;
  return relevant.length > 0 && relevant.every(({ file }) => file.mode?.direct);
}
