/** Finding and ending the processes of the laboratory: by a token in their environment or by their network namespace. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** The variable that every process started by the laboratory carries, with the token of the use that started it. */
export const TOKEN_VARIABLE = 'WHODISK_LAB';

/** Sleeps without giving up the thread: clean-up must also work in an exit handler, where no timer fires any more. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function livePids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && !isGone(pid));
}

function isGone(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // A zombie holds nothing any more; its parent, perhaps this very process, reaps it later.
    return 'ZX'.includes(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch {
    return true;
  }
}

export function pidsWithToken(token: string): number[] {
  const wanted = `${TOKEN_VARIABLE}=${token}`;
  return livePids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(wanted);
    } catch {
      return false;
    }
  });
}

/** Processes in the network namespace that is mounted at `path`, ip-netns(8). */
export function pidsInNetns(path: string): number[] {
  let inode: number;
  try {
    inode = statSync(path).ino;
  } catch {
    return [];
  }
  return livePids().filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`) === `net:[${inode}]`;
    } catch {
      return false;
    }
  });
}

/**
 * Kills what `find` finds, again and again until it finds nothing: a process may fork while it is being looked for.
 * Throws with the pids that are still there after `limitMs` (a process in D state only ends when its disk answers).
 */
export function killAll(find: () => number[], limitMs = 30_000): void {
  const deadline = Date.now() + limitMs;
  for (let left = find(); left.length > 0; left = find()) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    if (Date.now() > deadline) throw new Error(`processes ${left.join(', ')} do not end`);
    pause(20);
  }
}
