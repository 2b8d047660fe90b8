/**
 * What is sent to a host: bundle.sh without its comments, the call in its last line, and the command line that receives it.
 * Nothing of it runs before all of it has arrived.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** `auto`: root directly, else `sudo -n`, else unprivileged. `root`: the first two or nothing. `user`: never sudo. */
export type Privilege = 'auto' | 'root' | 'user';

export interface BundleCall {
  /** 32 lower-case hex digits; it marks every frame of the answer. */
  readonly nonce: string;
  /** 1 to 60. */
  readonly windowSeconds: number;
  /** The bundle ends by itself after this many seconds; more than the window. */
  readonly deadlineSeconds: number;
  /** Whether redacted command lines are wanted. */
  readonly args: boolean;
}

let shipped: string | undefined;

/**
 * bundle.sh without full-line comments, indentation and blank lines: bash reads a script from a pipe byte by byte, so every
 * kilobyte costs the host CPU time. Reads the file that lies beside this one, once.
 */
export function readBundle(): string {
  shipped ??= strip(readFileSync(new URL('./bundle.sh', import.meta.url), 'utf8'));
  return shipped;
}

function strip(source: string): string {
  return source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
}

/** SHA-256, in hex, of what `readBundle` gives: the same on every host of a sweep. */
export function bundleHash(): string {
  return createHash('sha256').update(readBundle()).digest('hex');
}

/** Everything that goes to the shell's stdin, which must then stay open. Throws a TypeError on an argument out of its range. */
export function buildInput({ nonce, windowSeconds, deadlineSeconds, args }: BundleCall): string {
  if (!/^[0-9a-f]{32}$/.test(nonce)) throw new TypeError('nonce: 32 lower-case hex digits');
  if (!Number.isInteger(windowSeconds) || windowSeconds < 1 || windowSeconds > 60) {
    throw new TypeError('windowSeconds: an integer from 1 to 60');
  }
  if (!Number.isInteger(deadlineSeconds) || deadlineSeconds <= windowSeconds || deadlineSeconds > 3600) {
    throw new TypeError('deadlineSeconds: an integer above windowSeconds, at most 3600');
  }
  // Within braces, because a shell parses a compound whole before it runs any of it: a script that was cut off is a syntax error.
  const body = `{\n${readBundle()}\nwhodisk ${nonce} ${windowSeconds} ${deadlineSeconds} ${args ? 1 : 0} "\${1:-user}"\n}\n`;
  // bash would read the body with one system call for each byte (8 ms of CPU); `read -N` outside of POSIX mode reads blocks, and
  // fails when the body is cut off. The other shells go on to the body by themselves. Descriptor 3 is the stdin that background jobs
  // can still read; bash 5.2 crashes if it is opened inside of an eval.
  const length = Buffer.byteLength(body);
  return `{ exec 3<&0; if [ "\${BASH_VERSION-}" ]; then set +o posix; LC_ALL=C; IFS= read -r -N ${length} W && eval "$W"; exit 0; fi; }\n${body}`;
}

/** The effective user id, by builtins alone: the first thing on a host must not depend on a disk. */
const EFFECTIVE_UID = 'u=; while read -r k r e x; do if [ "$k" = Uid: ]; then u=$e; fi; done </proc/self/status';

const COMMANDS = {
  user: 'exec /bin/sh -s user',
  // 1: sudo refused; 127: there is no sudo. The bundle itself ends with neither.
  auto: `${EFFECTIVE_UID}; if [ "$u" = 0 ]; then exec /bin/sh -s root; fi; sudo -n /bin/sh -s sudo; case $? in 1|127) exec /bin/sh -s user;; esac`,
  root: `${EFFECTIVE_UID}; if [ "$u" = 0 ]; then exec /bin/sh -s root; fi; exec sudo -n /bin/sh -s sudo`,
} as const satisfies Record<Privilege, string>;

/**
 * The command line for the login shell. It means the same to sh, csh and fish: one word in single quotes, no newline, no `!`.
 * Throws a TypeError on an unknown privilege.
 */
export function commandFor(privilege: Privilege): string {
  if (!Object.hasOwn(COMMANDS, privilege))
    throw new TypeError(`privilege: auto, root or user, not ${JSON.stringify(privilege)}`);
  return `exec /bin/sh -c '${COMMANDS[privilege]}'`;
}
