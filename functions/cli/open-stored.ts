/** The store of a command that looks at what is kept, or changes it, without a sweep. */
import { openStore } from '../store/open.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { Places } from './commands.ts';
import { FAILED, USAGE } from './exit-status.ts';
import { readFleet } from './fleet.ts';
import { sayTo } from './say.ts';
import { storePlace } from './store-place.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';

/** What kept it from being opened has been said. */
export interface NotOpened {
  readonly exitStatus: number;
}

/** @param options `mustExist`: nothing is made where nothing was stored yet, and that is said instead */
export async function openStored(
  places: Places,
  surroundings: Surroundings,
  streams: Streams,
  options: { readonly mustExist: boolean },
): Promise<{ readonly store: Store } | NotOpened> {
  const say = sayTo(streams);
  const refuse = async (...problems: readonly string[]): Promise<NotOpened> => {
    for (const problem of problems) await say(problem);
    return { exitStatus: USAGE };
  };
  const fleet = await readFleet({ ...places, needsHosts: false }, surroundings, streams);
  if (fleet.kind === 'problems') return refuse(...fleet.problems);
  const place = storePlace(places, fleet.config, surroundings);
  if (place.kind === 'problem') return refuse(place.problem);
  if (place.kind === 'none') return refuse('no store is in use (none), so nothing is kept to look at');
  const { retentionDays } = fleet.config;
  const store = await openStore(place.where, { retentionDays, nowMs: Date.now, mustExist: options.mustExist });
  return store instanceof StoreProblem ? { exitStatus: await sayStoreProblem(store, say) } : { store };
}

/** @returns the exit status: 2 where nothing was stored yet, else 1 */
export async function sayStoreProblem(
  { kind, message, mend }: StoreProblem,
  say: (text: string) => Promise<void>,
): Promise<number> {
  if (kind === 'nothing-stored') {
    await say(`${message}\n${mend}`);
    return USAGE;
  }
  await say(`the store cannot be used: ${message}\n${mend}`);
  return FAILED;
}
