/** Runs the bundle as a host would: in a given shell, with the programs of a given kind of host, and sees what it leaves behind. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameReader } from '../../runner/bundle/frames.ts';
import { buildInput } from '../../runner/bundle/script.ts';
import { type Capture, captureOf } from '../../runner/capture.ts';

export interface BundleRun {
  readonly reader: FrameReader;
  /** undefined where not even the greeting came. */
  readonly capture: Capture | undefined;
  readonly output: Buffer;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly wallMs: number;
  /** Command lines of what was still running in the process group of the shell when it had ended. */
  readonly leftRunning: () => string[];
}

export interface BundleRunOptions {
  /** Program and arguments that become the shell which reads the bundle. */
  readonly command: readonly string[];
  readonly windowSeconds?: number;
  readonly deadlineSeconds?: number;
  readonly args?: boolean;
  /** Instead of the whole input. */
  readonly cutAt?: number;
  /** Where nobody hangs up, stdin stays open until the shell ends. */
  readonly hangUpAfterMs?: number;
}

/** What a shell of a host is sent. */
export function inputFor(
  nonce: string,
  { windowSeconds = 2, deadlineSeconds = 12, args = false }: Omit<BundleRunOptions, 'command'>,
): string {
  return buildInput({ nonce, windowSeconds, deadlineSeconds, args });
}

export function runBundle(options: BundleRunOptions): Promise<BundleRun> {
  const [program, ...rest] = options.command;
  if (program === undefined) throw new TypeError('command: a program is needed');
  const nonce = randomBytes(16).toString('hex');
  const started = performance.now();
  const child = spawn(program, rest, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const group = child.pid;
  const reader = new FrameReader(nonce);
  const chunks: Buffer[] = [];
  let stderr = '';
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    reader.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  child.stdin.write(inputFor(nonce, options).slice(0, options.cutAt));
  const hangUp = () => child.stdin.end();
  if (options.cutAt !== undefined) hangUp();
  const timer = options.hangUpAfterMs === undefined ? undefined : setTimeout(hangUp, options.hangUpAfterMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      reader.finish();
      resolve({
        reader,
        capture: captureOf(reader.frames),
        output: Buffer.concat(chunks),
        stderr,
        exitCode,
        wallMs: performance.now() - started,
        leftRunning: () => commandLinesOfGroup(group ?? 0),
      });
    });
  });
}

function commandLinesOfGroup(group: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (Number(processGroup) !== group || state === 'Z') return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}

export type Shell = 'dash' | 'bash' | 'busybox';
export type Awk = 'mawk' | 'gawk' | 'busybox' | 'none';

export interface RootedHost {
  readonly shell: Shell;
  readonly awk: Awk;
  /** Programs of the host besides shell and awk: from GNU and procps, or all of busybox. */
  readonly tools: 'gnu' | 'busybox';
  /** More shell commands before the root is entered; `$R` is the new root. */
  readonly prepare?: string;
  /** A shell command that runs right before the root is entered. */
  readonly last?: string;
  /** Entered as this user instead of root. */
  readonly uid?: number;
}

const TOOLS = ['head', 'ls', 'renice', 'tr', 'grep', 'free', 'sleep', 'xargs'];

/**
 * A command that becomes a shell in a root folder which holds the programs of such a host and nothing else, in a mount namespace
 * of its own: the root is a read-only tmpfs, and all of it vanishes with the command. Needs root. `folder` is an empty folder.
 */
export function rootedCommand(host: RootedHost, folder: string): string[] {
  const lines = [
    'set -e; PATH=/usr/sbin:/usr/bin:/sbin:/bin; mount -t tmpfs -o mode=755,size=64M whodisk-test "$R"; cd "$R"',
    'mkdir bin usr usr/lib usr/bin proc sys dev etc; chmod 755 bin usr usr/* etc',
    'cp /etc/passwd etc/; ln -s usr/lib lib; mount --rbind /usr/lib usr/lib; mount --rbind /proc proc; mount --rbind /sys sys; mount --rbind /dev dev',
    'if [ -e /usr/lib64 ]; then mkdir usr/lib64; ln -s usr/lib64 lib64; mount --rbind /usr/lib64 usr/lib64; fi',
    ...(host.tools === 'gnu'
      ? TOOLS.map((tool) => `cp -L "$(command -v ${tool})" bin/`)
      : ['cp -L "$(command -v busybox)" bin/', ...TOOLS.map((tool) => `ln -s busybox bin/${tool}`)]),
    ...(host.shell === 'busybox' || host.awk === 'busybox' ? ['cp -L "$(command -v busybox)" bin/'] : []),
    ...(host.shell === 'busybox' ? ['ln -s busybox bin/sh'] : [`cp -L "$(command -v ${host.shell})" bin/sh`]),
    // Where no awk is wanted, a busybox that has one must not be found under its own name either.
    ...(host.awk === 'none' && host.shell === 'busybox' ? ['rm bin/sh; mv bin/busybox bin/ash; ln -s ash bin/sh'] : []),
    ...(host.awk === 'mawk' ? ['cp -L "$(command -v mawk)" bin/; ln -s mawk bin/awk'] : []),
    ...(host.awk === 'gawk' ? ['cp -L "$(command -v gawk)" bin/; ln -s gawk bin/awk'] : []),
    ...(host.awk === 'busybox' ? ['ln -s busybox bin/awk'] : []),
    host.prepare ?? '',
    'mount -o remount,ro,mode=755 "$R"; cd /',
    host.last ?? '',
    host.uid === undefined
      ? 'exec chroot "$R" /bin/sh -s root'
      : `exec chroot --userspec=${host.uid}:${host.uid} --groups= "$R" /bin/sh -s user`,
  ];
  return [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    `R=$1; ${lines.filter(Boolean).join('\n')}`,
    'sh',
    folder,
  ];
}

/** An empty folder for `rootedCommand`, and its removal. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'whodisk-root-'));
  try {
    return await use(folder);
  } finally {
    rmdirSync(folder);
  }
}
