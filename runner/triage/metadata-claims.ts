/**
 * Who changes names and inodes in large numbers. No process is charged a byte for that: blocks of directories and inodes are dirtied
 * by the journal's thread and written by the kernel's (fs/jbd2/transaction.c, mm/page-writeback.c). What tells is the call in which
 * somebody is met, and that it is at work: whoever merely waits in one call for a slow disk uses no CPU.
 */
import { bareRow } from './bare-row.ts';
import type { DeviceTree } from './device-tree.ts';
import type { LedgerRow } from './ledger.ts';
import type { ProcessLoad } from './loads.ts';
import type { Suspect } from './samples.ts';

/** Hundredths of a second on a CPU between the first look and the last: tens of thousands of instructions for each name changed. */
const AT_WORK_TICKS = 3;
const HARD_AT_WORK_TICKS = 15;
const MIN_LOOKS = 2;
const MANY_LOOKS = 4;
const SMALL_WRITE_BYTES = 128 * 1024;

export interface MetadataPlace {
  readonly device: string;
  readonly devices: readonly string[];
  /** No other disk of the host is in trouble. */
  readonly only: boolean;
  /** The part of the disk's load that is known to be bytes of processes. */
  readonly explainedShare: number;
  readonly meanWriteBytes: number;
}

export function metadataClaims(loads: readonly ProcessLoad[], tree: DeviceTree, place: MetadataPlace): LedgerRow[] {
  const found = loads.flatMap((load) => {
    const { suspect } = load;
    const looks = suspect ? metadataLooks(suspect) : 0;
    const ticks = suspect?.spent?.cpuTicks ?? 0;
    if (!suspect || !isAtWork(suspect, looks, ticks, place)) return [];
    const folder = suspect.workingDirectory;
    const isHere = whereabouts(load, folder, tree, place.devices);
    if (isHere === false || (isHere === undefined && !place.only)) return [];
    return [{ load, suspect, looks, ticks, isHere: isHere === true, folder }];
  });
  const all = found.reduce((sum, { looks }) => sum + looks, 0);
  return found
    .map(({ load, suspect, looks, ticks, isHere, folder }): LedgerRow => {
      const share = ((1 - place.explainedShare) * looks) / all;
      const names = [...new Set(suspect.calls.filter(({ value }) => isChange(value)).map(({ value }) => value.name))];
      return {
        ...bareRow(load),
        share,
        isPlaced: isHere,
        claim: {
          shareOf: 'operations',
          activity: 'metadata',
          confidence:
            isHere && ticks >= HARD_AT_WORK_TICKS && looks >= 3 && share >= 0.5 ? 'high' : isHere ? 'medium' : 'low',
          evidence: [
            `${names.slice(0, 3).join(', ')}() ${looks} times in ${suspect.samples} looks, at work for ${ticks * 10} ms of CPU between them (/proc/${suspect.pid}/syscall, stat): changes of names and inodes, which are charged to nobody`,
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
 * a journal does: small blocks, not the backlog of a writer that has gone.
 */
function isAtWork({ calls }: Suspect, looks: number, ticks: number, { meanWriteBytes }: MetadataPlace): boolean {
  if (looks < MIN_LOOKS) return false;
  if (ticks >= AT_WORK_TICKS) return true;
  const different = calls.filter(({ value }) => isChange(value)).length;
  return ticks > 0 && looks >= MANY_LOOKS && different >= 2 && meanWriteBytes <= SMALL_WRITE_BYTES;
}

/** open() of a file that is there changes nothing. */
const isChange = ({ kind, creates }: Suspect['calls'][number]['value']): boolean =>
  kind === 'metadata' && creates !== false;

const metadataLooks = ({ calls }: Suspect): number =>
  calls.reduce((sum, { count, value }) => sum + (isChange(value) ? count : 0), 0);

/** true: its folder or an open file is on this disk; false: all that is known of it is elsewhere; undefined: nothing tells. */
function whereabouts(
  { files }: ProcessLoad,
  folder: string | undefined,
  tree: DeviceTree,
  devices: readonly string[],
): boolean | undefined {
  const mount = folder === undefined || folder === '/' ? undefined : tree.mountOfPath(folder);
  const ofFolder = mount && tree.ofMount(mount);
  const places = [...(ofFolder === undefined ? [] : [ofFolder]), ...files.map(({ device }) => device)];
  if (places.some((device) => devices.includes(device))) return true;
  return undefined;
}
