/** What only one process may do at a time: whoever can create the lock file does it, and removes the file (open(2) O_EXCL). */
import { open, rm, stat, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Nobody holds it longer who still lives. */
const STALE_MS = 2000;
const LOOK_AGAIN_MS = 20;

/**
 * Runs `work` while this process alone holds `path`. A lock that one holder keeps too long is taken over: it was killed in the middle.
 *
 * Rejects with what `work` throws, and where the file can neither be created nor taken over (EACCES, ENOENT, ENOSPC, EROFS).
 */
export async function underLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await take(path);
  try {
    return await work();
  } finally {
    await unlink(path).catch(() => {});
  }
}

async function take(path: string): Promise<void> {
  // By our own clock: the file's times are those of a file server, perhaps.
  let holder: { readonly mark: string; readonly since: number } | undefined;
  while (!(await isCreated(path))) {
    const mark = await markOf(path);
    if (mark === undefined || mark !== holder?.mark) {
      holder = mark === undefined ? undefined : { mark, since: performance.now() };
    } else if (performance.now() - holder.since > STALE_MS) {
      await rm(path, { force: true });
      holder = undefined;
      continue;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

async function isCreated(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', 0o600);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Tells one holder's lock from the next one's; undefined where it is free by now. */
async function markOf(path: string): Promise<string | undefined> {
  try {
    const { ino, ctimeMs } = await stat(path);
    return `${ino} ${ctimeMs}`;
  } catch {
    return undefined;
  }
}
