/** Whether files are still what they were: without reading them. */
import { stat } from 'node:fs/promises';

/**
 * Equal for equal files. A file that is missing has a stamp too: that it is.
 *
 * @param sinceMs epoch: when their reading began
 * @returns undefined where one of them may have been written since, or so shortly before that the time of the change does not tell
 */
export async function stampOf(files: readonly string[], sinceMs: number): Promise<string | undefined> {
  const stamps = await Promise.all(
    files.map(async (file) => {
      try {
        const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(file, { bigint: true });
        return Number(ctimeMs) > sinceMs - TICK_MS ? undefined : [file, dev, ino, size, mtimeNs, ctimeNs].map(String);
      } catch (error) {
        return [file, (error as NodeJS.ErrnoException).code ?? 'unreadable'];
      }
    }),
  );
  return stamps.includes(undefined) ? undefined : JSON.stringify(stamps);
}

/** File systems keep the time of a change in steps, some of two seconds; two changes in one step look like one. */
const TICK_MS = 2000;
