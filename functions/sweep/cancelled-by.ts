/** Who cancelled a sweep, from when they did until its end is recorded. */
import { type Asker, askerSchema } from '../audit-record.ts';
import { StoreProblem } from '../store/problem.ts';
import type { SweepDeps } from './deps.ts';

/** Its holder is the asker, as JSON. */
export const cancelClaim = (sweepId: string): string => `cancelled#${sweepId}`;

/** undefined where that is not known. */
export async function cancelledBy(
  { store }: Pick<SweepDeps, 'store'>,
  sweepId: string,
): Promise<Asker | undefined | StoreProblem> {
  const holder = await store.claimed(cancelClaim(sweepId));
  if (holder === undefined || holder instanceof StoreProblem) return holder;
  try {
    return askerSchema.safeParse(JSON.parse(holder)).data;
  } catch {
    return undefined;
  }
}
