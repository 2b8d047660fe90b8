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

/** Calls of one length, were all of the window's such, carry less than this of the bytes: others do. */
const CARRIED_PART = 0.1;

/** What was counted of calls in a direction and window: how many, and the bytes that they moved, from and to the cache too. */
export interface Counted {
  readonly calls: number;
  readonly chars: number;
}

/** More of a file than this was moved, and most of it was in memory already. */
const CACHED_FACTOR = 2;

/** `bytes`: what the process is charged for in this direction and window; `counted` where it is known. */
export function placementOf(
  suspect: Suspect,
  files: readonly PlacedFile[],
  direction: Direction,
  bytes: number,
  counted?: Counted,
): Placement {
  const use = new Map<string, number>();
  const serving = files.filter(({ file }) => serves(file, direction));
  const devices = [...new Set(serving.flatMap(({ file, device }) => (isToldByPosition(file) ? [] : [device])))];
  // A call in flight is not counted yet.
  const carries = ({ lengthBytes }: BlockedCall): boolean =>
    lengthBytes === undefined || !counted?.calls || lengthBytes * (counted.calls + 1) >= bytes * CARRIED_PART;
  let seenBytes = 0;
  let calls = 0;
  for (const { file, device } of serving) {
    // A position that the other direction, or what is cached, may have moved tells of the place only where there is no other.
    const isOfBoth = file.mode?.reads === true && file.mode.writes;
    const isCached = (file.movedBytes ?? 0) > bytes * CACHED_FACTOR;
    const movedBytes = devices.length > 1 && (isOfBoth || isCached) ? 0 : (file.movedBytes ?? 0);
    const used = useOf(file, suspect, direction) - (file.movedBytes ?? 0) + movedBytes;
    use.set(device, (use.get(device) ?? 0) + used);
    const met = callsOn(file, suspect, direction);
    seenBytes += movedBytes;
    for (const { value } of met) seenBytes += value.lengthBytes ?? 0;
    if (isToldByPosition(file)) continue;
    for (const { count, value } of met) if (!isToldByLength(file, value) && carries(value)) calls += count;
  }
  const total = [...use.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0)
    return (
      withoutCalls(suspect, serving, direction, { bytes, chars: counted?.chars ?? 0 }, devices) ?? {
        seenPart: 0,
        weights: new Map(),
        devices,
      }
    );
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
 * charged to the process itself, which has files of that kind open on one device only, and no other way to be charged was seen: no file
 * on another device that may carry it through the cache, and no calls that account for it. `devices`: those of all files that may.
 */
function withoutCalls(
  suspect: Suspect,
  files: readonly PlacedFile[],
  direction: Direction,
  { bytes, chars }: { readonly bytes: number; readonly chars: number },
  devices: readonly string[],
): Placement | undefined {
  if (chars >= bytes * BY_CALLS) return undefined;
  const { spent } = suspect;
  const isOwn = spent?.childFaults === 0 && (spent.chargedBytes?.[direction] ?? 0) >= bytes * OWN_PART;
  const direct = files.filter(({ file }) => file.mode?.direct);
  const device = direct[0]?.device;
  const isOneDevice = [...devices, ...direct.map((placed) => placed.device)].every((other) => other === device);
  if (!isOwn || device === undefined || !isOneDevice) return undefined;
  return { seenPart: 1, weights: new Map([[device, 1]]), devices };
}

/** Of what it is charged: whoever moved that with calls was not unseen for being asynchronous. */
const BY_CALLS = 0.5;

/** Of the window's charge: the looks begin after two fifths of it. */
const OWN_PART = 0.25;

/**
 * A slow write() of a line is met in look after look. Where the position was watched, it and the length in flight have said all; of a
 * vector in flight the length is not known, but where the position moves, it moves by that. An fsync() of a file whose position moves
 * adds nothing to what was written to it.
 */
const isToldByLength = ({ movedBytes }: OpenFile, { name, kind, lengthBytes }: BlockedCall): boolean =>
  movedBytes !== undefined &&
  ((/^(read|write)v?$/.test(name) && (lengthBytes !== undefined || movedBytes > 0)) ||
    (kind === 'sync' && movedBytes > 0));

/**
 * A standard stream or a log (O_APPEND) is used with write() and read(), which move its position. Where that was watched, it tells
 * all that the file carries, and its disk is not to be blamed for the rest for being the only one with an open file.
 */
export const isToldByPosition = (file: OpenFile): boolean => isStream(file) && file.movedBytes !== undefined;

/** Beside what somebody works on: where it is says nothing of where that is. */
export const isStream = ({ fd, mode }: OpenFile): boolean => fd <= 2 || mode?.append === true;
