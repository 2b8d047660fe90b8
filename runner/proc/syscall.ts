/**
 * /proc/PID/syscall (fs/proc/base.c, proc_pid_syscall): the system call that a blocked task is in, with its six arguments, or
 * "running", or `-1` for a task that waits outside of a call (a page fault). The numbers belong to the machine's ABI.
 */

import type { Draft } from './draft.ts';

export type CallKind = 'read' | 'write' | 'sync' | 'metadata' | 'discard' | 'io-submit' | 'other';

export interface BlockedCall {
  readonly name: string;
  readonly kind: CallKind;
  /** First argument, of the calls that take a descriptor. */
  readonly fd?: number;
  /** Bytes asked for, of the calls that say so in one argument. */
  readonly lengthBytes?: number;
  /** Where in the file, of the calls that say so. */
  readonly offsetBytes?: number;
  /** open() and the like: whether the file is made if it is not there. Only that changes metadata. */
  readonly creates?: boolean;
}

export interface Signature {
  readonly name: string;
  readonly kind: CallKind;
  readonly takesFd: boolean;
  readonly lengthArgument?: number;
  readonly offsetArgument?: number;
  readonly flagsArgument?: number;
}

const call = (name: string, kind: CallKind, takesFd = false, lengthArgument?: number): Signature =>
  lengthArgument === undefined ? { name, kind, takesFd } : { name, kind, takesFd, lengthArgument };

const READ = call('read', 'read', true, 2);
const WRITE = call('write', 'write', true, 2);
const PREAD: Signature = { ...call('pread64', 'read', true, 2), offsetArgument: 3 };
const PWRITE: Signature = { ...call('pwrite64', 'write', true, 2), offsetArgument: 3 };
const READV = call('readv', 'read', true);
const WRITEV = call('writev', 'write', true);
const PREADV = call('preadv', 'read', true);
const PWRITEV = call('pwritev', 'write', true);
const FSYNC = call('fsync', 'sync', true);
const FDATASYNC = call('fdatasync', 'sync', true);
const MSYNC = call('msync', 'sync');
const SYNC = call('sync', 'sync');
const SYNCFS = call('syncfs', 'sync', true);
const RANGE = call('sync_file_range', 'sync', true);
const RENAME = call('rename', 'metadata');
const UNLINK = call('unlink', 'metadata');
const MKDIR = call('mkdir', 'metadata');
const TRUNCATE = call('truncate', 'metadata');
const FTRUNCATE = call('ftruncate', 'metadata', true);
const OPENAT: Signature = { ...call('openat', 'metadata'), flagsArgument: 2 };
const LINKAT = call('linkat', 'metadata');
const SYMLINKAT = call('symlinkat', 'metadata');
const IOCTL = call('ioctl', 'other', true);
const IO_SUBMIT = call('io_submit', 'io-submit');
const GETEVENTS = call('io_getevents', 'io-submit');
const URING = call('io_uring_enter', 'io-submit', true);

/** arch/x86/entry/syscalls/syscall_64.tbl */
const X86_64: Readonly<Record<number, Signature>> = {
  0: READ,
  1: WRITE,
  17: PREAD,
  18: PWRITE,
  19: READV,
  20: WRITEV,
  26: MSYNC,
  74: FSYNC,
  75: FDATASYNC,
  76: TRUNCATE,
  77: FTRUNCATE,
  2: { ...call('open', 'metadata'), flagsArgument: 1 },
  3: call('close', 'other', true),
  4: call('stat', 'other'),
  16: IOCTL,
  40: call('sendfile', 'write', true),
  82: RENAME,
  83: MKDIR,
  84: call('rmdir', 'metadata'),
  85: call('creat', 'metadata'),
  86: call('link', 'metadata'),
  87: UNLINK,
  88: call('symlink', 'metadata'),
  90: call('chmod', 'metadata'),
  92: call('chown', 'metadata'),
  133: call('mknod', 'metadata'),
  162: SYNC,
  208: GETEVENTS,
  209: IO_SUBMIT,
  257: OPENAT,
  258: call('mkdirat', 'metadata'),
  260: call('fchownat', 'metadata'),
  265: LINKAT,
  266: SYMLINKAT,
  268: call('fchmodat', 'metadata'),
  280: call('utimensat', 'metadata'),
  333: call('io_pgetevents', 'io-submit'),
  263: call('unlinkat', 'metadata'),
  264: call('renameat', 'metadata'),
  277: RANGE,
  285: call('fallocate', 'metadata', true),
  295: PREADV,
  296: PWRITEV,
  306: SYNCFS,
  316: call('renameat2', 'metadata'),
  326: call('copy_file_range', 'write', false, 4),
  426: URING,
};

