/** A storm of names on the slow disk, by a program that writes not one byte: the journal is all that writes. */
import { run } from '../../../lab/kernel.ts';
import type { Stage } from '../stage.ts';

const MIB = 1024 * 1024;

/** Until the disk is busy with it. The role is `mover`. */
export async function startRenameStorm(stage: Stage): Promise<void> {
  stage.slow.setRate('unlimited');
  await stage.python('mover', 'rename_storm.py', [stage.onSlow('spool'), 500, 80]);
  // Every second instead of every five (ext4(5)): the journal pauses after it, and a long pause is no saturated disk.
  run('mount', '-o', 'remount,commit=1', stage.slow.mountpoint);
  // What it took to make the files is not to be the backlog that is measured.
  run('sync', '-f', stage.slow.mountpoint);
  stage.slow.setRate(2 * MIB);
  await stage.untilBusy();
}
