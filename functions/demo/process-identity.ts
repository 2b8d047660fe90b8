/** Which process it is, so that a later one can tell whether it still runs: a pid alone is given away again. Linux only. */
import { readFileSync, readlinkSync } from 'node:fs';
import * as z from 'zod';

export const processIdentity = z.strictObject({
  /** machine-id(5); "" where there is none. A home may be that of several machines. */
  machine: z.string().max(64),
  pid: z.int().min(1).max(4_194_304),
  /** Field 22 of /proc/PID/stat, proc(5): with the pid it names one process of a boot. */
  startTicks: z.string().regex(/^\d{1,20}$/u),
  /** /proc/sys/kernel/random/boot_id */
  bootId: z.string().regex(/^[0-9a-f-]{36}$/u),
  /** Its pid is one of this namespace, pid_namespaces(7): "pid:[4026531836]". */
  pidNamespace: z.string().regex(/^pid:\[\d{1,10}\]$/u),
});
export type ProcessIdentity = z.infer<typeof processIdentity>;

/** Of this process; undefined where there is no /proc that says it. */
export function ownIdentity(): ProcessIdentity | undefined {
  try {
    const own = {
      machine: machineId(),
      pid: process.pid,
      startTicks: startTicksOf(process.pid),
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
      pidNamespace: readlinkSync('/proc/self/ns/pid'),
    };
    return processIdentity.safeParse(own).data;
  } catch {
    return undefined;
  }
}

/**
 * Whether it runs no more. One of another namespace cannot be seen from here, and counts as running until the machine starts anew; one of
 * another machine does for ever.
 */
export function isGone(identity: ProcessIdentity, own: ProcessIdentity): boolean {
  if (identity.machine !== own.machine) return false;
  if (identity.bootId !== own.bootId) return true;
  if (identity.pidNamespace !== own.pidNamespace) return false;
  return startTicksOf(identity.pid) !== identity.startTicks;
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim();
  } catch {
    return '';
  }
}

/** undefined: no such process, or one that is dead and only waits to be reaped. */
function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
