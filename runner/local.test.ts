import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { localTransport } from './local.ts';
import type { Exchange, Outcome } from './transport.ts';

const started: number[] = [];

interface Run {
  readonly outcome: Outcome;
  readonly output: string;
  readonly ms: number;
}

/** Runs `command` in the real shell; the answer is whole when `DONE` has been printed. */
async function run(command: string, more: Partial<Exchange> = {}): Promise<Run> {
  let output = '';
  const begin = performance.now();
  const outcome = await localTransport()({
    command: `echo pid $$; ${command}`,
    input: () => '',
    onOutput: (chunk) => {
      output += chunk.toString();
      return output.includes('DONE');
    },
    maxOutputBytes: 100_000,
    maxErrorBytes: 1000,
    deadlineMs: 10_000,
    signal: new AbortController().signal,
    ...more,
  });
  const pid = Number(/^pid (\d+)/.exec(output)?.[1]);
  if (pid) started.push(pid);
  return { outcome, output, ms: performance.now() - begin };
}

/** Whether a process of the group is still there and no zombie. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

async function isGoneWithin(pid: number, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    if (!isRunning(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return !isRunning(pid);
}

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It ended by itself, as it should.
    }
  }
});

const pidIn = (output: string, name = 'pid'): number => Number(new RegExp(`${name} (\\d+)`).exec(output)?.[1]);

describe('localTransport', () => {
  test('feeds the input to the shell and ends when the answer is whole, although the shell goes on', async () => {
    const { outcome, output, ms } = await run('exec /bin/sh -s x', { input: () => 'echo "$1 DONE"; sleep 30\n' });
    expect(output).toContain('x DONE');
    expect(outcome).not.toHaveProperty('failure');
    expect(ms).toBeLessThan(5000);
    expect(await isGoneWithin(pidIn(output), 4000)).toBe(true);
  });

  test('stdin stays open while it runs, and its end is what tells the far side to stop', async () => {
    const { output } = await run('read -r a; echo "got $a DONE"; if read -r b; then :; fi; exit 0', {
      input: () => 'first\n',
    });
    expect(output).toContain('got first');
    expect(await isGoneWithin(pidIn(output), 900)).toBe(true);
  });

  test('an exit before the answer is whole is a failure with its status and what was said on stderr', async () => {
    const { outcome } = await run('echo trouble >&2; exit 3');
    expect(outcome).toMatchObject({
      failure: { phase: 'sample', kind: 'ended-early' },
      exit: { code: 3 },
      stderr: 'trouble\n',
    });
  });

  test('death by a signal is told as such', async () => {
    const { outcome } = await run('kill -9 $$');
    expect(outcome).toMatchObject({ failure: { kind: 'ended-early' }, exit: { signal: 'SIGKILL' } });
  });

  test('a shell that never reads its input is no crash of ours', async () => {
    const { outcome } = await run('exit 0', { input: () => '#'.repeat(1_000_000) });
    expect(outcome.failure?.kind).toBe('ended-early');
  });

  test('more output than the cap ends it', async () => {
    const { outcome, output } = await run('exec yes');
    expect(outcome.failure).toMatchObject({ phase: 'sample', kind: 'output-cap' });
    expect(output.length).toBeLessThan(400_000);
    expect(await isGoneWithin(pidIn(output), 4000)).toBe(true);
  });

  test('stderr is drained to its end and only its beginning is kept', async () => {
    const { outcome } = await run(
      'i=0; while [ $i -lt 3000 ]; do echo "a line of noise that nobody wants to read" >&2; i=$((i+1)); done; echo DONE',
    );
    expect(outcome).not.toHaveProperty('failure');
    expect(outcome.stderr.length).toBeLessThanOrEqual(1000);
  });

  test('the deadline ends it, and kills with its children what does not stop by itself', async () => {
    const { outcome, output, ms } = await run(`trap '' TERM HUP; sleep 60 & echo "child $!"; wait; sleep 60`, {
      deadlineMs: 500,
    });
    expect(outcome.failure).toEqual({
      phase: 'deadline',
      kind: 'deadline-exceeded',
      message: 'this machine did not finish within 0.5 s',
    });
    expect(ms).toBeLessThan(1500);
    expect(await isGoneWithin(pidIn(output), 4000)).toBe(true);
    expect(await isGoneWithin(pidIn(output, 'child'), 4000)).toBe(true);
  });

  test('an interrupt ends it at once', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    const { outcome, output, ms } = await run('sleep 60', { signal: abort.signal });
    expect(outcome.failure?.kind).toBe('interrupted');
    expect(ms).toBeLessThan(2000);
    expect(await isGoneWithin(pidIn(output), 4000)).toBe(true);
  });

  test('an interrupt that came before is obeyed', async () => {
    const { outcome, ms } = await run('exec cat', { signal: AbortSignal.abort() });
    expect(outcome.failure?.kind).toBe('interrupted');
    expect(ms).toBeLessThan(2000);
  });
});
