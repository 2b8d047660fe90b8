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
    const halves = line.split(' - ', 2);
    const fields = (halves[0] as string).split(' ');
    const kind = halves[1]?.split(' ') ?? [];
    const isWhole = fields.length >= 5 && kind.length >= 2;
    if (
      !isWhole ||
      !/^\d{1,10}$/.test(fields[0] as string) ||
      !/^\d+:\d+$/.test(fields[2] as string) ||
      mounts.length >= MAX_MOUNTS
    ) {
      malformed++;
      continue;
    }
    mounts.push({
      id: Number(fields[0]),
      number: fields[2] as string,
      root: unescapeOctal(fields[3] as string),
      mountpoint: unescapeOctal(fields[4] as string),
      fsType: kind[0] as string,
      source: unescapeOctal(kind[1] as string),
      superOptions: kind[2] ?? '',
    });
  }
  return { mounts, malformed };
}

/** Space, tab, newline and backslash are written \040 \011 \012 \134 (fs/proc_namespace.c, mangle). */
function unescapeOctal(text: string): string {
  return text.replace(/\\(040|011|012|134|043)/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
