/**
 * Which hosts alerts may have swept now, and for how long they are quiet then. Two claims for each: `alert-begins#HOST` for the moment in
 * which its sweep is begun, `alert-quiet#HOST` from then on. A host is only called quiet where its sweep has begun: of a process that was
 * killed before that, whoever comes again takes it over.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';

export interface Taken {
  /** They are ours for a moment. */
  readonly loud: readonly string[];
  readonly quiet: readonly string[];
  /** Somebody else is about to have them swept, or died as they were. */
  readonly beginning: readonly string[];
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

type Standing = 'loud' | 'quiet' | 'beginning' | StoreProblem;

/** @param holder of this one call */
export function quietHosts(
  { store, nowMs }: { readonly store: Pick<Store, 'claim' | 'claimed' | 'release'>; readonly nowMs: () => number },
  holder: string,
): QuietHosts {
  const limit = pLimit(AT_A_TIME);
  const giveBack = async (names: readonly string[]): Promise<void> => {
    await Promise.all(names.map((name) => limit(() => store.release(`alert-begins#${name}`, holder))));
  };
  async function standingOf(name: string): Promise<Standing> {
    const begins = await store.claim(`alert-begins#${name}`, holder, nowMs() + BEGIN_MS);
    if (begins instanceof StoreProblem) return begins;
    const quiet = await store.claimed(`alert-quiet#${name}`);
    if (quiet instanceof StoreProblem) return quiet;
    if (quiet === undefined) return begins.holder === holder ? 'loud' : 'beginning';
    if (begins.holder === holder) await store.release(`alert-begins#${name}`, holder);
    return 'quiet';
  }

  return {
    async take(names) {
      const standings = new Map<string, Standing>();
      let left = names;
      for (let looks = 0; left.length > 0 && looks < MOST_LOOKS; looks++) {
        if (looks > 0) await sleep(LOOK_MS);
        await Promise.all(left.map((name) => limit(async () => void standings.set(name, await standingOf(name)))));
        left = left.filter((name) => standings.get(name) === 'beginning');
      }
      const those = (wanted: Standing): string[] => names.filter((name) => standings.get(name) === wanted);
      const problem = [...standings.values()].find((standing) => standing instanceof StoreProblem);
      const taken = { loud: those('loud'), quiet: those('quiet'), beginning: those('beginning') };
      if (!(problem instanceof StoreProblem)) return taken;
      // Also those of which only the second claim failed.
      await giveBack(names);
      return { loud: [], quiet: [], beginning: [], problem };
    },
    async keep(names, minutes) {
      const untilMs = nowMs() + minutes * 60_000;
      if (minutes > 0)
        await Promise.all(names.map((name) => limit(() => store.claim(`alert-quiet#${name}`, holder, untilMs))));
      await giveBack(names);
    },
    giveBack,
  };
}

/** Longer than a start takes: whoever dies in between holds nobody up for longer. */
const BEGIN_MS = 20_000;
/** Two Alertmanagers of a cluster send the same at about the same time. */
const MOST_LOOKS = 15;
const LOOK_MS = 200;
const AT_A_TIME = 32;
