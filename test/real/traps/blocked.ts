/** How many processes of this machine are in an uninterruptible sleep (D) at this moment, kernel threads not counted. */
import { readdirSync, readFileSync } from 'node:fs';

/** include/linux/sched.h. */
const PF_KTHREAD = 0x00200000;

export function blockedProcesses(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isBlocked(name)).length;
}

function isBlocked(pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'D' && (Number(fields[6]) & PF_KTHREAD) === 0;
  } catch {
    return false;
  }
}
