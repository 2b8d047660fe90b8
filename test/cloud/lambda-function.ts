/** A function: as many execution environments as are asked for at the same time, kept for the next events. */
import { type Invoked, type LambdaProcess, startLambda } from './lambda-process.ts';
import type { PackagedFunction } from './packaged.ts';

export interface LambdaFunction {
  readonly name: string;
  /** Never rejects. @param crashAfterMs kill -9 that long after it began */
  invoke(event: unknown, crashAfterMs?: number): Promise<Invoked>;
  /** Of all processes that there ever were. */
  used(): { readonly invocations: number; readonly processes: number; readonly cpuMs: number; readonly peakMb: number };
  /** Of all processes, one after the other. */
  output(): string;
  /** Also forgets warm processes: the next invocation is a cold one. */
  end(): Promise<void>;
}

export function lambdaFunction(
  packaged: PackagedFunction,
  program: string,
  env: Readonly<Record<string, string>>,
): LambdaFunction {
  const all = new Set<LambdaProcess>();
  const idle: LambdaProcess[] = [];
  let invocations = 0;

  async function take(): Promise<LambdaProcess> {
    const warm = idle.pop();
    if (warm !== undefined) return warm;
    const cold = await startLambda(packaged, program, env);
    all.add(cold);
    return cold;
  }

  return {
    name: packaged.name,
    async invoke(event, crashAfterMs) {
      invocations += 1;
      let lambda: LambdaProcess;
      try {
        lambda = await take();
      } catch (error) {
        return { kind: 'failed', message: String(error) };
      }
      const invoked = await lambda.invoke(event, crashAfterMs);
      if (invoked.kind === 'answered' || invoked.kind === 'failed') idle.push(lambda);
      return invoked;
    },
    used: () => ({
      invocations,
      processes: all.size,
      cpuMs: [...all].reduce((sum, one) => sum + one.cpuMs(), 0),
      peakMb: [...all].reduce((most, one) => Math.max(most, one.peakMb()), 0),
    }),
    output: () => [...all].map((one) => one.output()).join(''),
    async end() {
      idle.length = 0;
      await Promise.all([...all].map((one) => one.end()));
    },
  };
}
