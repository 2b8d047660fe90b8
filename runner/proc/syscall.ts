/**
 * /proc/PID/syscall (fs/proc/base.c, proc_pid_syscall): the system call that a blocked task is in, with its six arguments, or
 * "running", or `-1` for a task that waits outside of a call (a page fault). The numbers belong to the machine's ABI.
 */

import type { Draft } from './draft.ts';

export type CallKind = 'read' | 'write' | 'sync' | 'metadata' | 'io-submit' | 'other';

export interface BlockedCall {
  readonly name: string;
  readonly kind: CallKind;
  /** First argument, of the calls that take a descriptor. */
  readonly fd?: number;
  /** Bytes asked for, of the calls that say so in one argument. */
  readonly lengthBytes?: number;
}

interface Signature {
  readonly name: string;
  readonly kind: CallKind;
  readonly takesFd: boolean;
  readonly lengthArgument?: number;
}

const call = (name: string, kind: CallKind, takesFd = false, lengthArgument?: number): Signature =>
  lengthArgument === undefined ? { name, kind, takesFd } : { name, kind, takesFd, lengthArgument };

const READ = call('read', 'read', true, 2);
const WRITE = call('write', 'write', true, 2);
const PREAD = call('pread64', 'read', true, 2);
const PWRITE = call('pwrite64', 'write', true, 2);
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
const OPENAT = call('openat', 'metadata');
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
  2: call('open', 'metadata'),
  3: call('close', 'metadata', true),
  4: call('stat', 'metadata'),
  40: call('sendfile', 'write', true),
  82: RENAME,
  83: MKDIR,
  87: UNLINK,
  162: SYNC,
  208: GETEVENTS,
  209: IO_SUBMIT,
  257: OPENAT,
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
  57: call('close', 'metadata', true),
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

/** undefined for "running", for a wait outside of a call and for whatever is malformed. */
export function parseSyscall(line: string, machine: string): BlockedCall | undefined {
  const words = line.trim();
  const numberText = words.split(' ', 1)[0];
  if (numberText === undefined || !/^\d{1,4}$/.test(numberText)) return undefined;
  const table = machine === 'x86_64' ? X86_64 : machine === 'aarch64' ? GENERIC : {};
  const signature = table[Number(numberText)];
  if (!signature) return { name: `syscall ${numberText}`, kind: 'other' };
  const args = words.split(' ');
  const argument = (i: number): number | undefined => {
    const text = args[1 + i];
    // Six hexadecimal arguments of up to 64 bits; what does not fit a double is not a length or a descriptor.
    return text !== undefined && /^0x[0-9a-f]{1,13}$/.test(text) ? Number(text) : undefined;
  };
  const blocked: Draft<BlockedCall> = { name: signature.name, kind: signature.kind };
  const fd = signature.takesFd ? argument(0) : undefined;
  const lengthBytes = signature.lengthArgument === undefined ? undefined : argument(signature.lengthArgument);
  if (fd !== undefined && fd < 2 ** 31) blocked.fd = fd;
  if (lengthBytes !== undefined) blocked.lengthBytes = lengthBytes;
  return blocked;
}
