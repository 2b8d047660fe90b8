/** Which hosts the words of a command line mean. */

import { listed } from '../ssh/listed.ts';
import { withoutSecret } from '../ssh/secret-text.ts';
import { MOST_SHOWN, shown } from '../ssh/shown.ts';
import { expandFoldedSet } from './folded-set.ts';
import { hostOf, hostPartOf, readHostText } from './host-text.ts';
import { type HostSettings, type Inventory, type InventoryHost, MOST_HOSTS } from './inventory.ts';
import { layerSettings } from './layer-settings.ts';
import { hostsOfSameName } from './same-name.ts';
import { suggestionFor } from './suggest.ts';

export interface ChosenHost {
  /** Its name in the inventory; where the word names a user or a port too, or the inventory does not know it, as it was written. */
  readonly name: string;
  /** What ssh_config(5) is asked for: the name as it is written, without user and port; the address of a host whose name is none. */
  readonly host: string;
  /** As the word says; it goes before every other source. */
  readonly user?: string;
  /** As the word says. */
  readonly port?: number;
  /** What the inventory says of it, and the defaults where it says nothing; absent where neither does. */
  readonly settings?: HostSettings;
  /** Why it must not be dialled. */
  readonly problem?: string;
}

export interface SelectionProblem {
  readonly word: string;
  readonly message: string;
}

export type Selection =
  /** `notes`: what a person may not have meant, such as a group without hosts. */
  | { readonly kind: 'chosen'; readonly hosts: readonly ChosenHost[]; readonly notes: readonly string[] }
  | { readonly kind: 'problems'; readonly problems: readonly SelectionProblem[] };

/** More names than this are not listed in a message. */
const MOST_LISTED = 8;

/**
 * A word is a name of the inventory, `@group`, `@all`, a folded set of names, or `[user@]host[:port]`; user and port may stand around a
 * folded set. Hosts come in the order of the words, a name once. Capitals tell hosts apart only where the inventory has both spellings. A host
 * that the inventory does not know is dialled as it is written.
 *
 * @param defaults what holds for every host of which nothing else is said
 */
export function selectHosts(words: readonly string[], inventory: Inventory, defaults: HostSettings = {}): Selection {
  const chosen = new Map<string, ChosenHost>();
  const problems: SelectionProblem[] = [];
  const notes: string[] = [];
  const add = (host: ChosenHost): void => {
    if (!chosen.has(host.name)) chosen.set(host.name, host);
  };
  for (const word of words) {
    const complain = (message: string): void => {
      problems.push({ word, message });
    };
    const known = inventory.hosts.get(word);
    if (known !== undefined) {
      add(chosenOf(known, defaults));
    } else if (word.startsWith('@')) {
      const members = membersOf(word.slice(1), inventory);
      if ('message' in members) complain(members.message);
      else if (members.names.length === 0) notes.push(`The group ${word} has no hosts.`);
      else for (const name of members.names) addNamed(name, inventory, defaults, add);
    } else {
      addWritten(word, inventory, defaults, add, complain);
    }
  }
  if (chosen.size > MOST_HOSTS && problems.length === 0) {
    problems.push({ word: words[0] ?? '', message: `These are ${chosen.size} hosts: ${MOST_HOSTS} is the most.` });
  }
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'chosen', hosts: [...chosen.values()], notes };
}

function membersOf(group: string, inventory: Inventory): { names: readonly string[] } | { message: string } {
  if (group === 'all') {
    const names = [...inventory.hosts.keys()];
    if (names.length > 0) return { names };
    return {
      message:
        '@all is every host of the inventory, and there is none: give one with -i, or describe hosts in whodisk.yml.',
    };
  }
  const names = inventory.groups.get(group);
  if (names !== undefined) return { names };
  const groups = [...inventory.groups.keys()];
  const meant = suggestionFor(group, [...groups, 'all']);
  const hint = meant === undefined ? listOf(groups) : `Did you mean @${meant}?`;
  const missing = group === '' ? 'There is no group after "@".' : `There is no group ${shown(group)}.`;
  return { message: `${missing} ${hint}` };
}

function listOf(groups: readonly string[]): string {
  if (groups.length === 0) return 'No groups are known: give an inventory with -i, or describe them in whodisk.yml.';
  const names = groups.map((group) => `@${group}`);
  return `Known are ${listed(names, MOST_LISTED)}.`;
}

function addWritten(
  word: string,
  inventory: Inventory,
  defaults: HostSettings,
  add: (host: ChosenHost) => void,
  complain: (message: string) => void,
): void {
  const set = expandFoldedSet(word);
  if (set.kind === 'malformed') {
    const place = `olumn ${set.column}: ${set.message}`;
    complain(withoutSecret(word, word.length <= MOST_SHOWN ? `${shown(word)}, c${place}` : `C${place}`));
    return;
  }
  for (const text of set.names) {
    if (addNamed(text, inventory, defaults, add)) continue;
    const read = readHostText(text);
    if ('problem' in read) {
      complain(read.problem);
      return;
    }
    const { user, host, port } = read;
    // A plain list has names with a port in them.
    const known = hostNamed(inventory, text.slice(text.lastIndexOf('@') + 1)) ?? hostNamed(inventory, host);
    const base = known === undefined ? undefined : chosenOf(known, defaults);
    if (base !== undefined && user === undefined && (port === undefined || isSameName(base.name, text))) {
      add(base);
      continue;
    }
    const settings = base?.settings ?? settingsOf(defaults);
    add({
      name: text,
      host: base?.host ?? host,
      ...(user !== undefined && { user }),
      ...(port !== undefined && { port }),
      ...(settings !== undefined && { settings }),
      ...(base?.problem !== undefined && { problem: base.problem }),
    });
  }
}

/**
 * The host that a word without user and port means: the one that is called exactly so, else the one that is but for capitals; undefined
 * where the inventory knows none. Where it knows several, that is the problem of the host that is returned.
 */
export function hostNamed(inventory: Inventory, name: string): InventoryHost | undefined {
  const exact = inventory.hosts.get(name);
  if (exact !== undefined) return exact;
  const [host, ...others] = hostsOfSameName(name, inventory);
  if (host === undefined || others.length === 0) return host;
  const names = [host, ...others].map((one) => one.name);
  const problem = `${shown(name)} may be ${listed(names, MOST_LISTED)}: write it as the inventory does.`;
  return { name, settings: {}, problem, where: host.where };
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Adds what the inventory calls exactly so; false where it knows no such name. */
function addNamed(
  name: string,
  inventory: Inventory,
  defaults: HostSettings,
  add: (host: ChosenHost) => void,
): boolean {
  const known = inventory.hosts.get(name);
  if (known !== undefined) add(chosenOf(known, defaults));
  return known !== undefined;
}

function chosenOf({ name, settings: own, problem }: InventoryHost, defaults: HostSettings): ChosenHost {
  const settings = settingsOf(layerSettings(own, defaults));
  return {
    name,
    host: hostOf(name) ?? own.address ?? hostPartOf(name) ?? name,
    ...(settings !== undefined && { settings }),
    ...(problem !== undefined && { problem }),
  };
}

function settingsOf(settings: HostSettings): HostSettings | undefined {
  return Object.keys(settings).length > 0 ? settings : undefined;
}
