/**
 * The state folder: the embedded store, its socket, pinned host keys. What is in it decides which hosts are trusted and what was found, so
 * it is nobody else's: mode 0700, ours, and in a place where nobody can exchange it.
 */
import { type BigIntStats, lstatSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { isPrivateGroup } from '../runner/fleet/private-group.ts';
import { shellWord } from '../runner/ssh/shell-word.ts';

export interface StateFolder {
  /** Absolute, without symbolic links. */
  readonly path: string;
}

/** Why a folder is refused: one sentence, and what to do. Tell it from a folder with `instanceof`. */
export class StateFolderProblem {
  readonly message: string;
  readonly mend: string;

  constructor(message: string, mend: string) {
    this.message = message;
    this.mend = mend;
  }
}

/**
 * Opens the folder, and makes it where it is not there yet, private to this user. Where it would be refused nothing is made: root's
 * folders in somebody's home would lock them out.
 *
 * @param folder absolute; whodisk's default is $XDG_STATE_HOME/whodisk
 * (https://specifications.freedesktop.org/basedir-spec), which the caller knows
 * @param options what names another folder on the command line, for the sentence that says what to do
 */
export function openStateFolder(folder: string, options = STATE_OPTION): StateFolder | StateFolderProblem {
  if (!path.isAbsolute(folder)) throw new TypeError(`not an absolute path: ${folder}`);
  try {
    const missing = missingOf(folder);
    const [first] = missing;
    const refusal = first === undefined ? undefined : refusalAbove(first, options);
    if (refusal !== undefined) return refusal;
    for (const one of missing) makeFolder(one);
    // What a symbolic link leads to is judged, and used from here on: the link may be changed later.
    const real = realpathSync(folder);
    return refusalOf(real, options) ?? { path: real };
  } catch (error) {
    return problemOf(error, folder, options);
  }
}

const STATE_OPTION = '--state DIR';

/** What is not there of a path, from the top down. */
function missingOf(folder: string): string[] {
  const missing: string[] = [];
  for (let one = folder; !isThere(one); one = path.dirname(one)) missing.unshift(one);
  return missing;
}

/** One at a time: `recursive` never ends where mkdir(2) says ENOENT of a folder whose parent is there, as below /proc (Node 20). */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was faster; what it made is judged like all others.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** What is wrong above the topmost folder that is to be made. */
function refusalAbove(first: string, options: string): StateFolderProblem | undefined {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  return exchangeableAt(path.join(realpathSync(path.dirname(first)), path.basename(first)), uid, options);
}

/** A symbolic link is there, also one that leads nowhere. */
function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

function refusalOf(folder: string, options: string): StateFolderProblem | undefined {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  const found = lstatSync(folder, { bigint: true });
  if (!found.isDirectory()) {
    return new StateFolderProblem(`${folder} is not a folder`, `name another folder with ${options}`);
  }
  if (found.uid !== BigInt(uid)) {
    return new StateFolderProblem(
      `the state folder ${folder} belongs to user ${found.uid}, not to you (${uid})`,
      `run whodisk as its owner, or name a folder of your own with ${options}`,
    );
  }
  if ((found.mode & 0o077n) !== 0n) {
    return new StateFolderProblem(
      `the state folder ${folder} is open to others (mode ${(found.mode & 0o7777n).toString(8)})`,
      `see that nothing in it was put there by somebody else, then: chmod 700 ${shellWord(folder)}`,
    );
  }
  return exchangeableAt(folder, uid, options);
}

/** The first folder above it in which somebody else could put another in its place. @throws where one is not there */
export function exchangeableAt(folder: string, uid: number, options: string): StateFolderProblem | undefined {
  for (
    let child = folder, parent = path.dirname(child);
    parent !== child;
    child = parent, parent = path.dirname(child)
  ) {
    const problem = problemAbove(parent, statSync(parent, { bigint: true }), uid, options);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * A folder that others may write is safe where it is sticky, as /tmp is: only owners rename what is in it. So is one that a group may
 * write which is only its user: such groups are common, and with them the umask 002.
 */
function problemAbove(
  folder: string,
  found: BigIntStats,
  uid: number,
  options: string,
): StateFolderProblem | undefined {
  const { mode, uid: owner, gid } = found;
  if (owner !== 0n && owner !== BigInt(uid) && !(owner === OVERFLOW_UID && isMappedNamespace())) {
    return new StateFolderProblem(
      `${folder}, above the state folder, belongs to user ${owner}, not to you (${uid}): they could put another folder in its place`,
      `set HOME to your own, or name another folder with ${options}`,
    );
  }
  if ((mode & 0o1000n) !== 0n) return undefined;
  const open = (mode & 0o002n) !== 0n ? 'o' : (mode & 0o020n) !== 0n && !isPrivateGroup(Number(gid)) ? 'g' : undefined;
  if (open === undefined) return undefined;
  return new StateFolderProblem(
    `${folder}, above the state folder, can be changed by ${open === 'o' ? 'others' : `group ${gid}`}: they could put another folder in its place`,
    `chmod ${open}-w ${shellWord(folder)}, or name another folder with ${options}`,
  );
}

/** What user_namespaces(7) shows for users from outside of a namespace: above a container's own folders that is the machine's root. */
const OVERFLOW_UID = 65_534n;

/** Whether users have other numbers here than on the machine; where they have the same, 65534 is nobody, whose folders are nobody's. */
function isMappedNamespace(): boolean {
  try {
    return readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/u).join(' ') !== '0 0 4294967295';
  } catch {
    return false;
  }
}

function problemOf(error: unknown, folder: string, options: string): StateFolderProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new StateFolderProblem(
        `${folder}, or something above it, is not a folder`,
        `name another with ${options}`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new StateFolderProblem(`no space left to make the state folder ${folder}`, `free some, or use ${options}`);
    default:
      return new StateFolderProblem(
        `the state folder ${folder} cannot be made or read: ${message}`,
        `name one that you can write with ${options}`,
      );
  }
}
