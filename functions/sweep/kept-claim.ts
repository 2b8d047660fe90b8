/** A claim that lasts while its holder lives, and a little longer: whoever is killed is not waited for. */
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';

export interface ClaimWanted {
  readonly store: Pick<Store, 'claim' | 'release'>;
  readonly name: string;
  readonly holder: string;
  /** How long it lasts beyond the death of its holder. */
  readonly holdMs: number;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
}

export interface KeptClaim {
  /** Gives it back. @param keepMs instead: nobody has it for as long */
  end(keepMs?: number): Promise<void>;
}

/** @returns who has it, where somebody else does */
export async function keepClaim(wanted: ClaimWanted): Promise<KeptClaim | { readonly holder: string } | StoreProblem> {
  const { store, name, holder, holdMs, nowMs } = wanted;
  const claimed = await store.claim(name, holder, nowMs() + holdMs);
  if (claimed instanceof StoreProblem || claimed.holder !== holder) return claimed;
  let renewed: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    renewed = store.claim(name, holder, nowMs() + holdMs);
  }, holdMs / 2);
  return {
    async end(keepMs) {
      clearInterval(timer);
      // One that is still on its way would take it again.
      await renewed;
      if (keepMs === undefined) await store.release(name, holder);
      else await store.claim(name, holder, nowMs() + keepMs);
    },
  };
}
