/**
 * On which device a process's reads and writes go, from the files that it holds open. Knowing nothing is an answer: the ledger then
 * hands its load to whichever device has load that nobody else explains, and says that it did.
 */
import type { Mount } from '../proc/mountinfo.ts';
import type { DeviceTree } from './device-tree.ts';
import type { OpenFile, Suspect } from './samples.ts';

export type Direction = 'read' | 'write';

/** `weights` add up to 1 over whole devices. `among`: on one of these, unknown which. */
export type Placement =
  | { readonly how: 'files'; readonly weights: ReadonlyMap<string, number> }
  | { readonly how: 'among'; readonly devices: readonly string[] }
  | { readonly how: 'unknown' };

export interface PlacedFile {
  readonly file: OpenFile;
  /** The whole device below the file, NO_DEVICE where its file system stands on none, undefined where that is not known. */
  readonly device: string | undefined;
}

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
      const mount = mountOf(file, tree);
      return mount && MEMORY.test(mount.fsType) ? [] : [{ file, device: deviceOf(mount, tree) }];
    });
}

/** Kernels before 3.15 print no mnt_id: the longest mountpoint above the path then. */
const mountOf = (file: OpenFile, tree: DeviceTree): Mount | undefined =>
  file.mountId === undefined ? tree.mountOfPath(file.path) : tree.mountById(file.mountId);

function deviceOf(mount: Mount | undefined, tree: DeviceTree): string | undefined {
  if (mount && NETWORK.test(mount.fsType)) return NO_DEVICE;
  return mount && tree.ofMount(mount);
}

const serves = (file: OpenFile, direction: Direction): boolean =>
  file.mode === undefined || (direction === 'write' ? file.mode.writes : file.mode.reads);

/** How much of the direction's traffic is known to go through this file: bytes that its position moved, or calls seen in it. */
export function useOf(file: OpenFile, suspect: Suspect, direction: Direction): number {
  if (!serves(file, direction)) return 0;
  const inCalls = suspect.calls
    .filter(
      ({ value }) =>
        value.fd === file.fd && (value.kind === direction || (value.kind === 'sync' && direction === 'write')),
    )
    .reduce((sum, { count, value }) => sum + count * (value.lengthBytes ?? 4096), 0);
  // A position that moved in a file open both ways says nothing of the direction, but all of the place.
  return inCalls + (file.movedBytes ?? 0);
}

export function placementOf(suspect: Suspect, files: readonly PlacedFile[], direction: Direction): Placement {
  const weights = new Map<string, number>();
  for (const { file, device } of files) {
    if (device === undefined || !serves(file, direction)) continue;
    weights.set(device, (weights.get(device) ?? 0) + useOf(file, suspect, direction));
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const [only] = weights.keys();
  if (only !== undefined && weights.size === 1) return { how: 'files', weights: new Map([[only, 1]]) };
  if (total > 0)
    return { how: 'files', weights: new Map([...weights].map(([device, weight]) => [device, weight / total])) };
  return only === undefined ? { how: 'unknown' } : { how: 'among', devices: [...weights.keys()] };
}
