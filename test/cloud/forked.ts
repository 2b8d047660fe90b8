/** A program of the tests in a process of its own, which is spoken to over Node's IPC. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Forked {
  readonly pid: number;
  readonly child: ChildProcess;
  /** The first message that it sent. */
  readonly first: unknown;
  /** What it said on stdout and stderr so far. */
  output(): string;
  /** User and system time so far, also once it has ended. */
  cpuMs(): number;
  /** The largest resident set so far, in MB. */
  peakMb(): number;
  /** kill -9. Resolves once it is gone. */
  kill(): Promise<void>;
}

export interface ForkOptions {
  readonly args?: readonly string[];
  /** All that it has; nothing of this process. */
  readonly env: Readonly<Record<string, string>>;
}

const STARTED_WITHIN_MS = 60_000;

/** Also those that stand still: nobody else would ever wake them. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** @throws Error with what it said where it sends nothing */
export async function startForked(file: string, { args = [], env }: ForkOptions): Promise<Forked> {
  const child = fork(file, args, { env: { ...env }, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} does not start`);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  }
  child.on('error', () => {});
  alive.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      alive.delete(child);
      resolve();
    });
  });
  let used = { cpuMs: 0, peakMb: 0 };
  const look = (): typeof used => {
    used = usedBy(pid) ?? used;
    return used;
  };
  const kill = async (): Promise<void> => {
    look();
    child.kill('SIGKILL');
    await ended;
  };
  const first = await new Promise<unknown>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), STARTED_WITHIN_MS);
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve(message);
    });
    void ended.then(() => resolve(undefined));
  });
  if (first === undefined) {
    await kill();
    throw new Error(`${file} does not start: ${said.join('')}`);
  }
  return {
    pid,
    child,
    first,
    output: () => said.join(''),
    cpuMs: () => look().cpuMs,
    peakMb: () => look().peakMb,
    kill,
  };
}

/** Fields 14 and 15 of /proc/PID/stat in hundredths of a second, VmHWM of /proc/PID/status; undefined where it is gone. */
function usedBy(pid: number): { cpuMs: number; peakMb: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const peakKb = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    // A zombie has no memory any more.
    if (peakKb === undefined) return undefined;
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, peakMb: Number(peakKb) / 1024 };
  } catch {
    return undefined;
  }
}
