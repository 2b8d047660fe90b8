/** Who has a name (Store.claim), without taking it. */
import { StoreProblem } from './problem.ts';
import type { Store } from './store.ts';

/** undefined where nobody has it now. */
export async function claimHolder(
  { store, nowMs }: { readonly store: Pick<Store, 'claim'>; readonly nowMs: () => number },
  name: string,
): Promise<string | undefined | StoreProblem> {
  // A claim that has ended already takes nothing, and tells who has the name.
  const claimed = await store.claim(name, NOBODY, nowMs());
  if (claimed instanceof StoreProblem) return claimed;
  return claimed.holder === NOBODY ? undefined : claimed.holder;
}

const NOBODY = '';
