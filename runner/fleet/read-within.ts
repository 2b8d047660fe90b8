/** A file that somebody named, read within a limit; why it cannot be read is said in whodisk's own words. */
import { constants, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { readAtMost } from '../ssh/read-at-most.ts';
import { readPipe } from '../ssh/read-pipe.ts';

export type Bytes =
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      /** As in stat(2), the type among its bits. */
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly kind: 'folder' }
  /** `code` is that of Node's error, absent where it is too large or neither a file nor a pipe. */
  | { readonly kind: 'unreadable'; readonly code?: string; readonly message: string };

/** Reads a file, a pipe or /dev/null; other devices and sockets are refused, since some never end and some mind being opened. Never rejects. */
export async function readWithin(file: string, mostBytes: number): Promise<Bytes> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) return { kind: 'folder' };
    if (!found.isFile() && !found.isFIFO() && !(await isNull(found))) return NEITHER;
    const read = found.isFIFO() ? await bytesOfPipe(file, found, mostBytes) : await bytesOf(file, mostBytes);
    return read ?? { kind: 'unreadable', message: `it has more than ${mostBytes / 2 ** 20} MiB.` };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { kind: 'unreadable', code, message: REASONS[code] ?? `it cannot be read (${code}).` };
  }
}

const NEITHER: Bytes = { kind: 'unreadable', message: 'it is neither a file nor a pipe: name one of these.' };

async function bytesOfPipe(file: string, { mode, uid, gid }: Stats, mostBytes: number): Promise<Bytes | undefined> {
  const bytes = await readPipe(file, mostBytes);
  return bytes && { kind: 'bytes', bytes, mode, uid, gid };
}

async function bytesOf(file: string, mostBytes: number): Promise<Bytes | undefined> {
  // Another may have put a pipe in its place meanwhile, and the open of a pipe would wait for a writer (fifo(7)).
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { mode, uid, gid } = await handle.stat();
    const bytes = await readAtMost(handle, mostBytes);
    return bytes && { kind: 'bytes', bytes, mode, uid, gid };
  } finally {
    await handle.close();
  }
}

/** How one says "no file" where a file is asked for. */
async function isNull(found: Stats): Promise<boolean> {
  return found.isCharacterDevice() && found.rdev === (await stat('/dev/null')).rdev;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  ENOTDIR: 'there is no such file: part of its path is no folder.',
  EACCES: 'it may not be read: permission denied.',
  ELOOP: 'its path goes through too many symbolic links.',
  ENAMETOOLONG: 'there is no such file: its name is too long.',
};
