/**
 * The journal of ext4: a kernel thread for each file system, `jbd2/sda1-8` (fs/jbd2/journal.c). Blocks of directories and inodes are
 * charged to it, whoever has changed them. Kernels before 5.17 cut its name to 15 bytes, as that of `jbd2/nvme0n1p1-8`.
 */
import type { ProcessActivity } from './samples.ts';

/** `devices`: a whole device and what stands on it. */
export function isJournalOf(command: string, devices: readonly string[]): boolean {
  const name = /^jbd2\/(.+)-\d*$/.exec(command)?.[1];
  return (
    name !== undefined &&
    devices.some(
      (device) => name === device || (name.startsWith(device) && isPartition(device, name.slice(device.length))),
    )
  );
}

export const isJournal = (command: string): boolean => command.startsWith('jbd2/');

/** sda1, but loop1p1: dm-12 is no partition of dm-1. */
const isPartition = (device: string, rest: string): boolean => (/\d$/.test(device) ? /^p\d+$/ : /^\d+$/).test(rest);

/** What the journals of these devices were charged in the window. */
export function journalBytes(processes: readonly ProcessActivity[], devices: readonly string[]): number {
  return processes
    .filter(({ isKernelThread, command }) => isKernelThread && isJournalOf(command, devices))
    .reduce((sum, { io }) => sum + (io?.writtenBytes ?? 0), 0);
}
