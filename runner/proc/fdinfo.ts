/** /proc/PID/fdinfo/N (Documentation/filesystems/proc.rst 3.8): the open flags, octal (uapi/asm-generic/fcntl.h, x86 and arm64 values). */
export interface OpenMode {
  readonly reads: boolean;
  readonly writes: boolean;
  readonly direct: boolean;
  readonly sync: boolean;
  readonly append: boolean;
}

const O_ACCMODE = 0o3;
const O_APPEND = 0o2000;
const O_DSYNC = 0o10000;
/** x86; arm64 has 0o200000, which on x86 is O_DIRECTORY and never set on a file that is written. */
const O_DIRECT = { x86_64: 0o40000, aarch64: 0o200000 } as const;

/** undefined where the flags are absent (`-`) or malformed. */
export function parseOpenFlags(octal: string, machine: string): OpenMode | undefined {
  if (!/^[0-7]{1,12}$/.test(octal)) return undefined;
  const flags = Number.parseInt(octal, 8);
  const access = flags & O_ACCMODE;
  return {
    reads: access === 0 || access === 2,
    writes: access === 1 || access === 2,
    direct: (flags & O_DIRECT[machine === 'aarch64' ? 'aarch64' : 'x86_64']) !== 0,
    sync: (flags & O_DSYNC) !== 0,
    append: (flags & O_APPEND) !== 0,
  };
}
