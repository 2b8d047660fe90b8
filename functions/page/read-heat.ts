/** The last sweeps of the same targets. */
import type { Sweep } from '../../runner/report.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { earlierOf, hasEnded } from '../sweep/compared-sweeps.ts';
import { type HeatSweep, heatSweep } from './heat.ts';
import type { SweepRead } from './read-sweep.ts';

const HEAT_SWEEPS = 30;
/** Of ten thousand hosts each takes 100 KB, and 5 ms to be read. */
const MOST_REMEMBERED = 90;

/** Oldest first, up to the given one, with which they end. */
export type ReadHeat = (read: SweepRead) => Promise<HeatSweep[] | StoreProblem>;

/** What has ended does not change: it is read once. */
export function createReadHeat(store: Pick<Store, 'sweep'>): ReadHeat {
  const remembered = new Map<string, HeatSweep>();

  async function heatOf({ id }: Sweep): Promise<HeatSweep | undefined | StoreProblem> {
    const known = remembered.get(id);
    if (known !== undefined) return known;
    const detail = await store.sweep(id);
    if (detail === undefined || detail instanceof StoreProblem) return detail;
    const made = heatSweep(detail.sweep, detail.order);
    // Nobody has ended one without an order yet, though its time is over.
    if (!hasEnded(detail.sweep) || detail.order.length === 0) return made;
    remembered.set(id, made);
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return made;
  }

  return async ({ sweep, order, sweeps }) => {
    const before: Sweep[] = [];
    for (let next = earlierOf(sweep, sweeps); next && before.length < HEAT_SWEEPS - 1; ) {
      before.unshift(next);
      next = earlierOf(next, sweeps);
    }
    const made: HeatSweep[] = [];
    for (const one of await Promise.all(before.map(heatOf))) {
      if (one instanceof StoreProblem) return one;
      if (one !== undefined) made.push(one);
    }
    return [...made, heatSweep(sweep, order)];
  };
}
