/** The hosts and groups of whodisk.yml, joined with what inventory files say. Pure. */
import { expandFoldedSet, isFolded } from '../../runner/fleet/folded-set.ts';
import { membersOf, nestingProblem } from '../../runner/fleet/group-members.ts';
import { hostOf, problemOfHostName } from '../../runner/fleet/host-text.ts';
import { type HostSettings, type Inventory, type InventoryHost, MOST_HOSTS } from '../../runner/fleet/inventory.ts';
import { layerSettings } from '../../runner/fleet/layer-settings.ts';
import { placeIn } from '../../runner/fleet/problems.ts';
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import { splitJumpHosts } from '../../runner/ssh/config/proxy.ts';
import { shownHost, withoutSecret } from '../../runner/ssh/secret-text.ts';
import { agreedByHost, type GroupWithSettings, groupLayers, type Layer, nestingOf } from './agreed-settings.ts';
import type { ConfigValue, GroupValue, HostValue, ReachingValue } from './config-schema.ts';
import type { ConfigProblem, ProblemAt } from './config-text.ts';
import { isGroupName } from './setting-schemas.ts';
import type { ConfigPath } from './yaml-value.ts';

export type FleetRead =
  | { readonly kind: 'fleet'; readonly inventory: Inventory }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] };

/**
 * What says most about a host wins, setting by setting: its own name under `hosts`, a folded set under `hosts`, its groups, inventory
 * files. A group wins over the groups that it is nested in; groups that are not nested in one another must agree, and so must sets.
 *
 * @param inventoryOf what an inventory file, named as in whodisk.yml, describes
 * @param base all inventories as one
 * @param isGone whether a name that `base` does not have is no host, however often whodisk.yml names it
 */
export function fleetOf(
  config: Pick<ConfigValue, 'hosts' | 'groups'>,
  problemAt: ProblemAt,
  inventoryOf: (file: string) => Inventory | undefined,
  base: Inventory,
  isGone: (name: string) => boolean = () => false,
): FleetRead {
  const reading = new Reading(config, problemAt, inventoryOf, base, isGone);
  return reading.read();
}

/** The settings of one mapping of whodisk.yml in the words of an inventory. */
export function settingsOf(value: (ReachingValue & Partial<HostValue>) | null): HostSettings {
  const { address, user, port, jump, identityFiles, hostKeys, privilege } = value ?? {};
  return {
    ...(address !== undefined && { address }),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
    ...(jump !== undefined && { jump: hopsOf(jump) }),
    ...(identityFiles !== undefined && { identityFiles }),
    ...(hostKeys !== undefined && { hostKeys }),
    ...(privilege !== undefined && { privilege }),
  };
}

function hopsOf(jump: string | readonly string[]): readonly string[] {
  return typeof jump === 'string' ? splitJumpHosts(jump) : jump;
}

class Reading {
  readonly #config: Pick<ConfigValue, 'hosts' | 'groups'>;
  readonly #problemAt: ProblemAt;
  readonly #inventoryOf: (file: string) => Inventory | undefined;
  readonly #base: Inventory;
  readonly #isGone: (name: string) => boolean;
  readonly #problems: ConfigProblem[] = [];
  /** By host, what `hosts` says of it: by its own name and by sets. */
  readonly #own = new Map<string, HostSettings>();
  readonly #bySet = new Map<string, Layer[]>();
  /** Where each host that an inventory file does not know is named first. */
  readonly #named = new Map<string, ConfigPath>();
  readonly #groups = new Map<string, GroupWithSettings>();
  #hostsLeft = MOST_HOSTS;

  constructor(
    config: Pick<ConfigValue, 'hosts' | 'groups'>,
    problemAt: ProblemAt,
    inventoryOf: (file: string) => Inventory | undefined,
    base: Inventory,
    isGone: (name: string) => boolean,
  ) {
    this.#config = config;
    this.#problemAt = problemAt;
    this.#inventoryOf = inventoryOf;
    this.#base = base;
    this.#isGone = isGone;
  }

