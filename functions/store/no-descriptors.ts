/** What is said where this process may open no more files: loading the store takes some dozens for a moment. */
import { readFileSync } from 'node:fs';
import { StoreProblem } from './problem.ts';

/** Whether that is what an error's text, Node's or strerror(3)'s, says: EMFILE, or ENFILE of the whole machine. */
export const saysNoDescriptors = (text: string): boolean => /\b(EMFILE|ENFILE)\b|too many open files/i.test(text);

/** The same as a problem, with this process's limit where it can be read. */
export function noDescriptors(): StoreProblem {
  return new StoreProblem(
    'no-descriptors',
    `too few open files are allowed to use the store${LIMIT === undefined ? '' : ` (ulimit -n ${LIMIT})`}`,
    'allow more and run it again: ulimit -n 4096; or use --store none',
  );
}

/** Read at once: when there is no descriptor left it cannot be. */
const LIMIT = openFilesLimit();

/** RLIMIT_NOFILE as proc(5) shows it. */
function openFilesLimit(): string | undefined {
  try {
    return /^Max open files +(\d+)/mu.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
