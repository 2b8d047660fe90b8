/** Where this machine keeps the control groups that limit I/O: cgroup v1 blkio or cgroup v2 io. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellWord } from '../../runner/ssh/shell-word.ts';
import { mountsOf } from './mounts.ts';

export interface BlockGroups {
  readonly version: 1 | 2;
  /** Where the hierarchy is mounted; a group is a folder in it. */
  readonly root: string;
}

/** Where they are, usable or not. Documentation/admin-guide/cgroup-v1/blkio-controller.rst and cgroup-v2.rst. */
export function findBlockGroups(mountinfo: string): BlockGroups | undefined {
  const mounts = mountsOf(mountinfo);
  // Where both are mounted the controller is in one of them only.
  const first = mounts.find(({ type, options }) => type === 'cgroup' && options.includes('blkio'));
  if (first !== undefined) return { version: 1, root: first.mountpoint };
  const second = mounts.find(({ type }) => type === 'cgroup2');
  return second && { version: 2, root: second.mountpoint };
}

/** Why no group can be made that limits I/O, and what to do; undefined where one can. */
export function groupsProblem(groups: BlockGroups | undefined): string | undefined {
  if (groups === undefined) return NO_LIMITS;
  const { version, root } = groups;
  const controlled = version === 1 ? existsSync(join(root, limitFile(1))) : hasIo(root, 'cgroup.controllers');
  if (!controlled) return NO_LIMITS;
  if (!isWritable(root)) {
    return `no control group can be made in ${root}: try it on the machine itself, or in a container that is privileged`;
  }
  // Switching it on is a change to all of the machine, which is not the demo's to make.
  if (version === 1 || hasIo(root, 'cgroup.subtree_control')) return undefined;
  const file = join(root, 'cgroup.subtree_control');
  return `control groups do not limit I/O here until you switch it on: echo +io > ${shellWord(file)}`;
}

/** The file of a group that limits what its processes write to a device. */
export function limitFile(version: 1 | 2): string {
  return version === 1 ? 'blkio.throttle.write_bps_device' : 'io.max';
}

/**
 * What is written to it.
 *
 * @param device "7:3"
 * @param bytesPerSecond undefined: no limit
 */
export function limitText(version: 1 | 2, device: string, bytesPerSecond: number | undefined): string {
  return version === 1 ? `${device} ${bytesPerSecond ?? 0}` : `${device} wbps=${bytesPerSecond ?? 'max'}`;
}

const NO_LIMITS =
  'this kernel has no control groups that limit I/O (blkio of cgroup v1, or io of cgroup v2): try another machine';

function hasIo(root: string, file: string): boolean {
  try {
    return readFileSync(join(root, file), 'latin1').trim().split(' ').includes('io');
  } catch {
    return false;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
