/** Whether somebody else may say what is in a file: it may name a command that is run here, and keys that are used. */
import { constants } from 'node:fs';
import { isPrivateGroup } from './private-group.ts';

export interface Ownership {
  /** As in stat(2), the type among its bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Who may write it besides its owner, a sentence with what to do; ssh(1) refuses its configuration for the same reason. */
export function strangersProblem({ mode, gid }: Ownership): string | undefined {
  // /dev/null is everybody's, and empty.
  if ((mode & constants.S_IFMT) === constants.S_IFCHR) return undefined;
  if ((mode & constants.S_IWOTH) !== 0) return 'everybody may write it, so nobody can trust it: chmod o-w it.';
  if ((mode & constants.S_IWGRP) === 0 || isPrivateGroup(gid)) return undefined;
  return `all of group ${gid} may write it, so it cannot be trusted: chmod g-w it.`;
}

/** Whether it is another user's, neither ours nor root's. */
export function isForeign({ uid }: Ownership): boolean {
  const self = process.getuid?.();
  return self !== undefined && uid !== self && uid !== 0;
}
