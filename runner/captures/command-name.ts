/** What a tool prints for a process → the kernel's name for it. Arguments, which may hold secrets, are not kept. */
import { isKernelThreadName } from './kernel-threads.ts';

/** TASK_COMM_LEN of include/linux/sched.h, without the NUL; only kernel threads have longer names (fs/proc/array.c). */
const LONGEST_NAME = 15;

/** @param isCommandLine the tool was asked for arguments; where nobody knows, a text that is too long for a name has some */
export function nameOfCommand(text: string, isCommandLine = false): string {
  const shown = text.trim();
  const bracketed = /^\[([^\]]{1,64})\]$/u.exec(shown)?.[1];
  if (bracketed !== undefined) return bracketed;
  if (isKernelThreadName(shown)) return shown.slice(0, 64);
  if (!isCommandLine && shown.length <= LONGEST_NAME && !shown.startsWith('/')) return shown;
  const [program = ''] = shown.split(/\s/u, 1);
  // A log-in shell is called "-bash"; servers write what they do behind a colon.
  const name = program.slice(program.lastIndexOf('/') + 1).replace(/^-|:$/gu, '');
  return name.slice(0, LONGEST_NAME) || shown.slice(0, LONGEST_NAME);
}
