/** Counts how sweeps end, each once: in the store exactly one of all who try closes a sweep. */
import type { Store } from '../store/store.ts';
import type { Count } from './metrics.ts';

export function countedStore(store: Store, count: Count): Store {
  return {
    ...store,
    async closeSweep(sweep, rest) {
      const isOurs = await store.closeSweep(sweep, rest);
      if (isOurs !== true) return isOurs;
      if (sweep.status === 'complete') count('SweepComplete');
      if (sweep.status === 'incomplete') count('SweepIncomplete');
      if (sweep.notSwept > 0) count('HostsNotSwept', sweep.notSwept);
      return isOurs;
    },
  };
}
