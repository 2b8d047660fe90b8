/** Which hosts somebody over a network means. Only those of the inventory: nothing else is dialled, whatever a target looks like. */
import { expandFoldedSet } from '../../runner/fleet/folded-set.ts';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { selectHosts } from '../../runner/fleet/select-hosts.ts';
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import { withoutSecret } from '../../runner/ssh/secret-text.ts';
import { shown } from '../../runner/ssh/shown.ts';

/** Of one sweep of the service. */
export const MOST_SWEEP_HOSTS = 10_000;

export type KnownTargets =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'bad-targets'; readonly problems: readonly TargetProblem[] };

export interface TargetProblem {
  /** Of the target, from 0. */
  readonly index: number;
  /** What is wrong, and what was probably meant. Never repeats a secret. */
  readonly message: string;
}

/**
 * Names, @groups, @all, and folded sets of names. `user@host`, `host:port`, addresses and names that the inventory does not have are
 * problems, unless the inventory calls a host exactly so.
 *
 * @returns the names as the inventory has them, each once, in the order of the targets
 */
export function knownTargets(targets: readonly string[], inventory: Inventory): KnownTargets {
  const names = new Set<string>();
  const problems: TargetProblem[] = [];
  if (targets.length === 0) problems.push({ index: 0, message: 'No target is given: name a host or a @group.' });
  let spelled = 0;
  for (const [index, word] of targets.entries()) {
    const found = namesOf(word, inventory);
    if ('message' in found) problems.push({ index, message: found.message });
    else for (const name of found.names) names.add(name);
    // A few words can spell millions of names: the rest of them is not looked at.
    spelled += found.spelled;
    if (names.size > MOST_SWEEP_HOSTS || spelled > MOST_SPELLED) {
      const message = `With it there are more than ${MOST_SWEEP_HOSTS} hosts: ask for them in parts.`;
      if (problems.at(-1)?.index !== index) problems.push({ index, message });
      break;
    }
    if (problems.length >= MOST_PROBLEMS) break;
  }
  return problems.length > 0 ? { kind: 'bad-targets', problems } : { kind: 'names', names: [...names] };
}

/** The names that a word means; none where it is no target. */
export function knownNames(word: string, inventory: Inventory): readonly string[] {
  const found = namesOf(word, inventory);
  return 'names' in found ? found.names : [];
}

const MOST_SPELLED = 10 * MOST_SWEEP_HOSTS;
const MOST_PROBLEMS = 100;

/** `spelled`: how many names were made of it, which is what it costs. */
type Found = { readonly spelled: number } & ({ readonly names: readonly string[] } | { readonly message: string });

function namesOf(word: string, inventory: Inventory): Found {
  const { stranger, spelled } = firstStranger(word, inventory);
  if (stranger !== undefined) return { message: withoutSecret(word, strangerMessage(stranger, inventory)), spelled };
  const selection = selectHosts([word], inventory);
  if (selection.kind === 'problems') {
    return { message: selection.problems[0]?.message ?? `${shown(word)} is no target.`, spelled };
  }
  if (selection.hosts.length === 0) return { message: selection.notes[0] ?? `${shown(word)} has no hosts.`, spelled };
  const unknown = selection.hosts.find(({ name }) => !inventory.hosts.has(name));
  if (unknown === undefined) {
    const names = selection.hosts.map(({ name }) => name);
    return { names, spelled: Math.max(spelled, names.length) };
  }
  return { message: withoutSecret(word, unknown.problem ?? strangerMessage(unknown.name, inventory)), spelled };
}

/** The first name of a large folded set that nobody knows: found without making hosts of a hundred thousand such names. */
function firstStranger(word: string, inventory: Inventory): { readonly stranger?: string; readonly spelled: number } {
  if (word.startsWith('@') || inventory.hosts.has(word)) return { spelled: 1 };
  const set = expandFoldedSet(word);
  if (set.kind === 'malformed') return { spelled: 1 };
  // A set of few names may be long all the same, such as a thousand times the same number.
  const spelled = Math.max(set.names.length, Math.ceil(word.length / CHARACTERS_A_NAME));
  if (set.names.length < FEW) return { spelled };
  const known = lowerNames(inventory);
  const stranger = set.names.find((name) => !known.has(name.toLowerCase()));
  return { spelled, ...(stranger !== undefined && { stranger }) };
}

/** Made once, however many sets are looked at. */
function lowerNames(inventory: Inventory): ReadonlySet<string> {
  const made = LOWER_NAMES.get(inventory) ?? new Set([...inventory.hosts.keys()].map((name) => name.toLowerCase()));
  LOWER_NAMES.set(inventory, made);
  return made;
}

const LOWER_NAMES = new WeakMap<Inventory, ReadonlySet<string>>();
const FEW = 100;
const CHARACTERS_A_NAME = 4;

function strangerMessage(name: string, inventory: Inventory): string {
  const meant = inventory.groups.has(name) || name === 'all' ? `@${name}` : suggestionFor(name, inventory.hosts.keys());
  const hint =
    meant === undefined
      ? 'Name hosts as the inventory does, or a @group; addresses are not taken.'
      : `Did you mean ${meant}?`;
  return `The inventory has no host ${shown(name)}. ${hint}`;
}
