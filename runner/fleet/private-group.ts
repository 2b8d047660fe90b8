/** Groups that share nothing. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/**
 * Whether what this group may write is as safe as what its only member may write: root's own group, and the private group of whoever
 * runs whodisk, which is their primary group, has their name and nobody else in it, as useradd(8) makes them (USERGROUPS_ENAB).
 * A group that group(5) does not know is taken for a shared one.
 */
export function isPrivateGroup(gid: number): boolean {
  if (gid === 0) return true;
  if (gid !== process.getgid?.()) return false;
  try {
    const { username } = userInfo();
    const group = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([, , id]) => id === String(gid));
    const members = (group?.[3] ?? '').split(',').filter((member) => member !== '' && member !== username);
    return group?.[0] === username && members.length === 0;
  } catch {
    return false;
  }
}
