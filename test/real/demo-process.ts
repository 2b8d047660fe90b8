/** A `whodisk demo` that runs, and what it has said so far. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

export interface DemoProcess {
  readonly child: ChildProcess;
  /** Its exit status; null where a signal has ended it. */
  readonly ended: Promise<number | null>;
  /** Resolves to the milliseconds since it was started. @throws Error where it ends before it has said that */
  said(words: string): Promise<number>;
  stdout(): string;
  stderr(): string;
}

export function startDemo(program: string, args: readonly string[], options: SpawnOptions): DemoProcess {
  const startedAt = performance.now();
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const said = (words: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes(words)) resolve(performance.now() - startedAt);
      };
      child.stdout?.on('data', look);
      void ended.then(() => reject(new Error(`it ended before it said ${words}: ${stdout}${stderr}`)));
      look();
    });
  return { child, ended, said, stdout: () => stdout, stderr: () => stderr };
}
