/** Several inventories as one. */
import type { Inventory, InventoryHost } from './inventory.ts';
import { layerSettings } from './layer-settings.ts';

/** Ansible's group of the hosts that are in no other. */
const UNGROUPED = 'ungrouped';

/**
 * The hosts and groups of all. Where two describe one host, what the earlier says of a setting wins, and a problem of either stays; a
 * group that several describe holds the hosts of each. Order is that of the first mention.
 */
export function mergeInventories(inventories: readonly Inventory[]): Inventory {
  const [only] = inventories;
  if (only !== undefined && inventories.length === 1) return only;
  const hosts = new Map<string, InventoryHost>();
  const groups = new Map<string, Set<string>>();
  for (const inventory of inventories) {
    for (const [name, host] of inventory.hosts) {
      const known = hosts.get(name);
      hosts.set(name, known === undefined ? host : joined(known, host));
    }
    for (const [name, members] of inventory.groups) {
      const known = groups.get(name);
      if (known === undefined) groups.set(name, new Set(members));
      else for (const member of members) known.add(member);
    }
  }
  const ungrouped = groups.get(UNGROUPED);
  if (ungrouped !== undefined) {
    for (const [name, members] of groups) {
      if (name !== UNGROUPED) for (const member of members) ungrouped.delete(member);
    }
    if (ungrouped.size === 0) groups.delete(UNGROUPED);
  }
  return { hosts, groups: new Map([...groups].map(([name, members]) => [name, [...members]])) };
}

function joined(stronger: InventoryHost, weaker: InventoryHost): InventoryHost {
  const problem = stronger.problem ?? weaker.problem;
  return {
    name: stronger.name,
    settings: layerSettings(stronger.settings, weaker.settings),
    ...(problem !== undefined && { problem }),
    where: stronger.where,
  };
}
