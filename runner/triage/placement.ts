/**
 * On which device a process's reads and writes go, from the files that it holds open. Knowing nothing is an answer: the ledger then
 * hands its load to whichever device has load that nobody else explains, and says that it did.
 */
import type { Mount } from '../proc/mountinfo.ts';
import type { BlockedCall } from '../proc/syscall.ts';
import type { DeviceTree } from './device-tree.ts';
import type { OpenFile, Suspect } from './samples.ts';

export type Direction = 'read' | 'write';

export interface Placement {
  /** 0..1 of the direction's bytes that the looks account for: positions that moved, calls that were met. */
  readonly seenPart: number;
  /** Where the seen part goes: adds up to 1 over whole devices, NO_DEVICE and UNKNOWN_DEVICE. Empty where nothing was seen. */
  readonly weights: ReadonlyMap<string, number>;
  /** Where the rest can go, by the files that are open for it and may carry more than was seen; empty where that is not known. */
  readonly devices: readonly string[];
}

export interface PlacedFile {
  readonly file: OpenFile;
  /** The whole device below the file; NO_DEVICE or UNKNOWN_DEVICE where there is none or it is not known. */
  readonly device: string;
}

/** A file on ZFS, or below a mount that the host did not list: on some disk, but which? */
export const UNKNOWN_DEVICE = '(unknown device)';
/** A file on a server: its bytes are charged to the process but load no disk of this host. */
export const NO_DEVICE = '(no block device)';
const NETWORK = /^(nfs|nfs4|cifs|smb3|ceph|9p|virtiofs|afs|glusterfs|lustre|fuse\..+)$/;
/** Nothing that goes there is charged as disk I/O, so a file there says nothing of where the charged bytes went. */
const MEMORY = /^(tmpfs|ramfs|devtmpfs|hugetlbfs|proc|sysfs|cgroup2?|debugfs|tracefs)$/;

/**
 * Regular files and block devices; sockets, pipes, /proc, /sys and character devices carry no disk I/O. What is in /dev and is no
 * block device that is known (kvm, fuse, kmsg, shm) does not say where the charged bytes went.
 */
export function placeFiles(suspect: Suspect, tree: DeviceTree): PlacedFile[] {
  return suspect.files
    .filter(({ path }) => path.startsWith('/') && !/^\/(proc|sys)(\/|$)/.test(path))
    .flatMap((file): PlacedFile[] => {
      // Before its mount is looked at: /dev itself is in memory, the disk behind the node is not.
      if (file.path.startsWith('/dev/')) {
        const device = tree.ofNode(file.path);
        return device === undefined ? [] : [{ file, device }];
      }
      if (file.device !== undefined) return [{ file, device: file.device }];
      const mount = mountOf(file, tree);
      return mount && MEMORY.test(mount.fsType) ? [] : [{ file, device: deviceOf(mount, tree) }];
    });
}

/** Kernels before 3.15 print no mnt_id: the longest mountpoint above the path then. */
const mountOf = (file: OpenFile, tree: DeviceTree): Mount | undefined =>
  file.mountId === undefined ? tree.mountOfPath(file.path) : tree.mountById(file.mountId);

function deviceOf(mount: Mount | undefined, tree: DeviceTree): string {
  if (mount && NETWORK.test(mount.fsType)) return NO_DEVICE;
  return (mount && tree.ofMount(mount)) ?? UNKNOWN_DEVICE;
}

const serves = (file: OpenFile, direction: Direction): boolean =>
  file.mode === undefined || (direction === 'write' ? file.mode.writes : file.mode.reads);

/** Calls of the direction that were met on this file. fsync and the like belong to the writes. */
const callsOn = (file: OpenFile, suspect: Suspect, direction: Direction) =>
  suspect.calls.filter(
    ({ value }) =>
      value.fd === file.fd && (value.kind === direction || (value.kind === 'sync' && direction === 'write')),
  );

/** Calls on files that can be on a disk, or on none in particular: what is read from a pipe or a socket says nothing of a disk. */
export function fileCalls(suspect: Suspect, files: readonly PlacedFile[]): Suspect['calls'] {
  const fds = new Set(files.map(({ file }) => file.fd));
  return suspect.calls.filter(({ value }) => value.kind !== 'other' && (value.fd === undefined || fds.has(value.fd)));
}

