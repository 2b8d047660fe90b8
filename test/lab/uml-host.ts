/** One User-Mode Linux host: its files, its tap, its process. */
import { execFile, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { run } from './kernel.ts';
import { TOKEN_VARIABLE } from './processes.ts';
import type { Lab } from './session.ts';
import type { UmlBase } from './uml-base.ts';

const execute = promisify(execFile);

/** The network of every fleet: each has it in a namespace of its own. */
export const NET = '10.77.0';
const BOOT_LIMIT_SECONDS = 120;
const LIMIT_BYTES = 32;

export function addressOf(host: number): string {
  return `${NET}.${10 + host}`;
}

/** Sets the rate of a disk, bytes a second (ubdlimit.c), in place: the running host has the file mapped. */
export function writeLimit(file: string, bytesPerSecond: number): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, `${bytesPerSecond}`.padEnd(LIMIT_BYTES - 1).concat('\n'), 0);
  closeSync(fd);
}

/** Makes an ed25519 key pair and answers the public half, "ssh-ed25519 AAAA…". */
export function makeKey(file: string, comment: string): string {
  run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file);
  return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

export interface HostPlan {
  readonly lab: Lab;
  readonly base: UmlBase;
  /** The network namespace of the fleet, with a bridge br0. */
  readonly netns: string;
  /** Its number, from 1. */
  readonly host: number;
  readonly memoryMb: number;
  readonly diskMb: number;
}

/** Makes the files, the tap and the process of host K. */
export function bootHost({ lab, base, netns, host, memoryMb, diskMb }: HostPlan): void {
  const folder = join(lab.folder, `h${host}`);
  const keys = join(folder, 'keys');
  mkdirSync(keys, { recursive: true });
  const key = makeKey(join(keys, 'ssh_host_ed25519_key'), `h${host}`);
  copyFileSync(join(lab.folder, 'id.pub'), join(keys, 'authorized_keys'));
  appendFileSync(join(lab.folder, 'known_hosts'), `${addressOf(host)} ${key}\n`);

  const disk = join(folder, 'data.img');
  writeFileSync(disk, '');
  run('truncate', '-s', `${diskMb}M`, disk);
  run('mkfs.ext4', '-q', '-E', 'nodiscard,lazy_itable_init=0,lazy_journal_init=0', disk);
  chmodSync(disk, 0o1600);
  const limit = join(folder, 'limit');
  writeFileSync(limit, '0'.padEnd(LIMIT_BYTES - 1).concat('\n'));

  const tap = `tap${host}`;
  const inside = (...args: string[]) => run('nsenter', `--net=/run/netns/${netns}`, ...args);
  inside('ip', 'tuntap', 'add', 'dev', tap, 'mode', 'tap');
  inside('ip', 'link', 'set', tap, 'master', 'br0');
  inside('ip', 'link', 'set', tap, 'up');

  const console = openSync(join(folder, 'console.log'), 'w', 0o600);
  const child = spawn(
    'nsenter',
    [
      `--net=/run/netns/${netns}`,
      'linux.uml',
      `mem=${memoryMb}M`,
      `umid=h${host}`,
      `uml_dir=${join(lab.folder, 'run')}`,
      `ubd1=${disk}`,
      'ro',
      `init=${base.init}`,
      'root=/dev/root',
      'rootfstype=hostfs',
      `rootflags=${base.root}`,
      // Without gro, frames over 1,500 bytes are dropped and bulk transfers into the guest stall.
      `vec0:transport=tap,ifname=${tap},gro=1,mac=52:54:00:77:00:${(host % 256).toString(16).padStart(2, '0')}`,
      'con0=null,fd:1',
      'con=null',
      'ssl=null',
      'quiet',
      `UHOST=h${host}`,
      `UADDR=${addressOf(host)}`,
      `UKEYS=${keys}`,
    ],
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', console, console],
      // No TMPDIR: the guest's memory is then a deleted file in /dev/shm.
      env: { PATH: process.env['PATH'], LD_PRELOAD: base.limiter, UBDLIMIT: limit, [TOKEN_VARIABLE]: lab.token },
    },
  );
  child.once('error', (error) => appendFileSync(join(folder, 'console.log'), error.message));
  child.unref();
  closeSync(console);
}

/** Waits until the sshd of a host says its banner. */
export async function waitForSshd(lab: Lab, netns: string, host: number): Promise<void> {
  const address = addressOf(host);
  const knock = `exec 3<>/dev/tcp/${address}/22 && IFS= read -r -t 2 line <&3 && [[ $line == SSH-* ]]`;
  const script = `until timeout 3 bash -c '${knock}' 2>/dev/null; do sleep 0.1; done`;
  try {
    await execute('nsenter', [
      `--net=/run/netns/${netns}`,
      'timeout',
      String(BOOT_LIMIT_SECONDS),
      'bash',
      '-c',
      script,
    ]);
  } catch {
    const log = readFileSync(join(lab.folder, `h${host}`, 'console.log'), 'utf8').slice(-2000);
    throw new Error(`host ${host} (${address}): no sshd within ${BOOT_LIMIT_SECONDS} s; its console: ${log}`);
  }
}
