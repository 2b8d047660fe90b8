/** This machine as a host: the same bundle in the same /bin/sh, without SSH. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Exchange, Outcome, Transport } from './transport.ts';

/** After its stdin has closed the bundle has this long to end by itself. */
const GRACE_MS = 1000;

export function localTransport(): Transport {
  return run;
}

function run(exchange: Exchange): Promise<Outcome> {
  return new Promise((resolve) => {
    // A process group of its own: the bundle leaves its own group out of the suspects, and whodisk is not part of it.
    const child = spawn('/bin/sh', ['-c', exchange.command], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let bytesReceived = 0;
    let stderr = '';
    let settled = false;
    const settle = (outcome: Pick<Outcome, 'failure' | 'exit'>): void => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      exchange.signal.removeEventListener('abort', interrupt);
      endOf(child);
      resolve({ ...outcome, stderr, bytesReceived });
    };
    const fail = (failure: NonNullable<Outcome['failure']>): void => settle({ failure });
    const deadline = setTimeout(() => {
      fail({
        phase: 'deadline',
        kind: 'deadline-exceeded',
        message: `this machine did not finish within ${exchange.deadlineMs / 1000} s`,
      });
    }, exchange.deadlineMs);
    const interrupt = (): void =>
      fail({ phase: 'sample', kind: 'interrupted', message: 'interrupted before it was done' });
    exchange.signal.addEventListener('abort', interrupt);
    if (exchange.signal.aborted) interrupt();

    child.on('error', (error) =>
      fail({ phase: 'exec', kind: 'no-shell', message: `/bin/sh cannot be started: ${error.message}` }),
    );
    child.on('close', (code, signal) => {
      const exit = { ...(code !== null && { code }), ...(signal !== null && { signal }) };
      settle({
        exit,
        failure: { phase: 'sample', kind: 'ended-early', message: 'the bundle ended before its END record' },
      });
    });
    // The shell may be gone before it has read the script: that is its 'close', not our crash.
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      bytesReceived += chunk.length;
      if (settled) return;
      if (exchange.onOutput(chunk)) settle({});
      else if (bytesReceived > exchange.maxOutputBytes) {
        fail({ phase: 'sample', kind: 'output-cap', message: `more than ${exchange.maxOutputBytes} bytes of answer` });
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      bytesReceived += chunk.length;
      if (stderr.length < exchange.maxErrorBytes)
        stderr += chunk.toString('utf8', 0, exchange.maxErrorBytes - stderr.length);
    });
    child.stdin.write(exchange.input());
  });
}

/** Closing stdin tells the bundle to stop; what is still there after the grace is killed with its group. */
function endOf(child: ChildProcess): void {
  child.stdin?.destroy();
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const group = -child.pid;
  const timer = setTimeout(() => {
    try {
      process.kill(group, 'SIGKILL');
    } catch {
      // Gone by itself in the meantime.
    }
  }, GRACE_MS);
  timer.unref();
  child.unref();
  child.on('exit', () => clearTimeout(timer));
}
