/**
 * A fleet of real hosts on this machine: User-Mode Linux, each with a kernel, a disk, an sshd, a host key and a process
 * table of its own. They live in a network namespace of their own, so several fleets may use the same addresses at a
 * time, and nothing leaves it. The guest kernel has one CPU and no PSI, tracefs or /proc/PID/syscall: a poor host.
 */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { run } from './kernel.ts';
import { type Lab, withLab } from './session.ts';
import { umlBase } from './uml-base.ts';
import { addressOf, bootHost, makeKey, NET, waitForSshd, writeLimit } from './uml-host.ts';

const execute = promisify(execFile);
const MIB = 1024 * 1024;

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Fleet {
  /** Addresses of the hosts; host K (from 1) has the K-th. */
  readonly addresses: readonly string[];
  /** A private key that is root on every host, and the known_hosts file with their keys. */
  readonly identity: string;
  readonly knownHosts: string;
  /** Limits the data disk (/data, ubdb) of host K, in MB/s for every issuer; "stop" hangs it, 0 lifts the limit. */
  readonly slow: (host: number, megabytesPerSecond: number | 'stop') => void;
  /** Runs a shell command on host K as root. */
  readonly exec: (host: number, command: string) => Promise<Answer>;
  /** Runs a program of this machine inside the network of the fleet. */
  readonly run: (
    program: string,
    args: readonly string[],
    options?: { readonly timeoutMs?: number },
  ) => Promise<Answer>;
}

async function answerOf(program: string, args: readonly string[], timeoutMs: number): Promise<Answer> {
  try {
    const done = await execute(program, args, { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64 * MIB });
    return { code: 0, stdout: done.stdout, stderr: done.stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

export interface FleetOptions {
  readonly hosts: number;
  readonly memoryMb?: number;
  readonly diskMb?: number;
}

/** Boots hosts 1..N and waits for their sshd. They go down with the laboratory. */
export async function createFleet(lab: Lab, options: FleetOptions): Promise<Fleet> {
  const { hosts, memoryMb = 256, diskMb = 1024 } = options;
  const base = await umlBase();
  const netns = `whodisk-lab-${lab.token}`;
  lab.note({ kind: 'netns', name: netns });
  run('ip', 'netns', 'add', netns);
  const inside = (...args: string[]) => run('nsenter', `--net=/run/netns/${netns}`, ...args);
  inside('ip', 'link', 'set', 'lo', 'up');
  inside('ip', 'link', 'add', 'br0', 'type', 'bridge');
  inside('ip', 'addr', 'add', `${NET}.1/24`, 'dev', 'br0');
  inside('ip', 'link', 'set', 'br0', 'up');

  mkdirSync(join(lab.folder, 'run'));
  const identity = join(lab.folder, 'id');
  makeKey(identity, 'whodisk-lab');
  const knownHosts = join(lab.folder, 'known_hosts');
  const numbers = Array.from({ length: hosts }, (_, index) => index + 1);
  for (const host of numbers) bootHost({ lab, base, netns, host, memoryMb, diskMb });
  await Promise.all(numbers.map((host) => waitForSshd(lab, netns, host)));

  const runInside: Fleet['run'] = (program, args, { timeoutMs = 60_000 } = {}) =>
    answerOf('nsenter', [`--net=/run/netns/${netns}`, program, ...args], timeoutMs);
  return {
    addresses: numbers.map(addressOf),
    identity,
    knownHosts,
    run: runInside,
    slow: (host, megabytesPerSecond) =>
      writeLimit(
        join(lab.folder, `h${host}`, 'limit'),
        megabytesPerSecond === 'stop' ? -1 : Math.round(megabytesPerSecond * MIB),
      ),
    exec: (host, command) => {
      const options = ['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', 'LogLevel=ERROR'];
      const flags = [...options, `UserKnownHostsFile=${knownHosts}`].flatMap((option) => ['-o', option]);
      return runInside('ssh', ['-F', 'none', '-i', identity, ...flags, `root@${addressOf(host)}`, command]);
    },
  };
}

/** A fleet for as long as `use` runs. */
export function withFleet<T>(options: FleetOptions, use: (fleet: Fleet, lab: Lab) => Promise<T>): Promise<T> {
  return withLab(async (lab) => use(await createFleet(lab, options), lab));
}
