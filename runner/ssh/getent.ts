/**
 * getaddrinfo(3) in a process of its own, `getent ahosts NAME` of glibc and musl: within this one it would hold a thread that nothing can
 * call back, and that even the end of the process waits for.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { isIP } from 'node:net';
import { endGroup, noteGroup } from './process-groups.ts';

/** Sixteen names of one host, each with three kinds of socket, are a tenth of it. */
const MAX_ANSWER_CHARACTERS = 64 * 1024;

/**
 * The addresses, some of them more than once; none where nobody knows the name or `signal` ended the asking. 'no-getent' where this machine
 * has no such program. Never rejects.
 *
 * @param name a host name: it never begins with "-" (problemOfHost of target.ts), and no shell reads it
 */
export function askGetent(name: string, signal: AbortSignal, program = 'getent'): Promise<string[] | 'no-getent'> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve([]);
      return;
    }
    // A group of its own, so that it ends with this process at the latest.
    const child: ChildProcess = spawn(program, ['ahosts', name], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    noteGroup(child);
    let answer = '';
    const settle = (found: string[] | 'no-getent'): void => {
      signal.removeEventListener('abort', onAbort);
      resolve(found);
    };
    const onAbort = (): void => {
      endGroup(child);
      settle([]);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    child.on('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ENOENT' ? 'no-getent' : []));
    child.on('close', () => settle(addressesIn(answer)));
    // Without a free descriptor there is no stdout.
    child.stdout?.on('data', (chunk: Buffer) => {
      if (answer.length < MAX_ANSWER_CHARACTERS) answer += chunk.toString('latin1');
    });
    child.stdout?.on('error', () => {});
  });
}

/** Lines of `ADDRESS STREAM NAME`. */
function addressesIn(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [address = ''] = line.split(/\s/, 1);
    return isIP(address) === 0 ? [] : [address];
  });
}
