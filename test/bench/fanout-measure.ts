/** What a command costs the machine that it runs on: CPU of its whole tree, memory, wall. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

export interface Cost {
  /** Exit status; 128 and the signal where one ended it. */
  readonly status: number;
  /** User and system time of the program and of all the children that it has waited for. */
  readonly cpuMs: number;
  /** The largest resident set of one process: for a program that is a single process, all of it. */
  readonly peakRssMb: number;
  /** The largest sum over the tree of proportional set sizes that was seen, every two seconds: shared pages count once. */
  readonly peakTreeMb: number;
  readonly wallMs: number;
}

export interface Measured {
  readonly command: readonly [program: string, ...args: string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  /** Where its stdout goes. */
  readonly output: string;
  readonly openFiles: number;
  readonly signal: AbortSignal;
}

const COUNTS = z.object({
  status: z.int(),
  userMs: z.number(),
  systemMs: z.number(),
  peakRssKb: z.number(),
  wallMs: z.number(),
});

/** Compiles a C program that lies beside this file. Throws with what the compiler says. */
export function compile(source: string, folder: string): string {
  const program = join(folder, source.replace(/\.c$/, ''));
  execFileSync('gcc', ['-O2', '-o', program, fileURLToPath(new URL(`./${source}`, import.meta.url))]);
  return program;
}

const TREE_EVERY_MS = 2000;

/** `measurer` is the compiled fanout-measure.c. Rejects only where that cannot be run, or was interrupted. */
export async function measure(measurer: string, what: Measured): Promise<Cost & { readonly stderr: string }> {
  if (what.signal.aborted) throw new Error('interrupted');
  const output = openSync(what.output, 'w', 0o600);
  const child = spawn(measurer, [String(what.openFiles), ...what.command], {
    cwd: what.folder,
    env: what.env,
    stdio: ['ignore', output, 'pipe', 'pipe'],
  });
  closeSync(output);
  const end = () => {
    for (const pid of treeOf(child.pid ?? 0).reverse()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    }
  };
  what.signal.addEventListener('abort', end, { once: true });
  let counts = '';
  let stderr = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    counts += chunk.toString('latin1');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-8192);
  });
  let peakTreeMb = 0;
  const timer = setInterval(() => {
    peakTreeMb = Math.max(peakTreeMb, memoryMbOf(treeOf(child.pid ?? 0)));
  }, TREE_EVERY_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve());
    });
    if (what.signal.aborted) throw new Error('interrupted');
    const { status, userMs, systemMs, peakRssKb, wallMs } = COUNTS.parse(JSON.parse(counts));
    return { status, cpuMs: userMs + systemMs, peakRssMb: peakRssKb / 1024, peakTreeMb, wallMs, stderr };
  } finally {
    clearInterval(timer);
    what.signal.removeEventListener('abort', end);
  }
}

/** A process and all below it, parents before children; none where there is no such process. */
function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = textOf(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = root > 0 ? [root] : [];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** Sum of the proportional set sizes, proc(5) smaps_rollup. */
function memoryMbOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => Number(/^Pss: +(\d+) kB$/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

/** '' of a process that has just ended. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
