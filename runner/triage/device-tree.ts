/**
 * Which block device stands on which, and on which one a file lives. A whole device is a disk or a dm, md or loop layer; partitions
 * count as the disk that they are cut from.
 */
import type { Mount } from '../proc/mountinfo.ts';
import type { BlockDevice } from '../proc/sys-block.ts';

export interface DeviceTree {
  /** The whole device that a partition belongs to, or the name itself. */
  wholeDevice(name: string): string;
  /** MAJOR:MINOR → whole device. */
  byNumber(number: string): string | undefined;
  /** The whole device below a mounted file system; undefined for memory, network and pseudo file systems. */
  ofMount(mount: Mount): string | undefined;
  /** The whole device that a node in /dev stands for; undefined where it is none that is known. */
  ofNode(path: string): string | undefined;
  /** The mount that holds a path: the longest mountpoint above it. */
  mountOfPath(path: string): Mount | undefined;
  /** What a device stands on, all the way down, without itself. */
  below(name: string): string[];
  /** What stands on a device, without itself. */
  above(name: string): string[];
  mountById(id: number): Mount | undefined;
  /** Where file systems of this very device are mounted. */
  mountpoints(name: string): string[];
}

/** The form with "p" first: the other one fits nvme0n1p1 too. */
const PARTITION = /^(.*\d)p\d+$|^(.*\D)\d+$/;
const MAX_DEPTH = 8;

/** `numbers`: MAJOR:MINOR → kernel name, of every line of /proc/diskstats. */
export function deviceTree(
  blocks: readonly BlockDevice[],
  mounts: readonly Mount[],
  numbers: ReadonlyMap<string, string>,
): DeviceTree {
  const whole = new Map(blocks.map((block) => [block.name, block]));
  const names = new Map(numbers);
  const parent = new Map<string, string>();
  for (const block of blocks) {
    if (block.number !== undefined) names.set(block.number, block.name);
    for (const [partition, number] of block.partitions) {
      parent.set(partition, block.name);
      names.set(number, partition);
    }
  }
  const allNames = new Set([...names.values(), ...whole.keys()]);
  const wholeDevice = (name: string): string => {
    const known = parent.get(name);
    if (known !== undefined || whole.has(name)) return known ?? name;
    // Where /sys/block could not be read: sda1, but nvme0n1p1 and loop1p1.
    const [, numbered, plain] = PARTITION.exec(name) ?? [];
    const disk = numbered ?? plain;
    return disk !== undefined && allNames.has(disk) ? disk : name;
  };
  const byNumber = (number: string): string | undefined => {
    const name = names.get(number);
    return name === undefined ? undefined : wholeDevice(name);
  };
  const ofNode = (path: string): string | undefined => {
    const node = /^\/dev\/(?:mapper\/)?(.+)$/.exec(path)?.[1];
    const name = node === undefined ? undefined : (blocks.find((block) => block.dmName === node)?.name ?? node);
    return name !== undefined && allNames.has(name) ? wholeDevice(name) : undefined;
  };
  const mountOfPath = (path: string, except?: Mount): Mount | undefined => {
    const above = mounts.filter(
      (mount) =>
        mount !== except &&
        (mount.mountpoint === '/' || path === mount.mountpoint || path.startsWith(`${mount.mountpoint}/`)),
    );
    // Of several with one name the first listed: a container's "/" comes behind the host's own.
    return above.sort((a, b) => b.mountpoint.length - a.mountpoint.length)[0];
  };
  // A host may list many mounts and layers: each question is answered once.
  const deviceOfMount = new Map<Mount, string | undefined>();
  const ofMount = (mount: Mount, depth = 0): string | undefined => {
    if (!deviceOfMount.has(mount)) deviceOfMount.set(mount, findDevice(mount, depth));
    return deviceOfMount.get(mount);
  };
  const findDevice = (mount: Mount, depth: number): string | undefined => {
    if (!mount.number.startsWith('0:')) return byNumber(mount.number);
    const upper = /(?:^|,)upperdir=([^,]+)/.exec(mount.superOptions)?.[1];
    if (mount.fsType === 'overlay' && upper !== undefined && depth < MAX_DEPTH) {
      const below = mountOfPath(upper, mount);
      return below && ofMount(below, depth + 1);
    }
    // btrfs and ZFS have anonymous numbers; btrfs at least names one of its devices.
    return ofNode(mount.source);
  };
  const directlyBelow = (name: string): string[] => {
    const block = whole.get(name);
    if (!block) return [];
    const backing = block.backingFile?.replace(/ \(deleted\)$/, '');
    const mount = backing === undefined ? undefined : mountOfPath(backing);
    const holder = mount && ofMount(mount);
    return [...block.slaves.map(wholeDevice), ...(holder !== undefined && holder !== name ? [holder] : [])];
  };
  const directlyBelowOf = new Map<string, string[]>();
  const directly = (name: string): string[] => {
    const known = directlyBelowOf.get(name) ?? directlyBelow(name);
    directlyBelowOf.set(name, known);
    return known;
  };
  const allBelow = new Map<string, string[]>();
  const below = (name: string): string[] => {
    const known = allBelow.get(name);
    if (known) return known;
    const found = new Set<string>();
    const visit = (device: string, depth: number): void => {
      for (const lower of directly(device)) {
        if (lower === name || found.has(lower) || depth > MAX_DEPTH) continue;
        found.add(lower);
        visit(lower, depth + 1);
      }
    };
    visit(name, 0);
    const list = [...found];
    allBelow.set(name, list);
    return list;
  };

  const aboveOf = new Map<string, string[]>();
  for (const device of whole.keys()) {
    for (const lower of below(device)) aboveOf.set(lower, [...(aboveOf.get(lower) ?? []), device]);
  }
  return {
    wholeDevice,
    byNumber,
    ofMount: (mount) => ofMount(mount),
    ofNode,
    mountOfPath: (path) => mountOfPath(path),
    below,
    above: (name) => aboveOf.get(name) ?? [],
    mountById: (id) => mounts.find((mount) => mount.id === id),
    mountpoints: (name) => [
      // An overlay only stands on one of them, and a container's "/" is none of the host's.
      ...new Set(
        mounts
          .filter((mount) => mount.fsType !== 'overlay' && ofMount(mount) === name)
          .map((mount) => mount.mountpoint),
      ),
    ],
  };
}
