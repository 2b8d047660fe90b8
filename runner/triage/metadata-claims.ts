/**
 * Who changes names and inodes in large numbers. No process is charged a byte for that: blocks of directories and inodes are dirtied
 * by the journal's thread and written by the kernel's (fs/jbd2/transaction.c, mm/page-writeback.c). What tells is the call in which
 * somebody is met, and that it is at work: whoever merely waits in one call for a slow disk uses no CPU.
 */
import { bareRow } from './bare-row.ts';
import type { DeviceTree } from './device-tree.ts';
import type { LedgerRow } from './ledger.ts';
import type { ProcessLoad } from './loads.ts';
import { isStream } from './placement.ts';
import type { Suspect } from './samples.ts';
import { inTimes } from './words.ts';

/** On a CPU between the first look and the last: tens of thousands of instructions for each name changed. */
const AT_WORK_MS = 30;
const HARD_AT_WORK_MS = 150;
const MIN_LOOKS = 2;
const MANY_LOOKS = 4;
/** Of all looks at it. */
const SOME_LOOKS = 0.25;
const MOST_LOOKS = 0.5;
/** Dozens of changes; whoever was held up in the few in which it was met needs a tenth of it. */
const SOME_WORK_MS = 2;

export interface MetadataPlace {
  readonly device: string;
  readonly devices: readonly string[];
  /** No other disk of the host is in trouble. */
  readonly only: boolean;
  /** No other one is of which bytes of processes explain less than half. */
  readonly onlyUnexplained: boolean;
  /** The part of the disk's load that can be of names: what it writes and is no bytes of processes, nor of a backlog. */
  readonly leftShare: number;
  /** It writes what a journal does, not the backlog of a writer that has gone. */
  readonly isOfJournal: boolean;
  /** What its journal, which names go through, says against that it is names. */
  readonly journalDoubt?: string | undefined;
}

export function metadataClaims(loads: readonly ProcessLoad[], tree: DeviceTree, place: MetadataPlace): LedgerRow[] {
  const found = loads.flatMap((load) => {
    const { suspect } = load;
    const looks = suspect ? metadataLooks(suspect) : 0;
    const workMs = suspect ? workMsOf(suspect) : 0;
    if (!suspect || !isAtWork(suspect, looks, workMs, place)) return [];
    const folder = suspect.workingDirectory;
    const where = whereabouts(load, folder, tree, place.devices);
    if (where !== 'here' && !mayBeHere(place)) return [];
    return [{ load, suspect, looks, workMs, where, folder }];
  });
  const all = found.reduce((sum, { looks }) => sum + looks, 0);
  return found
    .map(({ load, suspect, looks, workMs, where, folder }): LedgerRow => {
      const isHere = where === 'here';
      const seen = where === 'partly' ? 'not all that it has open is' : 'no file and no folder of its was seen';
      const share = (place.leftShare * looks) / all;
      const doubts = [
        workMs < HARD_AT_WORK_MS ? 'it used little CPU for a storm of such calls' : undefined,
        looks < 3 || looks < suspect.samples * MOST_LOOKS ? 'it was met in them too seldom' : undefined,
        share < 0.5 ? 'its share is small' : undefined,
        place.journalDoubt,
      ].filter((text) => text !== undefined);
      const names = [...new Set(suspect.calls.filter(({ value }) => isChange(value)).map(({ value }) => value.name))];
      return {
        ...bareRow(load),
        share,
        isPlaced: isHere,
        claim: {
          shareOf: 'operations',
          activity: 'metadata',
          confidence: isHere ? (doubts.length === 0 ? 'high' : 'medium') : 'low',
          lacks: isHere ? doubts : [`${seen} on ${place.device}: it may be at work elsewhere`, ...doubts],
          evidence: [
            `${names.slice(0, 3).join(', ')}() ${inTimes(looks)} in ${suspect.samples} looks, at work for ${Math.round(workMs)} ms of CPU between them (/proc/${suspect.pid}/syscall, ${suspect.ranMs === workMs ? 'schedstat' : 'stat'}): changes of names and inodes, which are charged to nobody`,
            ...(folder !== undefined && isHere
              ? [`its working directory is ${folder} (/proc/${suspect.pid}/cwd)`]
              : []),
          ],
          ...(folder !== undefined && isHere && { folder }),
        },
      };
    })
    .sort((a, b) => b.share - a.share);
}

/**
 * At work on a CPU; or, on a disk so slow that hardly any is needed, met in one changing call after another, while the disk writes what
 * a journal does.
 */
function isAtWork({ calls, samples }: Suspect, looks: number, workMs: number, { isOfJournal }: MetadataPlace): boolean {
  // Whoever computes and is held up in such a call now and then does nothing else but compute.
  if (looks < MIN_LOOKS || looks < samples * SOME_LOOKS) return false;
  if (workMs >= AT_WORK_MS) return true;
  const different = calls.filter(({ value }) => isChange(value)).length;
  return workMs >= SOME_WORK_MS && looks >= MANY_LOOKS && different >= 2 && isOfJournal;
}

/** Of all its threads in whole ticks (USER_HZ is 100), or of the first to the nanosecond: the larger, since either may miss some. */
const workMsOf = ({ spent, ranMs = 0 }: Suspect): number => Math.max((spent?.cpuTicks ?? 0) * 10, ranMs);

/** open() of a file that is there changes nothing. */
const isChange = ({ kind, creates }: Suspect['calls'][number]['value']): boolean =>
  kind === 'metadata' && creates !== false;

const metadataLooks = ({ calls }: Suspect): number =>
  calls.reduce((sum, { count, value }) => sum + (isChange(value) ? count : 0), 0);

/** Who is at work on no known disk. */
const mayBeHere = ({ only, onlyUnexplained, isOfJournal }: MetadataPlace): boolean =>
  only || (onlyUnexplained && isOfJournal);

/**
 * 'here': its folder and the files that it works on, its log apart, are on this disk; 'partly': not all of that; undefined: nothing of it
 * was seen here, but names may be anywhere.
 */
function whereabouts(
  { files }: ProcessLoad,
  folder: string | undefined,
  tree: DeviceTree,
  devices: readonly string[],
): 'here' | 'partly' | undefined {
  const mount = folder === undefined || folder === '/' ? undefined : tree.mountOfPath(folder);
  const ofFolder = mount && tree.ofMount(mount);
  const ofWork = [
    ...(ofFolder === undefined ? [] : [ofFolder]),
    ...files.flatMap(({ file, device }) => (isStream(file) ? [] : [device])),
  ];
  const isHere = (device: string): boolean => devices.includes(device);
  if (ofWork.length > 0 && ofWork.every(isHere)) return 'here';
  return ofWork.some(isHere) || files.some(({ device }) => isHere(device)) ? 'partly' : undefined;
}