/** include/uapi/asm-generic/unistd.h */
const GENERIC: Readonly<Record<number, Signature>> = {
  63: READ,
  64: WRITE,
  65: READV,
  66: WRITEV,
  67: PREAD,
  68: PWRITE,
  69: PREADV,
  70: PWRITEV,
  71: call('sendfile', 'write', true),
  81: SYNC,
  82: FSYNC,
  83: FDATASYNC,
  84: RANGE,
  227: MSYNC,
  267: SYNCFS,
  45: TRUNCATE,
  46: FTRUNCATE,
  56: OPENAT,
  57: call('close', 'other', true),
  29: IOCTL,
  36: SYMLINKAT,
  37: LINKAT,
  53: call('fchmodat', 'metadata'),
  54: call('fchownat', 'metadata'),
  88: call('utimensat', 'metadata'),
  292: call('io_pgetevents', 'io-submit'),
  34: call('mkdirat', 'metadata'),
  35: call('unlinkat', 'metadata'),
  38: call('renameat', 'metadata'),
  276: call('renameat2', 'metadata'),
  47: call('fallocate', 'metadata', true),
  2: IO_SUBMIT,
  4: GETEVENTS,
  285: call('copy_file_range', 'write', false, 4),
  426: URING,
};

/** FITRIM, BLKDISCARD, BLKSECDISCARD, BLKZEROOUT (uapi/linux/fs.h). */
const DISCARDS = new Set([0xc0185879, 0x1277, 0x127d, 0x127f]);
/** uapi/asm-generic/fcntl.h, the same on x86 and arm64. */
const O_CREAT = 0o100;

const TABLES: ReadonlyMap<string, Readonly<Record<number, Signature>>> = new Map([
  ['x86_64', X86_64],
  ['aarch64', GENERIC],
]);

/** Whether calls on such a machine, named as by `uname -m`, are known by their numbers. */
export const areCallsKnown = (machine: string): boolean => TABLES.has(machine);

/** The name of a call that may have to do with a disk, by its number in decimal digits; undefined of others and of machines not known. */
export const callNumbered = (number: string, machine: string): string | undefined =>
  TABLES.get(machine)?.[Number(number)]?.name;

const BY_NAME = new Map([...Object.values(X86_64), ...Object.values(GENERIC)].map((known) => [known.name, known]));

/** What a call does and where it says how much, by the name that strace gives it; undefined of those that touch no disk. */
export function callNamed(name: string): Signature | undefined {
  // preadv2() and pwritev2() differ in their flags only.
  return BY_NAME.get(name.replace(/^(p(?:read|write)v)2$/, '$1'));
}

/** undefined for "running", for a wait outside of a call and for whatever is malformed. */
export function parseSyscall(line: string, machine: string): BlockedCall | undefined {
  const words = line.trim();
  const numberText = words.split(' ', 1)[0];
  if (numberText === undefined || !/^\d{1,4}$/.test(numberText)) return undefined;
  const signature = TABLES.get(machine)?.[Number(numberText)];
  if (!signature) return { name: `syscall ${numberText}`, kind: 'other' };
  const args = words.split(' ');
  const argument = (i: number): number | undefined => {
    const text = args[1 + i];
    // Six hexadecimal arguments of up to 64 bits; what does not fit a double is not a length or a descriptor.
    return text !== undefined && /^0x[0-9a-f]{1,13}$/.test(text) ? Number(text) : undefined;
  };
  const discards = signature === IOCTL && DISCARDS.has(argument(1) ?? 0);
  const blocked: Draft<BlockedCall> = { name: signature.name, kind: discards ? 'discard' : signature.kind };
  const offsetBytes = signature.offsetArgument === undefined ? undefined : argument(signature.offsetArgument);
  const flags = signature.flagsArgument === undefined ? undefined : argument(signature.flagsArgument);
  if (offsetBytes !== undefined) blocked.offsetBytes = offsetBytes;
  if (flags !== undefined) blocked.creates = (flags & O_CREAT) !== 0;
  const fd = signature.takesFd ? argument(0) : undefined;
  const lengthBytes = signature.lengthArgument === undefined ? undefined : argument(signature.lengthArgument);
  if (fd !== undefined && fd < 2 ** 31) blocked.fd = fd;
  if (lengthBytes !== undefined) blocked.lengthBytes = lengthBytes;
  return blocked;
}
