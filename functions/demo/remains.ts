/**
 * What is there of a demo on this machine, found by the name of its folder alone: what is called after it, and what stands on that. So
 * neither a note that somebody has tampered with nor a number that was given away again can lead to anything else.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { findBlockGroups, limitFile, limitText } from './block-groups.ts';
import { mountsIn } from './mounts.ts';

export interface Remains {
  /** Programs that it has started: the writer, and what still attaches, formats or mounts where the demo itself was killed. */
  readonly processes: readonly number[];
  /** The control group of the writer. */
  readonly group?: string;
  /** A limit of that group: `text`, written to `file`, lifts it. */
  readonly limit?: { readonly file: string; readonly text: string };
  /** Where a loop device of the demo is mounted in its folder, the last one first. */
  readonly mountpoints: readonly string[];
  /** Where something else is mounted in it. */
  readonly foreign?: string;
  /** "/dev/loop3": what stands on another one first. */
  readonly loops: readonly string[];
  /** The folder, where it is there and ours. */
  readonly folder?: string;
}

export const imageIn = (folder: string): string => path.join(folder, 'load.img');
export const mountpointIn = (folder: string): string => path.join(folder, 'load');

/** What tells the programs of a demo from all others, in their environment: no process gets it from outside. */
export const markOf = (folder: string): Readonly<Record<string, string>> => ({ WHODISK_DEMO: path.basename(folder) });

/** @param folder of the demo: absolute, and called as no other is */
export function remainsOf(folder: string): Remains {
  // Before what they make: where there is none, nothing comes after what is read then.
  const processes = processesOf(folder);
  const loops = loopsOf(folder);
  const devices = loops.map(deviceNumber);
  const mountinfo = linesOf('/proc/self/mountinfo').join('\n');
  const mounts = mountsIn(folder, mountinfo);
  const foreign = mounts.find(({ device }) => !devices.includes(device))?.mountpoint;
  return {
    processes,
    ...groupOf(folder, mountinfo, devices),
    mountpoints: mounts.filter(({ device }) => devices.includes(device)).map(({ mountpoint }) => mountpoint),
    ...(foreign !== undefined && { foreign }),
    loops: loops.map((name) => `/dev/${name}`),
    ...(isOwnFolder(folder) && { folder }),
  };
}

/** The control group of a demo, whether it is there or not. */
export function groupPath(folder: string, root: string): string {
  return path.join(root, path.basename(folder));
}

function groupOf(folder: string, mountinfo: string, devices: readonly string[]): Pick<Remains, 'group' | 'limit'> {
  const groups = findBlockGroups(mountinfo);
  const group = groups && groupPath(folder, groups.root);
  if (groups === undefined || group === undefined || !existsSync(group)) return {};
  const file = path.join(group, limitFile(groups.version));
  const limits = linesOf(file);
  const limited = devices.find((device) => limits.some((line) => line.startsWith(`${device} `)));
  return {
    group,
    ...(limited !== undefined && { limit: { file, text: limitText(groups.version, limited, undefined) } }),
  };
}

/** Of this user: the environment of others cannot be read, or does not count. */
export function processesOf(folder: string): number[] {
  const marks = Object.entries(markOf(folder)).map((mark) => mark.join('='));
  return namesIn('/proc')
    .filter((name) => /^\d+$/u.test(name) && isOurs(`/proc/${name}`))
    .filter((pid) => marks.every((mark) => textOf(`/proc/${pid}/environ`).split('\0').includes(mark)))
    .map(Number);
}

/** "loop3": what stands on another one first. */
export function loopsOf(folder: string): string[] {
  const outer = loopsOn(imageIn(folder));
  return [...outer.flatMap((name) => loopsOn(`/dev/${name}`)), ...outer];
}

/** "loop3": those that stand on a file or a device; one that has been removed meanwhile counts (ABI/testing/sysfs-block-loop). */
function loopsOn(backing: string): string[] {
  return namesIn('/sys/block').filter((name) => {
    const [found] = linesOf(`/sys/block/${name}/loop/backing_file`);
    return found === backing || found === `${backing} (deleted)`;
  });
}

/** "7:3" of loop3. */
export function deviceNumber(name: string): string {
  return linesOf(`/sys/block/${name}/dev`)[0] ?? '';
}

/** Neither a link nor somebody else's, where it really is. */
function isOwnFolder(folder: string): boolean {
  try {
    return lstatSync(folder).isDirectory() && isOurs(folder) && realpathSync(folder) === folder;
  } catch {
    return false;
  }
}

function isOurs(folder: string): boolean {
  return lstatSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
}

const linesOf = (file: string): string[] => textOf(file).split('\n').filter(Boolean);

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
