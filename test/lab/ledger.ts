/**
 * The state file of one use of the laboratory: every change to this machine is written down before it is made, so that a
 * run that was killed can be put back by the next one. JSON lines: the owner first, then one change each.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Change =
  /** A folder below the temporary folder, removed with all that is in it once nothing is mounted there. */
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'mount'; readonly path: string }
  /** A loop device, known by the file below it: its number is not known before it is attached. */
  | { readonly kind: 'loop'; readonly backing: string }
  /** A blkio throttle of cgroup v1 on the loop device "major:minor" that stands on `backing`. */
  | { readonly kind: 'throttle'; readonly device: string; readonly backing: string }
  /** Values of the vm.dirty_* sysctls before they were lowered. */
  | { readonly kind: 'dirty-limits'; readonly before: Readonly<Record<string, string>> }
  /** A sysctl below /proc/sys ("kernel/task_delayacct") that is switched on for a while, and its value before. */
  | { readonly kind: 'sysctl'; readonly name: string; readonly before: string }
  /** A file that the kernel swaps to. */
  | { readonly kind: 'swap'; readonly path: string }
  /** A control group that was made, empty once its processes have ended. */
  | { readonly kind: 'cgroup'; readonly path: string }
  /** A network namespace with all interfaces and processes in it. */
  | { readonly kind: 'netns'; readonly name: string }
  /** Its owner has begun to put things back: what others still need is theirs to restore. */
  | { readonly kind: 'leaving' };

interface Owner {
  readonly pid: number;
  readonly startTicks: string;
  readonly bootId: string;
  /** Every process started for this use carries it in its environment as WHODISK_LAB. */
  readonly token: string;
}

export interface Ledger {
  readonly file: string;
  readonly token: string;
  readonly changes: readonly Change[];
  /** False once the process that made the changes is gone, or the machine was booted anew. */
  readonly ownerAlive: boolean;
  /** The kernel that the changes were made to is no more: only files can be left of them. */
  readonly otherBoot: boolean;
}

/** Field 22 of /proc/PID/stat (proc(5)): with the pid it names one process for good. undefined: no such process. */
export function startTicksOf(pid: number | 'self'): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

/** The folder of the state files; refuses one that another user could have prepared. */
function stateFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `whodisk-lab-state-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0) {
    throw new Error(`${folder} is not a folder of this user alone (mode 0700): remove it`);
  }
  return folder;
}

/** Begins a new state file, owned by this process. */
export function beginLedger(): { readonly file: string; readonly token: string } {
  const token = randomBytes(12).toString('hex');
  const file = join(stateFolder(), `${process.pid}-${token}.jsonl`);
  const owner: Owner = { pid: process.pid, startTicks: startTicksOf('self') ?? '', bootId: bootId(), token };
  writeFileSync(file, `${JSON.stringify(owner)}\n`, { mode: 0o600, flag: 'wx' });
  return { file, token };
}

export function note(file: string, change: Change): void {
  appendFileSync(file, `${JSON.stringify(change)}\n`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The last line of a run that was killed while it wrote: its change was not made yet.
    return undefined;
  }
}

function readLedger(file: string): Ledger | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const [owner, ...changes] = text.split('\n').filter(Boolean).map(parse).filter(Boolean);
  if (owner === undefined) return undefined;
  const { pid, startTicks, bootId: bootThen, token } = owner as Owner;
  const otherBoot = bootThen !== bootId();
  const ownerAlive = !otherBoot && startTicksOf(pid) === startTicks;
  return { file, token, changes: changes as Change[], ownerAlive, otherBoot };
}

/** Every state file there is, of live uses and of dead ones. */
export function readLedgers(): Ledger[] {
  const folder = stateFolder();
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => readLedger(join(folder, name)))
    .filter((ledger) => ledger !== undefined);
}

export function endLedger(file: string): void {
  unlinkSync(file);
}
