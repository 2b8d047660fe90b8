/** Runs a program of the system to its end, and waits for it only so long: one that hangs in the kernel cannot even be killed. */
import { spawn } from 'node:child_process';

/** @returns its stdout. @throws Error with what it said, or that it does not end */
export function runProgram(
  program: string,
  args: readonly string[],
  given: {
    readonly path: string;
    readonly limitMs: number;
    readonly env?: Readonly<Record<string, string>>;
    /** Aborted, it is killed, and what it has started may run on. */
    readonly signal?: AbortSignal;
  },
): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own: the Ctrl-C that ends the demo is not to end what puts things back.
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...given.env, PATH: given.path, LC_ALL: 'C' },
      ...(given.signal && { signal: given.signal, killSignal: 'SIGKILL' }),
    });
    let said = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      child.unref();
      child.stdout.destroy();
      child.stderr.destroy();
      reject(new Error(`${program} ${args.join(' ')} has not ended within ${given.limitMs / 1000} s`));
    }, given.limitMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      if (status === 0) resolve(said.trim());
      else reject(new Error(complaint.trim().split('\n')[0] || `${program} ${args.join(' ')} ended with ${status}`));
    });
  });
}
