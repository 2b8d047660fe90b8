/** Which of the hosts that the store knows is meant. */
import { hostPartOf } from '../../runner/fleet/host-text.ts';
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import { listed } from '../../runner/ssh/listed.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { Missing } from './look.ts';

/** The sweeps whose hosts are offered where a name is not known. */
const SWEEPS_LOOKED_AT = 5;
const MOST_OFFERED = 5;

/**
 * The name itself where something is stored of it; else the one host of the newest sweeps that was asked for with a user or a port
 * around this name, since a person says db-7 for root@db-7.
 */
export async function storedHost(asked: string, store: Store): Promise<string | Missing | StoreProblem> {
  const found = await store.findings(asked, { limit: 1 });
  if (found instanceof StoreProblem) return found;
  if (found.findings.length > 0 || found.unreadable.length > 0) return asked;

  const names = await newestNames(store);
  if (names instanceof StoreProblem) return names;
  // Named by a sweep that was interrupted before its turn.
  if (names.has(asked)) return asked;
  const meant = [...names].filter((name) => bare(name) === asked);
  const [only, second] = meant;
  if (only !== undefined && second === undefined) return only;
  if (only !== undefined) return new Missing(`'${asked}' may be ${listed(meant, MOST_OFFERED)}: give one of these`);
  const close = suggestionFor(asked, [...names, ...[...names].map(bare)]);
  const begun = [...names].filter((name) => bare(name).startsWith(asked));
  const hint =
    close !== undefined
      ? `Did you mean '${close}'?`
      : names.size === 0
        ? 'Nothing is stored yet.'
        : `The newest sweeps saw ${listed(begun.length > 0 ? begun : [...names], MOST_OFFERED)}.`;
  return new Missing(`nothing is stored of '${asked}'. ${hint}\nTo look at it now: whodisk ${asked}`);
}

async function newestNames(store: Store): Promise<Set<string> | StoreProblem> {
  const read = await store.sweeps({ limit: SWEEPS_LOOKED_AT });
  if (read instanceof StoreProblem) return read;
  const names = new Set<string>();
  for (const { id } of read.sweeps) {
    const detail = await store.sweep(id);
    if (detail instanceof StoreProblem) return detail;
    for (const name of detail?.order ?? []) names.add(name);
  }
  return names;
}

/** user@host:port without user and port. */
const bare = (name: string): string => hostPartOf(name) ?? name;
