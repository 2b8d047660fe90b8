/** Who cancelled a sweep, from when they did until its end is recorded. */
import { type Asker, askerSchema } from '../audit-record.ts';
import { StoreProblem } from '../store/problem.ts';
import type { SweepDeps } from './deps.ts';

/** Its holder is the asker, as JSON. */
export const cancelClaim = (sweepId: string): string => `cancelled#${sweepId}`;

/** undefined where that is not known. */
export async function cancelledBy(
  { store, nowMs }: Pick<SweepDeps, 'store' | 'nowMs'>,
  sweepId: string,
): Promise<Asker | undefined | StoreProblem> {
  // A claim that has ended already takes nothing, and tells who has it.
  const claimed = await store.claim(cancelClaim(sweepId), NOBODY, nowMs());
  if (claimed instanceof StoreProblem || claimed.holder === NOBODY)
    return claimed instanceof StoreProblem ? claimed : undefined;
  try {
    return askerSchema.safeParse(JSON.parse(claimed.holder)).data;
  } catch {
    return undefined;
  }
}

const NOBODY = '';
