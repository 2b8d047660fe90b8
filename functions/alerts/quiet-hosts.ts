/** Which hosts alerts may have swept now, and for how long they are quiet then: claims `alert-quiet#HOST`. */
import pLimit from 'p-limit';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';

export interface Taken {
  /** They are ours for a minute. */
  readonly loud: readonly string[];
  readonly quiet: readonly string[];
  /** Then nothing was taken. */
  readonly problem?: StoreProblem;
}

export interface QuietHosts {
  take(names: readonly string[]): Promise<Taken>;
  /** The sweep has begun: they are quiet from now on. */
  keep(names: readonly string[], minutes: number): Promise<void>;
  /** Nothing was begun. */
  giveBack(names: readonly string[]): Promise<void>;
}

/** @param holder of this one call */
export function quietHosts(
  { store, nowMs }: { readonly store: Pick<Store, 'claim' | 'release'>; readonly nowMs: () => number },
  holder: string,
): QuietHosts {
  const limit = pLimit(AT_A_TIME);
  const claimAll = (names: readonly string[], untilMs: number) =>
    Promise.all(
      names.map((name) =>
        limit(async () => ({ name, answer: await store.claim(`alert-quiet#${name}`, holder, untilMs) })),
      ),
    );
  const giveBack = async (names: readonly string[]): Promise<void> => {
    await Promise.all(names.map((name) => limit(() => store.release(`alert-quiet#${name}`, holder))));
  };
  return {
    async take(names) {
      // No longer than a start takes: whoever dies in between leaves no host quiet that was not swept.
      const answers = await claimAll(names, nowMs() + START_MS);
      const loud: string[] = [];
      const quiet: string[] = [];
      let problem: StoreProblem | undefined;
      for (const { name, answer } of answers) {
        if (answer instanceof StoreProblem) problem = answer;
        else (answer.holder === holder ? loud : quiet).push(name);
      }
      if (problem === undefined) return { loud, quiet };
      await giveBack(loud);
      return { loud: [], quiet: [], problem };
    },
    async keep(names, minutes) {
      if (minutes === 0) await giveBack(names);
      else await claimAll(names, nowMs() + minutes * 60_000);
    },
    giveBack,
  };
}

const START_MS = 60_000;
const AT_A_TIME = 32;
