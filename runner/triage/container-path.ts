/**
 * A path that a process in a container has open is that of its own mount table; the host knows the file by another. An overlay keeps
 * what is written below its upperdir (Documentation/filesystems/overlayfs.rst), while what is only read may lie in any layer; a bind mount shows a folder of a file system that
 * the host has mounted too (field 4 of mountinfo).
 */
import type { Mount } from '../proc/mountinfo.ts';
import type { FileUse } from './finding.ts';
import type { OpenFile, Suspect } from './samples.ts';

export function containerPath(
  { path, mountId, mode }: OpenFile,
  { cgroup }: Suspect,
  mounts: readonly Mount[],
): Pick<FileUse, 'inContainer' | 'hostPath'> {
  if (cgroup?.container === undefined) return {};
  const mount = mounts.find(({ id }) => id === mountId);
  const hostPath = mount && pathOnHost(path, mount, mounts, mode?.writes === true);
  return { inContainer: true, ...(hostPath !== undefined && { hostPath }) };
}

function pathOnHost(path: string, mount: Mount, mounts: readonly Mount[], isWritten: boolean): string | undefined {
  const within = below(path, mount.mountpoint);
  if (within === undefined) return undefined;
  if (mount.fsType === 'overlay') {
    const upper = /(?:^|,)upperdir=([^,]+)/.exec(mount.superOptions)?.[1];
    return upper === undefined || !isWritten ? undefined : `${upper}${within}`;
  }
  // The mount of the host that shows most of the same file system; the container's own is not one of them.
  const outer = mounts
    .filter(
      (other) => other.id !== mount.id && other.number === mount.number && below(mount.root, other.root) !== undefined,
    )
    .sort((a, b) => a.root.length - b.root.length)[0];
  if (!outer) return undefined;
  return `${outer.mountpoint === '/' ? '' : outer.mountpoint}${below(mount.root, outer.root)}${within}`;
}

/** The rest of the path, "/x" or empty; undefined where it is not below. */
function below(path: string, folder: string): string | undefined {
  if (folder === '/') return path === '/' ? '' : path;
  if (path === folder) return '';
  return path.startsWith(`${folder}/`) ? path.slice(folder.length) : undefined;
}
