/** The sweeps by the same asker before one. */
import type { Sweep } from '../../runner/report.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { hasEnded } from '../sweep/compared-sweeps.ts';

export interface SweepsBefore {
  /** The newest that was not cancelled. */
  readonly last?: Sweep;
  /** Those that saw a host, newest first. */
  readonly seen: readonly Sweep[];
}

/** @param mostSeen no more are looked for */
export async function sweepsBefore(
  store: Pick<Store, 'sweeps'>,
  sweep: Sweep,
  mostSeen: number,
): Promise<SweepsBefore | StoreProblem> {
  const found: Sweep[] = [];
  let seen: readonly Sweep[] = [];
  let before: string | undefined = sweep.id;
  for (let looked = 0; looked < MOST_LOOKED_AT && before !== undefined && seen.length < mostSeen; looked += PAGE) {
    const page = await store.sweeps({ limit: PAGE, before });
    if (page instanceof StoreProblem) return page;
    found.push(
      ...page.sweeps.filter((each) => isOfSameAsker(each, sweep) && hasEnded(each) && each.status !== 'cancelled'),
    );
    seen = found.filter(({ swept }) => swept > 0).slice(0, mostSeen);
    before = page.before;
  }
  const [last] = found;
  return { ...(last && { last }), seen };
}

const isOfSameAsker = (one: Sweep, other: Sweep): boolean => one.trigger === other.trigger && one.by === other.by;

const PAGE = 100;
/** Between two sweeps of a nightly schedule there may be those of a busy day. */
const MOST_LOOKED_AT = 2000;
