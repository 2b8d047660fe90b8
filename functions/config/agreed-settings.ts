/** What several groups, or several folded sets, say of one host. */
import { membersOf } from '../../runner/fleet/group-members.ts';
import type { HostSettings } from '../../runner/fleet/inventory.ts';
import type { ConfigPath } from './yaml-value.ts';

export interface Layer {
  readonly name: string;
  /** Where it stands in whodisk.yml. */
  readonly path: ConfigPath;
  readonly settings: HostSettings;
}

export interface GroupWithSettings {
  readonly hosts: ReadonlySet<string>;
  /** Names of nested groups. */
  readonly children: ReadonlySet<string>;
  readonly settings: HostSettings;
}

/** Whether the first group holds the second, at any depth. */
export type Holds = (outer: string, inner: string) => boolean;

export interface Agreed {
  readonly settings: ReadonlyMap<string, HostSettings>;
  /** One for each setting and each two layers, however many hosts it is about. */
  readonly disagreements: readonly { readonly path: ConfigPath; readonly message: string }[];
}

/**
 * By host, what the innermost layers that have a setting say of it; where two of them differ, that is a disagreement.
 *
 * @param settledOf what goes before all of them for a host, so that nobody has to agree on it
 */
export function agreedByHost(
  layersOf: ReadonlyMap<string, readonly Layer[]>,
  holds: Holds,
  settledOf: (host: string) => HostSettings,
): Agreed {
  const settings = new Map<string, HostSettings>();
  const disagreements = new Map<string, { path: ConfigPath; message: string }>();
  for (const [host, layers] of layersOf) {
    const settled = settledOf(host);
    const agreed: Record<string, unknown> = {};
    for (const setting of new Set(layers.flatMap((layer) => Object.keys(layer.settings) as (keyof HostSettings)[]))) {
      const saying = layers.filter((layer) => layer.settings[setting] !== undefined);
      const [one, ...others] = saying.filter(({ name }) => !saying.some((inner) => holds(name, inner.name)));
      if (one === undefined || settled[setting] !== undefined) continue;
      agreed[setting] = one.settings[setting];
      const said = JSON.stringify(one.settings[setting]);
      const other = others.find((layer) => JSON.stringify(layer.settings[setting]) !== said);
      if (other === undefined) continue;
      const key = JSON.stringify([setting, one.name, other.name]);
      const message = `${one.name} and ${other.name} say different things of ${host}: settle it below its own name under hosts.`;
      if (!disagreements.has(key)) disagreements.set(key, { path: [...other.path, setting], message });
    }
    settings.set(host, agreed);
  }
  return { settings, disagreements: [...disagreements.values()] };
}

/** By host, the groups with settings that hold it. */
export function groupLayers(
  groups: ReadonlyMap<string, GroupWithSettings>,
  members: ReadonlyMap<string, readonly string[]>,
): Map<string, Layer[]> {
  const layers = new Map<string, Layer[]>();
  for (const [name, { settings }] of groups) {
    if (Object.keys(settings).length === 0) continue;
    const layer = { name, path: ['groups', name], settings };
    for (const host of members.get(name) ?? []) {
      const known = layers.get(host);
      if (known === undefined) layers.set(host, [layer]);
      else known.push(layer);
    }
  }
  return layers;
}

/** Which group holds which; none does where they are nested in a circle. */
export function nestingOf(groups: ReadonlyMap<string, GroupWithSettings>): Holds {
  const asMembers = new Map([...groups].map(([name, { children }]) => [name, { hosts: children, children }]));
  const nested = membersOf(asMembers);
  const members = nested.kind === 'members' ? [...nested.members] : [];
  const within = new Map(members.map(([name, inner]) => [name, new Set(inner)]));
  return (outer, inner) => within.get(outer)?.has(inner) === true;
}
