/** What is sent to a host: bundle.sh without its comments, and the one line that calls it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Privilege = 'auto' | 'root' | 'user';

export interface BundleCall {
  /** 32 lower-case hex digits, new for every visit. */
  readonly nonce: string;
  /** Whole seconds, 1..60. */
  readonly windowSeconds: number;
  /** Whole seconds after which the bundle ends by itself, whatever happens to us. */
  readonly deadlineSeconds: number;
  /** Ask for redacted command lines. */
  readonly args: boolean;
}

/**
 * Full-line comments, indentation and blank lines stay here: a shell that reads its script from a pipe reads it byte by byte, a
 * quarter of a millisecond of CPU a kilobyte. No line of bundle.sh may depend on its indentation.
 */
function withoutComments(script: string): string {
  return script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
}

const SHIPPED = withoutComments(readFileSync(new URL('./bundle.sh', import.meta.url), 'utf8'));

/** sha256 of exactly what is sent, without the call: who audits a host's answer can say which program gave it. */
export const bundleHash: string = createHash('sha256').update(SHIPPED).digest('hex');

/** The whole stdin of `/bin/sh -s LABEL`: functions first, so that a script cut anywhere runs nothing, and the call last. */
export function buildInput(call: BundleCall): string {
  if (!/^[0-9a-f]{32}$/.test(call.nonce)) throw new TypeError('a nonce is 32 lower-case hex digits');
  if (!Number.isInteger(call.windowSeconds) || call.windowSeconds < 1 || call.windowSeconds > 60) {
    throw new TypeError('windowSeconds is a whole number from 1 to 60');
  }
  if (!Number.isInteger(call.deadlineSeconds) || call.deadlineSeconds <= call.windowSeconds || call.deadlineSeconds > 3600) {
    throw new TypeError('deadlineSeconds is a whole number above windowSeconds, at most 3600');
  }
  return `${SHIPPED}\nwhodisk ${call.nonce} ${call.windowSeconds} ${call.deadlineSeconds} ${call.args ? 1 : 0} "$1"\n`;
}

/** Finds the effective uid with builtins alone: proc(5), field 2 of `Uid:`. */
const IS_ROOT = 'while read k r e x; do [ "$k" = Uid: ] && break; done </proc/self/status; [ "$e" = 0 ] && exec /bin/sh -s root; ';

/**
 * What the login shell is asked to run; it reads the same in sh, csh and fish. sudo exits 1 when it refuses, 127 stands for no sudo; the
 * bundle itself never exits with either, so that only then the same stdin goes to an unprivileged shell.
 */
export function commandFor(privilege: Privilege): string {
  switch (privilege) {
    case 'user':
      return 'exec /bin/sh -s user';
    case 'root':
      return `exec /bin/sh -c '${IS_ROOT}exec sudo -n /bin/sh -s sudo'`;
    case 'auto':
      return `exec /bin/sh -c '${IS_ROOT}sudo -n /bin/sh -s sudo; case $? in 1|127) exec /bin/sh -s user;; esac'`;
    default:
      return privilege satisfies never;
  }
}
