/** What `whodisk demo --load` needs of a machine, looked at before anything is made. */
import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { findBlockGroups, groupsProblem } from './block-groups.ts';

/** Of the image, which is sparse: at most this much of it is ever written. */
export const IMAGE_BYTES = 128 * 1024 * 1024;

const PROGRAMS = [
  { program: 'losetup', debian: 'mount' },
  { program: 'mount', debian: 'mount' },
  { program: 'umount', debian: 'mount' },
  { program: 'mkfs.ext4', debian: 'e2fsprogs' },
] as const;

/** A user's PATH often lacks the folders where losetup is. What it says of the working folder is not for root to run. */
export function programPath(path: string | undefined): string {
  return [
    ...(path ?? '').split(delimiter).filter((folder) => isAbsolute(folder)),
    '/usr/sbin',
    '/usr/bin',
    '/sbin',
    '/bin',
  ].join(delimiter);
}

/**
 * Why no load can be made here, each with what to do; none where it can.
 *
 * @param given.parent where the folder of the demo will be
 * @param given.path as PATH has it
 */
export function loadProblems(given: {
  readonly platform: string;
  readonly uid: number | undefined;
  readonly parent: string;
  readonly path: string;
}): string[] {
  if (given.platform !== 'linux') {
    return [`it saturates a loop device of Linux, and this machine runs ${given.platform}: leave --load out`];
  }
  if (given.uid !== 0) {
    return ['only root may make a disk and a control group that limits it: run it with sudo, or leave --load out'];
  }
  const { path, parent } = given;
  const missing = PROGRAMS.filter(({ program }) => !isProgram(program, path));
  const packages = [...new Set(missing.map(({ debian }) => debian))].join(' ');
  const groups = groupsProblem(findBlockGroups(mountinfo()));
  const space = spaceProblem(parent);
  return [
    ...(missing.length === 0
      ? []
      : [`there is no ${missing.map(({ program }) => program).join(', ')} here: apt-get install ${packages}`]),
    ...(mayUse('/dev/loop-control')
      ? []
      : [
          'there are no loop devices here (/dev/loop-control): modprobe loop; a container has them only if it is privileged',
        ]),
    ...(groups === undefined ? [] : [groups]),
    ...(space === undefined ? [] : [space]),
  ];
}

/** Where there is no /proc there are no control groups to be found either. */
function mountinfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}

function spaceProblem(parent: string): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(parent);
    if (bavail * bsize >= 2 * IMAGE_BYTES) return undefined;
    return `${parent} has no 256 MB left for the disk: name another folder with TMPDIR=DIR`;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `the disk has no place (${message}): name another folder with TMPDIR=DIR`;
  }
}

function isProgram(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function mayUse(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
