/** /proc/PID/mountinfo (proc(5), Documentation/filesystems/proc.rst 3.5). */
export interface Mount {
  readonly id: number;
  /** MAJOR:MINOR of the file system; anonymous (0:N) for overlay, btrfs, ZFS, NFS and tmpfs. */
  readonly number: string;
  /** What of the file system is mounted here: not "/" for a bind mount. */
  readonly root: string;
  readonly mountpoint: string;
  readonly fsType: string;
  /** The device's path, a server's export, or a name without meaning, by file system. */
  readonly source: string;
  readonly superOptions: string;
}

/** The bundle sends at most 60; every one of them is compared with every device. */
const MAX_MOUNTS = 512;

/** Malformed lines are counted, never guessed at. */
export function parseMountinfo(text: string): { mounts: Mount[]; malformed: number } {
  const mounts: Mount[] = [];
  let malformed = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    // Optional fields stand between the options and a lone "-".
    const [before, after] = line.split(' - ', 2);
    const [id, , number, root, mountpoint] = before?.split(' ') ?? [];
    const [fsType, source, superOptions = ''] = after?.split(' ') ?? [];
    const whole = mountpoint !== undefined && root !== undefined && fsType !== undefined && source !== undefined;
    if (!whole || !/^\d{1,10}$/.test(id ?? '') || !/^\d+:\d+$/.test(number ?? '') || mounts.length >= MAX_MOUNTS) {
      malformed++;
      continue;
    }
    mounts.push({
      id: Number(id),
      number: number as string,
      root: unescapeOctal(root),
      mountpoint: unescapeOctal(mountpoint),
      fsType,
      source: unescapeOctal(source),
      superOptions,
    });
  }
  return { mounts, malformed };
}

/** Space, tab, newline and backslash are written \040 \011 \012 \134 (fs/proc_namespace.c, mangle). */
function unescapeOctal(text: string): string {
  return text.replace(/\\(040|011|012|134|043)/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
