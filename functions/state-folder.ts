/**
 * The state folder: the embedded store, its socket, pinned host keys. What is in it decides which hosts are trusted and what was found, so
 * it is nobody else's: mode 0700, ours, and in a place where nobody can exchange it.
 */
import { type BigIntStats, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

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
 * Opens the folder, and makes it where it is not there yet, private to this user.
 *
 * @param folder absolute; whodisk's default is $XDG_STATE_HOME/whodisk
 * (https://specifications.freedesktop.org/basedir-spec), which the caller knows
 */
export function openStateFolder(folder: string): StateFolder | StateFolderProblem {
  if (!path.isAbsolute(folder)) throw new TypeError(`not an absolute path: ${folder}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // What a symbolic link leads to is judged, and used from here on: the link may be changed later.
    const real = realpathSync(folder);
    return refusalOf(real) ?? { path: real };
  } catch (error) {
    return problemOf(error, folder);
  }
}

function refusalOf(folder: string): StateFolderProblem | undefined {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  const found = lstatSync(folder, { bigint: true });
  if (!found.isDirectory()) {
    return new StateFolderProblem(`${folder} is not a folder`, 'name another state folder with --state DIR');
  }
  if (found.uid !== BigInt(uid)) {
    return new StateFolderProblem(
      `the state folder ${folder} belongs to user ${found.uid}, not to you (${uid})`,
      'run whodisk as its owner, or name a folder of your own with --state DIR',
    );
  }
  if ((found.mode & 0o077n) !== 0n) {
    return new StateFolderProblem(
      `the state folder ${folder} is open to others (mode ${(found.mode & 0o7777n).toString(8)})`,
      `see that nothing in it was put there by somebody else, then: chmod 700 ${quoted(folder)}`,
    );
  }
  return exchangeableAt(folder, uid);
}

/** What user_namespaces(7) shows for users from outside of a namespace: above a container's own folders that is the machine's root. */
const OVERFLOW_UID = 65_534n;

/** The first folder above it in which somebody else could put another in its place. */
function exchangeableAt(folder: string, uid: number): StateFolderProblem | undefined {
  for (
    let child = folder, parent = path.dirname(child);
    parent !== child;
    child = parent, parent = path.dirname(child)
  ) {
    const found = statSync(parent, { bigint: true });
    if (isSafeAbove(found, uid)) continue;
    return new StateFolderProblem(
      `${parent}, above the state folder, can be changed by others: they could put another folder in its place`,
      `chmod o-w ${quoted(parent)}, or name another state folder with --state DIR`,
    );
  }
  return undefined;
}

/**
 * A folder that others may write is safe where it is sticky, as /tmp is: only owners rename what is in it. The group is not asked:
 * a group of one's own is common, and with it the umask 002.
 */
function isSafeAbove({ mode, uid: owner }: BigIntStats, uid: number): boolean {
  const isOwned = owner === 0n || owner === BigInt(uid) || owner === OVERFLOW_UID;
  const isOpen = (mode & 0o002n) !== 0n && (mode & 0o1000n) === 0n;
  return isOwned && !isOpen;
}

function problemOf(error: unknown, folder: string): StateFolderProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new StateFolderProblem(
        `${folder}, or something above it, is not a folder`,
        'name another with --state DIR',
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new StateFolderProblem(
        `no space left to make the state folder ${folder}`,
        'free some, or use --state DIR',
      );
    default:
      return new StateFolderProblem(
        `the state folder ${folder} cannot be made or read: ${message}`,
        'name one that you can write with --state DIR',
      );
  }
}

/** For a command that a person pastes. */
const quoted = (text: string): string => (/^[\w./+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
