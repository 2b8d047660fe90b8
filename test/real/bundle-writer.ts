/** Programs that write, for the bundle to find: each in a session of its own, ended by its pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Writer {
  readonly pid: number;
  readonly file: string;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/** Appends a megabyte to one open file, a hundred times a second less what it takes, and starts the file anew at 200 MB. */
const SHELL_WRITER = `exec 5>"$1"; echo ready; i=0
while :; do printf '%1048576s' x >&5; sleep 0.05; i=$((i+1)); done`;

/** `name`: the comm of the process, at most 15 bytes: dash is copied to a file of that name. */
export async function startShellWriter(name?: string): Promise<Writer> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'whodisk-writer-')));
  chmodSync(folder, 0o755);
  const file = join(folder, 'grows.log');
  const program = name === undefined ? '/bin/dash' : join(folder, name);
  if (name !== undefined) copyFileSync('/bin/dash', program);
  return started(
    folder,
    file,
    spawn(program, ['-c', SHELL_WRITER, 'sh', file], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] }),
  );
}

/** A Node program that is given the folder as its argument and prints a line when it is ready. */
export async function startNodeWriter(source: string): Promise<Writer> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'whodisk-writer-')));
  const file = join(folder, 'grows.log');
  return started(
    folder,
    file,
    spawn(process.execPath, ['-e', source, folder], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] }),
  );
}

async function started(folder: string, file: string, child: ChildProcess): Promise<Writer> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('error', reject);
    child.once('close', () => reject(new Error('the writer ended at once')));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the writer has no pid');
  const stop = async () => {
    process.kill(-pid, 'SIGKILL');
    await closed;
    rmSync(folder, { recursive: true, force: true });
  };
  return { pid, file, folder, stop };
}
