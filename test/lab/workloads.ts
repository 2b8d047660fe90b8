/** Real programs that load a disk, or do not. Each is a process group of its own, ended by its pid. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './kernel.ts';
import { TOKEN_VARIABLE } from './processes.ts';
import type { Lab } from './session.ts';

const MIB = 1024 * 1024;
const MESSAGE_BYTES = 300 * MIB;

export interface Workload {
  readonly pid: number;
  /** Ends it with all its children; throws what it said when it had ended by itself before. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a program in a session of its own, marked with the token of `lab`. `saysReady`: waits for its first output,
 * for thirty seconds. Throws when the program is missing or does not get that far.
 */
export async function startProgram(
  lab: Lab,
  program: string,
  args: readonly string[],
  saysReady = false,
  cwd?: string,
): Promise<Workload> {
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', [TOKEN_VARIABLE]: lab.token },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4096);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(`ended with ${signal ?? code}: ${said}`));
  });
  const ready = new Promise<undefined>((resolve) => {
    child.stdout.once('data', () => resolve(undefined));
    if (!saysReady) child.once('spawn', () => resolve(undefined));
    child.stdout.resume();
  });
  const late = new Promise<string>((resolve) => setTimeout(resolve, 30_000, 'not ready after 30 s').unref());
  const trouble = await Promise.race([ready, ended, late]);
  const { pid } = child;
  if (trouble !== undefined || pid === undefined) throw new Error(`${program} ${args.join(' ')}: ${trouble}`);

  const stop = async () => {
    if (child.exitCode !== null) throw new Error(`${program} ${args.join(' ')}: ${await ended}`);
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It was ended by the clean-up of the laboratory.
    }
    await ended;
  };
  return { pid, stop };
}

/** A program of test/lab/programs that says when it is ready. */
export function python(lab: Lab, program: string, ...args: (string | number)[]): Promise<Workload> {
  const file = fileURLToPath(new URL(`./programs/${program}`, import.meta.url));
  return startProgram(lab, 'python3', [file, ...args.map(String)], true);
}

/** The rotating logger of the model case: messages of `messageBytes` in one write(), three of them to a file, no pause. */
export function rotatingLogger(lab: Lab, file: string, messageBytes = MESSAGE_BYTES): Promise<Workload> {
  return python(lab, 'rotating_logger.py', file, messageBytes, Math.round(messageBytes * 3.5));
}

/** A victim: 4 KiB and fsync, again and again; hardly a load, but every round waits for the disk. */
export function fsyncVictim(lab: Lab, file: string, pauseMs = 50): Promise<Workload> {
  return python(lab, 'small_sync.py', file, pauseMs / 1000);
}

/** Rewrites `fileBytes` through the page cache; `bytesPerSecond` 0: as fast as it goes. */
export function bufferedWriter(
  lab: Lab,
  file: string,
  options: { readonly fileBytes?: number; readonly bytesPerSecond?: number } = {},
): Promise<Workload> {
  const { fileBytes = 500 * MIB, bytesPerSecond = 0 } = options;
  return python(lab, 'paced_writer.py', file, fileBytes, bytesPerSecond);
}

/** Writes a file to be read later; to be called while the disk is unlimited. Its blocks are dropped from the cache. */
export function prepareFile(file: string, megabytes: number): void {
  run('dd', 'if=/dev/zero', `of=${file}`, 'bs=1M', `count=${megabytes}`, 'oflag=direct', 'status=none');
}

/** dd with direct I/O, from the beginning of `file` to its end: 1 GB lasts 50 s at 20 MB/s. */
export function directReader(lab: Lab, file: string): Promise<Workload> {
  return startProgram(lab, 'dd', [`if=${file}`, 'of=/dev/null', 'bs=1M', 'iflag=direct', 'status=none']);
}

export function idleSleeper(lab: Lab): Promise<Workload> {
  return startProgram(lab, 'sleep', ['infinity']);
}

/** A shell that starts `atATime` children, waits for them and starts again; each writes 4 MiB to a file of its own. */
export function shortLivedChildren(lab: Lab, folder: string, atATime: number): Promise<Workload> {
  const script = join(lab.folder, 'short-lived-children.sh');
  writeFileSync(
    script,
    `while :; do
  i=0
  while [ $i -lt "$2" ]; do
    dd if=/dev/zero of="$1/child-$i" bs=1M count=1 status=none &
    i=$((i + 1))
  done
  wait
done
`,
  );
  return startProgram(lab, 'sh', [script, folder, String(atATime)]);
}

/** A crowd on one host: processes that sleep and processes that write 4 KiB now and then, all children of one. */
export function crowd(
  lab: Lab,
  folder: string,
  options: { readonly sleepers?: number; readonly writers?: number; readonly pauseMs?: number } = {},
): Promise<Workload> {
  const { sleepers = 800, writers = 200, pauseMs = 500 } = options;
  return python(lab, 'crowd.py', folder, sleepers, writers, pauseMs / 1000);
}
