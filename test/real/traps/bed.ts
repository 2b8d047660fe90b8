/** What all traps are built on, made once: a slow disk, one that keeps up, a folder in memory, a real sshd. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backingOf, mountsBelow, run, swapFiles, writeDirtyLimits } from '../../lab/kernel.ts';
import { readLedgers } from '../../lab/ledger.ts';
import { killAll, pause, pidsWithToken } from '../../lab/processes.ts';
import { type Lab, openLab } from '../../lab/session.ts';
import { createHealthyDisk, createSlowDisk, LOWERED, type SlowDisk, type TestDisk } from '../../lab/slow-disk.ts';
import { type Sshd, startSshd } from '../sshd.ts';

const MIB = 1024 * 1024;
export const SLOW_BYTES_PER_SECOND = 20 * MIB;
const DELAY_ACCOUNTING = 'kernel/task_delayacct';

export interface Bed {
  readonly lab: Lab;
  readonly slow: SlowDisk;
  readonly healthy: TestDisk;
  /** A tmpfs. */
  readonly memory: string;
  readonly sshd: Sshd;
  /** Ends what runs, waits until nothing is to be written any more, and makes disks and limits what they were. */
  readonly clear: () => void;
  readonly close: () => Promise<void>;
}

export async function openBed(): Promise<Bed> {
  const lab = openLab();
  try {
    return await makeBed(lab);
  } catch (error) {
    lab.close();
    throw error;
  }
}

async function makeBed(lab: Lab): Promise<Bed> {
  const slow = createSlowDisk(lab, { bytesPerSecond: SLOW_BYTES_PER_SECOND });
  const healthy = createHealthyDisk(lab, { sizeMb: 700 });
  const memory = join(lab.folder, 'memory');
  mkdirSync(memory);
  lab.note({ kind: 'mount', path: memory });
  run('mount', '-t', 'tmpfs', '-o', 'size=1500M,mode=755', 'whodisk-lab', memory);
  // iotop knows whom to put on top only of processes that were started with delay accounting on.
  const noted = readLedgers().flatMap(({ changes }) =>
    changes.filter((change) => change.kind === 'sysctl' && change.name === DELAY_ACCOUNTING),
  ) as { readonly before: string }[];
  // Where another use has switched it on already, what was there before is what that one found.
  const before = noted[0]?.before ?? readFileSync(`/proc/sys/${DELAY_ACCOUNTING}`, 'latin1').trim();
  lab.note({ kind: 'sysctl', name: DELAY_ACCOUNTING, before });
  writeFileSync(`/proc/sys/${DELAY_ACCOUNTING}`, '1');
  const sshd = await startSshd();
  // A database server runs as a user of its own.
  chmodSync(lab.folder, 0o711);
  const own = new Set(mountsBelow(lab.folder));

  const clear = (): void => {
    slow.setRate('unlimited');
    slow.setRequests('unlimited');
    killAll(() => pidsWithToken(lab.token));
    for (const file of swapFiles()) if (file.startsWith(`${lab.folder}/`)) run('swapoff', file);
    for (const path of mountsBelow(lab.folder).reverse()) if (!own.has(path)) run('umount', path);
    for (const loop of loopsBelow(slow.mountpoint)) run('losetup', '-d', `/dev/${loop}`);
    for (const group of controlGroups(lab)) removeGroup(group);
    for (const mountpoint of [slow.mountpoint, healthy.mountpoint, memory]) {
      for (const name of readdirSync(mountpoint)) {
        if (name !== 'lost+found') rmSync(join(mountpoint, name), { recursive: true, force: true });
      }
    }
    run('mount', '-o', 'remount,commit=5', slow.mountpoint);
    run('sync', '-f', slow.mountpoint);
    run('sync', '-f', healthy.mountpoint);
    writeDirtyLimits(LOWERED);
    slow.setRate(SLOW_BYTES_PER_SECOND);
  };
  const close = async (): Promise<void> => {
    await sshd.stop();
    lab.close();
  };
  return { lab, slow, healthy, memory, sshd, clear, close };
}

/** Loop devices on files of that folder. */
export function loopsBelow(folder: string): string[] {
  return readdirSync('/sys/block').filter((name) => backingOf(name)?.startsWith(`${folder}/`));
}

/** The kernel lets go of a group a moment after its last process has ended. */
function removeGroup(path: string): void {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      rmdirSync(path);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      pause(50);
    }
  }
}

const CONTROLLERS = '/sys/fs/cgroup';

/** Where the groups of this use stand, for each controller of cgroup v1. */
export function controlGroup(lab: Lab, controller: 'blkio' | 'memory', name: string): string {
  return join(CONTROLLERS, controller, `whodisk-lab-${lab.token}-${name}`);
}

function controlGroups(lab: Lab): string[] {
  return ['blkio', 'memory'].flatMap((controller) =>
    readdirSync(join(CONTROLLERS, controller))
      .filter((name) => name.startsWith(`whodisk-lab-${lab.token}-`))
      .map((name) => join(CONTROLLERS, controller, name)),
  );
}
