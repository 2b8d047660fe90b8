/** Puts back what a use of the laboratory changed, from its state file alone: at its end, or after it was killed. */
import { existsSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  backingOf,
  loopsOn,
  mountsBelow,
  run,
  swapFiles,
  throttle,
  throttleRequests,
  writeDirtyLimits,
} from './kernel.ts';
import { type Change, endLedger, type Ledger, note, readLedgers } from './ledger.ts';
import { killAll, pause, pidsInNetns, pidsWithToken } from './processes.ts';

/** The name of every folder of the laboratory begins so: nothing else is ever removed. */
export const FOLDER_PREFIX = join(tmpdir(), 'whodisk-lab-');

/** Repeats a step until the state is right; what another process put back at the same time is fine as well. */
function until(done: () => boolean, step: () => unknown, what: string): void {
  const deadline = Date.now() + 30_000;
  let last: unknown;
  while (!done()) {
    if (Date.now() > deadline) throw new Error(`${what}: ${last instanceof Error ? last.message : 'not done'}`);
    try {
      step();
    } catch (error) {
      last = error;
      pause(100);
    }
  }
}

function liftThrottle(change: Change): void {
  if (change.kind !== 'throttle') return;
  const backing = backingOf(`loop${change.device.split(':')[1]}`);
  // The number may stand for somebody else's loop by now.
  if (backing !== undefined && backing !== change.backing && backing !== `${change.backing} (deleted)`) return;
  throttle(change.device, 0);
  throttleRequests(change.device, 0);
}

function undo(change: Change, othersNeed: (kind: Change['kind']) => boolean): void {
  switch (change.kind) {
    case 'mount':
      until(
        () => !mountsBelow(change.path).includes(change.path),
        () => run('umount', change.path),
        `umount ${change.path}`,
      );
      return;
    case 'loop':
      until(
        () => loopsOn(change.backing).length === 0,
        () => {
          for (const device of loopsOn(change.backing)) run('losetup', '-d', `/dev/${device}`);
          pause(20);
        },
        `losetup -d (${change.backing})`,
      );
      return;
    case 'dirty-limits':
      if (!othersNeed('dirty-limits')) writeDirtyLimits(change.before);
      return;
    case 'sysctl':
      if (!othersNeed('sysctl')) writeFileSync(`/proc/sys/${change.name}`, change.before);
      return;
    case 'swap':
      until(
        () => !swapFiles().includes(change.path),
        () => run('swapoff', change.path),
        `swapoff ${change.path}`,
      );
      return;
    case 'cgroup':
      until(
        () => !existsSync(change.path),
        () => rmdirSync(change.path),
        `rmdir ${change.path}`,
      );
      return;
    case 'netns':
      killAll(() => pidsInNetns(`/run/netns/${change.name}`));
      until(
        () => !existsSync(`/run/netns/${change.name}`),
        () => run('ip', 'netns', 'del', change.name),
        `ip netns del ${change.name}`,
      );
      return;
    case 'folder':
      if (!change.path.startsWith(FOLDER_PREFIX)) throw new Error(`${change.path} is no folder of the laboratory`);
      if (mountsBelow(change.path).length > 0) throw new Error(`${change.path} still has a mount in it`);
      rmSync(change.path, { recursive: true, force: true });
      return;
    case 'throttle':
    case 'leaving':
      return;
    default:
      change satisfies never;
  }
}

/**
 * Puts everything of one state file back: limits first (a hung disk must move again before anything on it ends), then
 * processes, then the changes in reverse. Goes on after a failure, keeps the state file then, and throws what failed.
 */
export function restore(ledger: Ledger): void {
  const failed: string[] = [];
  const attempt = (step: () => void) => {
    try {
      step();
    } catch (error) {
      failed.push(error instanceof Error ? error.message : String(error));
    }
  };
  note(ledger.file, { kind: 'leaving' });
  const others = readLedgers().filter((other) => other.file !== ledger.file && other.ownerAlive);
  const othersNeed = (needed: Change['kind']): boolean =>
    others.some(
      ({ changes }) => changes.some(({ kind }) => kind === needed) && !changes.some(({ kind }) => kind === 'leaving'),
    );
  if (!ledger.otherBoot) {
    for (const change of ledger.changes) attempt(() => liftThrottle(change));
    attempt(() => killAll(() => pidsWithToken(ledger.token)));
  }
  for (const change of [...ledger.changes].reverse()) {
    if (!ledger.otherBoot || change.kind === 'folder') attempt(() => undo(change, othersNeed));
  }
  if (failed.length > 0) throw new Error(`not put back (noted in ${ledger.file}): ${failed.join('; ')}`);
  endLedger(ledger.file);
}

/** Puts back what runs left behind whose process is gone. */
export function restoreLeftovers(): void {
  for (const ledger of readLedgers()) {
    if (!ledger.ownerAlive) restore(ledger);
  }
}
