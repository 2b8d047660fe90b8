/** What to look at or try next. */
import type { Doing } from './activity.ts';
import type { FileUse } from './finding.ts';

/** What to look at or try next; never executed. */
export function adviceOf(doing: Doing, files: readonly FileUse[], unit: string | undefined): string {
  const owner = unit === undefined ? 'its owner' : `the owner of ${unit}`;
  const path = files[0]?.path;
  switch (doing.activity) {
    case 'buffered-write':
      return path !== undefined && looksLikeLog(path)
        ? `Ask ${owner} why so much is logged; lower the log level, log less at a time, or move the log to another disk.`
        : `Ask ${owner} whether it must write this much now; slow it down (ionice does not help buffered writes; io.max of its cgroup does) or move it to another disk.`;
    case 'direct-write':
      return `Ask ${owner} whether it must run now; limit it with io.max of its cgroup or with its own rate option.`;
    case 'read':
      return `Ask ${owner} whether this scan must run now; limit its rate (ionice -c3, io.max), or give it a copy on another disk.`;
    case 'fsync':
      return `Ask ${owner} to batch its commits: every fsync waits for the disk and its cache flush.`;
    case 'metadata':
      return `Ask ${owner} about files created, renamed and removed in large numbers.`;
    case 'mmap':
      return `It dirties mapped pages: look at its own settings for checkpoints and flushing.`;
    case 'swap':
      return `It needs more memory than there is: limit it (memory.max), give it more, or stop it.`;
    case 'discard':
      return `Discards (fstrim, mount option discard) load this disk: run fstrim at a quiet time.`;
    case 'mixed':
      return `Ask ${owner} whether it must run now; it both reads and writes: limit it with io.max of its cgroup or move it.`;
    default:
      return doing.activity satisfies never;
  }
}

export const looksLikeLog = (path: string): boolean => /(?:^|\/)[^/]*log[^/]*$|\/logs?\//i.test(path);
