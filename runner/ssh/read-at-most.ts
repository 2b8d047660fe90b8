/** What an open file, a pipe or a device holds, within a limit. */
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 64 * 1024;

/**
 * undefined where there is more than `mostBytes`: no size is believed, so that what grows or never ends while it is read does no harm.
 *
 * Rejects with what read(2) says.
 */
export async function readAtMost(handle: FileHandle, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, bytesRead));
    length += bytesRead;
    if (length > mostBytes) return undefined;
  }
}
