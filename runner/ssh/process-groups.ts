/** The process groups that we started, and their end: none of them outlives us. */
import type { ChildProcess } from 'node:child_process';

/** After the hint that nobody listens any more; a command that closes a session somewhere else needs a moment for it. */
const GRACE_MS = 500;

/** Those that live as far as we know, by the pid of their leader, with the timer of the end that was announced to them. */
const living = new Map<number, NodeJS.Timeout | undefined>();
let isHooked = false;

/** Notes a child that was spawned as the leader of a group, so that the group ends with this process at the latest. */
export function noteGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  living.set(pid, undefined);
  // The number of a group is free for others once nobody is left in it.
  child.once('exit', () => {
    if (!signalGroup(pid, 0)) forget(pid);
  });
  if (isHooked) return;
  isHooked = true;
  // process.exit() runs no timers: whatever still lives then gets no grace.
  process.on('exit', () => {
    for (const group of living.keys()) signalGroup(group, 'SIGKILL');
  });
}

/** Ends the group of a child that `noteGroup` knows: SIGHUP, as ssh(1) sends it, and SIGKILL to what still lives after the grace. */
export function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined || !living.has(pid) || living.get(pid) !== undefined) return;
  if (!signalGroup(pid, 'SIGHUP')) {
    forget(pid);
    return;
  }
  const timer = setTimeout(() => {
    signalGroup(pid, 'SIGKILL');
    forget(pid);
  }, GRACE_MS);
  living.set(pid, timer);
}

function forget(group: number): void {
  clearTimeout(living.get(group));
  living.delete(group);
}

/** Whether there was anybody to signal (kill(2): ESRCH, or EPERM where the number belongs to somebody else by now). */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}