  read(): FleetRead {
    for (const [key, value] of Object.entries(this.#config.hosts ?? {})) this.#readHosts(key, value);
    for (const [name, hosts] of this.#base.groups) {
      this.#groups.set(name, { hosts: new Set(hosts), children: new Set(), settings: {} });
    }
    const groups = Object.entries(this.#config.groups ?? {});
    for (const [name, value] of groups) this.#readGroup(name, Array.isArray(value) ? { hosts: value } : value);

    const nested = membersOf(this.#groups);
    if (nested.kind !== 'members') {
      const path = nested.kind === 'cycle' ? ['groups', nested.cycle[0] ?? ''] : ['groups'];
      this.#complain(path, nestingProblem(nested));
    }
    if (this.#problems.length > 0 || nested.kind !== 'members') return { kind: 'problems', problems: this.#problems };
    const inventory = { hosts: this.#hostsWith(nested.members), groups: nested.members };
    return this.#problems.length > 0 ? { kind: 'problems', problems: this.#problems } : { kind: 'fleet', inventory };
  }

  #readHosts(key: string, value: HostValue | null): void {
    const path = ['hosts', key];
    const isSet = isFolded(key);
    if (isSet && value?.address !== undefined) {
      this.#complain([...path, 'address'], 'several hosts cannot have one address: name each host by itself.');
    }
    const settings = settingsOf(value);
    for (const name of this.#expand(key, path)) {
      if (!isSet) this.#own.set(name, settings);
      else this.#bySet.set(name, [...(this.#bySet.get(name) ?? []), { name: key, path, settings }]);
    }
  }

  #readGroup(name: string, value: GroupValue): void {
    const path = ['groups', name];
    if (name === 'all') this.#complain(path, '@all is every host already: choose another name.');
    if (!isGroupName(name)) {
      this.#complain(path, 'a group is named without blanks, brackets, commas and "@".');
    }
    const hosts = new Set(this.#base.groups.get(name));
    const children = new Set<string>();
    const nest = (child: string, at: ConfigPath): void => {
      if (this.#isGroup(child, at)) children.add(child);
    };
    for (const [index, word] of (value.hosts ?? []).entries()) {
      const at = [...path, ...(Array.isArray(this.#config.groups?.[name]) ? [] : ['hosts']), index];
      if (word.startsWith('@')) nest(word.slice(1), at);
      else for (const host of this.#expand(word, at)) hosts.add(host);
    }
    for (const [index, word] of (value.groups ?? []).entries())
      nest(word.replace(/^@/u, ''), [...path, 'groups', index]);
    for (const file of value.inventories ?? []) {
      for (const host of this.#inventoryOf(file)?.hosts.keys() ?? []) hosts.add(host);
    }
    this.#groups.set(name, { hosts, children, settings: settingsOf(value) });
  }

  #isGroup(name: string, path: ConfigPath): boolean {
    const described = this.#config.groups ?? {};
    if (this.#base.groups.has(name) || Object.hasOwn(described, name)) return true;
    const meant = suggestionFor(name, [...this.#base.groups.keys(), ...Object.keys(described)]);
    const hint = meant === undefined ? 'Describe it under groups.' : `Did you mean @${meant}?`;
    const unknown = `there is no group ${JSON.stringify(name)}. ${hint}`;
    this.#complain(path, name === 'all' ? '@all is every host: no group can hold it.' : unknown);
    return false;
  }

  /** Names of hosts; those that are none become problems, and those that are gone are left out. */
  #expand(text: string, path: ConfigPath): readonly string[] {
    const set = this.#base.hosts.has(text)
      ? ({ kind: 'names', names: [text] } as const)
      : expandFoldedSet(text, { most: this.#hostsLeft });
    if (set.kind === 'malformed') {
      this.#complain(path, withoutSecret(text, `${set.message} (column ${set.column} of the name)`));
      return [];
    }
    this.#hostsLeft -= set.names.length;
    for (const name of set.names) {
      const problem =
        problemOfHostName(name) ??
        (name.includes('@') ? 'a host is named without its user: give user beside it.' : undefined);
      if (problem !== undefined) {
        this.#complain(path, problem);
        return [];
      }
    }
    const names = set.names.filter((name) => this.#base.hosts.has(name) || !this.#isGone(name));
    for (const name of names) if (!this.#named.has(name)) this.#named.set(name, path);
    return names;
  }

  #hostsWith(members: ReadonlyMap<string, readonly string[]>): Map<string, InventoryHost> {
    const ownOf = (name: string): HostSettings => this.#own.get(name) ?? {};
    const bySet = agreedByHost(this.#bySet, () => false, ownOf);
    const closerOf = (name: string): HostSettings => layerSettings(ownOf(name), bySet.settings.get(name) ?? {});
    const byGroup = agreedByHost(groupLayers(this.#groups, members), nestingOf(this.#groups), closerOf);
    for (const { path, message } of [...bySet.disagreements, ...byGroup.disagreements]) this.#complain(path, message);
    const hosts = new Map<string, InventoryHost>();
    for (const name of new Set([...this.#named.keys(), ...this.#base.hosts.keys()])) {
      const known = this.#base.hosts.get(name);
      const layers = [ownOf(name), bySet.settings.get(name), byGroup.settings.get(name), known?.settings];
      const settings = layers.reduceRight<HostSettings>((general, one) => layerSettings(one ?? {}, general), {});
      const path = this.#named.get(name);
      hosts.set(name, {
        name,
        settings,
        ...(known?.problem !== undefined && { problem: known.problem }),
        where: this.#where(path, known),
      });
      // What an inventory file calls so has been looked at there.
      const isNew = path !== undefined && known === undefined;
      if (isNew && settings.address === undefined && hostOf(name) === undefined) {
        this.#complain(
          path,
          `${shownHost(name)} is no host name: give address and port beside a name of its own under hosts.`,
        );
      }
    }
    return hosts;
  }

  #where(path: ConfigPath | undefined, known: InventoryHost | undefined): string {
    if (path === undefined) return known?.where ?? '';
    const { file, line } = this.#problemAt(path, '');
    return placeIn(file, line);
  }

  #complain(path: ConfigPath, message: string): void {
    this.#problems.push(this.#problemAt(path, message));
  }
}
