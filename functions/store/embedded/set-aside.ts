/**
 * A store that cannot be read any more is moved out of the way, never deleted: somebody may still get something out of it.
 *
 * Two processes may find the same damage at once, and the slower one must not move the fresh store of the faster one away. So the
 * new name is settled once for one damaged folder, which its inode tells from the fresh one: link(2) lets the first proposal win. Whoever
 * comes late renames onto a folder that is there, which rename(2) refuses.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @param folder the state folder, in which `store` is
 * @param inode that of `store` before it was found damaged
 * @returns where it is now; undefined where it is gone already
 * @throws what the file system says, such as ENOSPC
 */
export function setAside(folder: string, inode: bigint, nowMs: number): string | undefined {
  const settled = path.join(folder, `${SETTLED}${inode}`);
  const proposal = `${settled}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const time = new Date(nowMs).toISOString().replaceAll(':', '-');
  writeFileSync(proposal, `store.corrupt-${time}-${inode}`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(proposal, settled);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(proposal, { force: true });
  }
  const target = path.join(folder, path.basename(readFileSync(settled, 'utf8')));
  try {
    renameSync(path.join(folder, 'store'), target);
    return target;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

/**
 * Forgets which names were settled long ago: an inode may come again when somebody has deleted the damaged folder. What cannot be forgotten
 * today is tomorrow.
 */
export function forgetSettledNames(folder: string, nowMs: number): void {
  try {
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(SETTLED)) continue;
      const file = path.join(folder, name);
      const made = statSync(file, { throwIfNoEntry: false });
      if (made && nowMs - made.mtimeMs > DAY_MS) rmSync(file, { force: true });
    }
  } catch {
    return;
  }
}

const SETTLED = 'store.set-aside-';
const DAY_MS = 86_400_000;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