const SMALL_CALL_BYTES = 4096;

/** How much of the direction's traffic is known to go through this file, in bytes: for comparison between files only. */
export function useOf(file: OpenFile, suspect: Suspect, direction: Direction): number {
  if (!serves(file, direction)) return 0;
  // A position that moved in a file open both ways says nothing of the direction, but all of the place.
  let bytes = 0;
  for (const { count, value } of callsOn(file, suspect, direction)) {
    bytes += count * (value.lengthBytes ?? SMALL_CALL_BYTES);
  }
  return bytes + (file.movedBytes ?? 0);
}

/** Met in calls of the direction this often, a process is taken to work where it was met. */
const ENOUGH_CALLS = 3;
/** Positions are compared over a good half of the window only. */
const LOOKED_PART = 0.5;

/** `bytes`: what the process is charged for in this direction and window. */
export function placementOf(
  suspect: Suspect,
  files: readonly PlacedFile[],
  direction: Direction,
  bytes: number,
): Placement {
  const use = new Map<string, number>();
  const candidates = new Set<string>();
  let seenBytes = 0;
  let calls = 0;
  for (const { file, device } of files) {
    if (!serves(file, direction)) continue;
    use.set(device, (use.get(device) ?? 0) + useOf(file, suspect, direction));
    const met = callsOn(file, suspect, direction);
    seenBytes += file.movedBytes ?? 0;
    for (const { value } of met) seenBytes += value.lengthBytes ?? 0;
    if (isToldByPosition(file)) continue;
    candidates.add(device);
    for (const { count, value } of met) if (!isToldByLength(file, value)) calls += count;
  }
  const total = [...use.values()].reduce((sum, weight) => sum + weight, 0);
  const devices = [...candidates];
  if (total === 0)
    return withoutCalls(suspect, files, direction, bytes) ?? { seenPart: 0, weights: new Map(), devices };
  // Calls tell where its time goes, which is where its bytes go only if they can go nowhere else: on a slow disk a small fsync takes
  // all the time, while the bytes go to a fast one.
  const byCalls = devices.length === 1 ? calls / ENOUGH_CALLS : 0;
  const seenPart = Math.min(1, Math.max(byCalls, bytes > 0 ? seenBytes / (LOOKED_PART * bytes) : 1));
  return {
    seenPart,
    weights: new Map([...use].filter(([, weight]) => weight > 0).map(([device, weight]) => [device, weight / total])),
    devices,
  };
}

/**
 * What is submitted through a ring, io_submit() or a thread of its own, past the page cache: no call and no position tells of it. It was
 * charged to the process itself, which has files of that kind open on one device only, and no other way to be charged was seen.
 */
function withoutCalls(
  suspect: Suspect,
  files: readonly PlacedFile[],
  direction: Direction,
  bytes: number,
): Placement | undefined {
  const { spent } = suspect;
  const isOwn = spent?.childFaults === 0 && (spent.chargedBytes?.[direction] ?? 0) >= bytes * OWN_PART;
  const direct = files.filter(({ file }) => file.mode?.direct && serves(file, direction));
  const devices = [...new Set(direct.map(({ device }) => device))];
  const [device] = devices;
  if (!isOwn || device === undefined || devices.length > 1) return undefined;
  return { seenPart: 1, weights: new Map([[device, 1]]), devices };
}

/** Of the window's charge: the looks begin after two fifths of it. */
const OWN_PART = 0.25;

/**
 * A slow write() of a line is met in look after look. Where the position was watched, it and the length in flight have said all; of a
 * vector in flight the length is not known, but where the position moves, it moves by that.
 */
const isToldByLength = ({ movedBytes }: OpenFile, { name, lengthBytes }: BlockedCall): boolean =>
  /^(read|write)v?$/.test(name) && movedBytes !== undefined && (lengthBytes !== undefined || movedBytes > 0);

/**
 * A standard stream or a log (O_APPEND) is used with write() and read(), which move its position. Where that was watched, it tells
 * all that the file carries, and its disk is not to be blamed for the rest for being the only one with an open file.
 */
export const isToldByPosition = (file: OpenFile): boolean =>
  (file.fd <= 2 || file.mode?.append === true) && file.movedBytes !== undefined;
