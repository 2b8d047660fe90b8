/**
 * One execution environment of a function: a process that takes one event at a time, is frozen in between (SIGSTOP), is killed when its
 * time is over, and begins anew, in another process, after a crash.
 */
import { randomUUID } from 'node:crypto';
import { type Forked, startForked } from './forked.ts';
import type { Answer, Call } from './lambda-child.ts';
import type { PackagedFunction } from './packaged.ts';

export type Invoked =
  | { readonly kind: 'answered'; readonly value: unknown }
  /** The handler threw. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The process is gone: it was killed, by us or by itself. */
  | { readonly kind: 'crashed' }
  | { readonly kind: 'timed-out' };

export interface LambdaProcess {
  readonly importMs: number;
  /** Never rejects. After 'crashed' and 'timed-out' it is no more. @param crashAfterMs kill -9 in the middle */
  invoke(event: unknown, crashAfterMs?: number): Promise<Invoked>;
  output(): string;
  cpuMs(): number;
  peakMb(): number;
  end(): Promise<void>;
}

/** @param env what the function sees, all of it. @param program the built lambda-child.ts */
export async function startLambda(
  { name, file, handler, memoryMb, timeoutMs }: PackagedFunction,
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<LambdaProcess> {
  const forked = await startForked(program, { args: [file, handler], env: { ...runtimeEnv(name, memoryMb), ...env } });
  const ready = forked.first as Answer;
  if (ready.kind !== 'ready') throw new Error(`${name} did not begin: ${JSON.stringify(ready)}`);
  forked.child.kill('SIGSTOP');
  return {
    importMs: ready.importMs,
    invoke: (event, crashAfterMs) => invoke(forked, event, timeoutMs, crashAfterMs),
    output: forked.output,
    cpuMs: forked.cpuMs,
    peakMb: forked.peakMb,
    end: forked.kill,
  };
}

function invoke(forked: Forked, event: unknown, timeoutMs: number, crashAfterMs?: number): Promise<Invoked> {
  const { child } = forked;
  return new Promise((resolve) => {
    const id = randomUUID();
    const timers: NodeJS.Timeout[] = [];
    const settle = (invoked: Invoked): void => {
      for (const timer of timers) clearTimeout(timer);
      child.off('message', listen);
      child.off('exit', crashed);
      resolve(invoked);
    };
    let why: 'crashed' | 'timed-out' = 'crashed';
    const crashed = (): void => settle({ kind: why });
    const listen = (message: unknown): void => {
      const answer = message as Answer;
      if (answer.kind === 'ready' || answer.id !== id) return;
      // What goes on after the answer goes on in the next invocation at the earliest.
      child.kill('SIGSTOP');
      settle(answer.kind === 'answered' ? { kind: 'answered', value: answer.value } : answer);
    };
    if (child.exitCode !== null || child.signalCode !== null) return crashed();
    child.on('message', listen);
    child.once('exit', crashed);
    const end = (reason: typeof why, ms: number): void => {
      const kill = (): void => {
        why = reason;
        void forked.kill();
      };
      timers.push(setTimeout(kill, ms));
    };
    end('timed-out', timeoutMs);
    if (crashAfterMs !== undefined) end('crashed', crashAfterMs);
    child.kill('SIGCONT');
    child.send({ id, event, endsAtMs: Date.now() + timeoutMs } satisfies Call);
  });
}

/** What Lambda itself sets (Lambda Developer Guide, "Defined runtime environment variables"), credentials that nobody checks among it. */
function runtimeEnv(name: string, memoryMb: number): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    // By which the DynamoDB of the test knows who asks.
    AWS_ACCESS_KEY_ID: name,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  };
}

/** Of everything in these tests. */
export const REGION = 'eu-central-1';
