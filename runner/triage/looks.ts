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
  /** A member of a family that was looked at closely shows what the others do: the one with files on a disk first. */
  among(pids: readonly number[]): Look | undefined;
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
    among: (pids) => {
      const members = looks.filter(({ suspect }) => pids.includes(suspect.pid));
      return members.find(hasFilesInUse) ?? members[0];
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
export function isIdle(process: ProcessActivity, { suspect, files }: Look): boolean {
  // A ring of io_uring is no file, but what waits in it may be for one.
  const works = fileCalls(suspect, files).length > 0 || suspect.calls.some(({ value }) => value.kind === 'io-submit');
  return suspect.samples >= ENOUGH_LOOKS && process.blockedSamples === 0 && suspect.blockedThreads === 0 && !works;
}

export function writesDirectly({ suspect, files }: Look): boolean {
  const writable = files.filter(({ file }) => file.mode?.writes);
  const used = writable.filter(({ file }) => useOf(file, suspect, 'write') > 0);
  const relevant = used.length > 0 ? used : writable;
  return relevant.length > 0 && relevant.every(({ file }) => file.mode?.direct);
}
