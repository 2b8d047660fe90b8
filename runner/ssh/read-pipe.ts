/** What comes out of a named pipe, or out of that of a shell's <( ), within a limit. */
import { close, constants, open, read } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';

const openDescriptor = promisify(open);
const readDescriptor = promisify(read);
const closeDescriptor = promisify(close);
const FIRST_BYTES = 64 * 1024;

/**
 * undefined where there is more than `mostBytes`. A pipe that nobody has open for writing is empty at once; else all is waited for, but on no
 * thread of the pool: the end of a process waits for these, also for one that waits for a writer (fifo(7)).
 *
 * Rejects with what open(2) or read(2) says.
 */
export async function readPipe(path: string, mostBytes: number): Promise<Buffer | undefined> {
  const descriptor = await openDescriptor(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let first: Buffer | 'not yet';
  try {
    first = await whatIsThere(descriptor);
  } catch (error) {
    await closeDescriptor(descriptor);
    throw error;
  }
  if (first !== 'not yet' && first.length === 0) {
    await closeDescriptor(descriptor);
    return first;
  }
  const chunks = first === 'not yet' ? [] : [first];
  let length = chunks[0]?.length ?? 0;
  // It closes the descriptor.
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > mostBytes) return undefined;
    }
    return length > mostBytes ? undefined : Buffer.concat(chunks, length);
  } finally {
    socket.destroy();
  }
}

/** Nothing where no writer is there; poll(2) would wait for the first. */
async function whatIsThere(descriptor: number): Promise<Buffer | 'not yet'> {
  try {
    const { bytesRead, buffer } = await readDescriptor(descriptor, Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'not yet';
    throw error;
  }
}
