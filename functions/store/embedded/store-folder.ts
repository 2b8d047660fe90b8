/** The folder that LevelDB is in, `store` in the state folder. */
import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { StoreProblem } from '../problem.ts';
import type { LevelTrouble } from './level-trouble.ts';

/** @param folder the state folder, here and below */
export const storeFolderOf = (folder: string): string => path.join(folder, 'store');

/**
 * @returns the inode of the folder, made where it was not there: what it is, whatever its name comes to stand for
 * @throws what the file system says
 */
export function makeStoreFolder(folder: string): bigint | StoreProblem {
  const store = storeFolderOf(folder);
  try {
    mkdirSync(store, { mode: 0o700 });
  } catch (error) {
    // There already, which is the rule; what it is comes next.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const found = lstatSync(store, { bigint: true });
  const mine = process.getuid?.();
  if (found.isDirectory() && (mine === undefined || found.uid === BigInt(mine))) return found.ino;
  return new StoreProblem(
    'not-ours',
    `${store} is not a folder of yours`,
    'move it away, or name another with --store PATH',
  );
}

/** Of what bears the name now; undefined where nothing does. */
export function inodeOf(folder: string): bigint | undefined {
  return lstatSync(storeFolderOf(folder), { bigint: true, throwIfNoEntry: false })?.ino;
}

/**
 * Tables or logs without CURRENT, the file that says which are valid: LevelDB would begin anew and delete them all. It is replaced by
 * rename(2) and written before the first log, so it is never missing for a moment (db/filename.cc, SetCurrentFile; DBImpl::NewDB).
 */
export function lostItsIndex(folder: string): LevelTrouble | undefined {
  const names = namesIn(storeFolderOf(folder));
  const isLost = !names.includes('CURRENT') && names.some((name) => /^\d+\.(ldb|sst|log)$/.test(name));
  return isLost ? { kind: 'corrupt', message: 'CURRENT is missing' } : undefined;
}

/** None where the folder was set aside a moment ago. */
function namesIn(store: string): string[] {
  try {
    return readdirSync(store);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
