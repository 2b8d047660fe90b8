/** Files that settings name: what is no file must not stop a sweep for ever, nor a disk that does not answer. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { secondsOf } from './dial-tcp.ts';
import { readAtMost } from './read-at-most.ts';
import { readPipe } from './read-pipe.ts';

export type FileRead =
  | { readonly kind: 'read'; readonly bytes: Buffer; readonly stat: Stats }
  /** A folder, a pipe, a socket, a device other than /dev/null. */
  | { readonly kind: 'no-regular-file'; readonly stat: Stats }
  | { readonly kind: 'too-large'; readonly stat: Stats }
  /** It did not come within the limit; `problem` is the second half of a sentence that begins with the file. */
  | { readonly kind: 'late'; readonly problem: string }
  /** What open(2) or read(2) says. */
  | { readonly kind: 'failed'; readonly error: NodeJS.ErrnoException };

export interface ReadOptions {
  readonly mostBytes: number;
  /** Where a person names it on the command line it may be the pipe of a shell's <( ), which takes the time that it takes. */
  readonly mayBePipe?: boolean;
  readonly limitMs?: number;
}

/** A file of a few kilobytes on a disk that is alive takes no hundredth of it. */
const LIMIT_MS = 5000;

/** Never rejects. */
export async function readRegularFile(path: string, options: ReadOptions): Promise<FileRead> {
  if (options.mayBePipe === true) return read(path, options);
  const { limitMs = LIMIT_MS } = options;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<FileRead>((resolve) => {
    const problem = `could not be read within ${secondsOf(limitMs)}: its disk or its file server hangs`;
    timer = setTimeout(() => resolve({ kind: 'late', problem }), limitMs);
  });
  const first = await Promise.race([read(path, options), late]);
  clearTimeout(timer);
  return first;
}

async function read(path: string, { mostBytes, mayBePipe = false }: ReadOptions): Promise<FileRead> {
  let handle: FileHandle | undefined;
  try {
    if (mayBePipe) {
      const named = await stat(path);
      if (named.isFIFO()) {
        const bytes = await readPipe(path, mostBytes);
        return bytes === undefined ? { kind: 'too-large', stat: named } : { kind: 'read', bytes, stat: named };
      }
    }
    // Without O_NONBLOCK the open of a FIFO waits for a writer, on a thread that the end of the process waits for (fifo(7)).
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await handle.stat();
    const isReadable = found.isFile() || (mayBePipe && !found.isDirectory()) || (await isNull(found));
    if (!isReadable) return { kind: 'no-regular-file', stat: found };
    const bytes = await readAtMost(handle, mostBytes);
    return bytes === undefined ? { kind: 'too-large', stat: found } : { kind: 'read', bytes, stat: found };
  } catch (error) {
    return { kind: 'failed', error: error as NodeJS.ErrnoException };
  } finally {
    await handle?.close();
  }
}

/** How one says "no file" where a file is asked for. */
async function isNull(found: Stats): Promise<boolean> {
  return found.isCharacterDevice() && found.rdev === (await stat('/dev/null')).rdev;
}
