/** Hosts of an inventory whose names differ in capitals only: to DNS they are one name (RFC 4343). */
import type { Inventory, InventoryHost } from './inventory.ts';

/** In the order of the inventory; the one that is spelled exactly so is among them, if there is one. */
export function hostsOfSameName(name: string, inventory: Inventory): readonly InventoryHost[] {
  return namesOf(inventory).get(name.toLowerCase()) ?? [];
}

/** Made once for an inventory: there may be a hundred thousand hosts and as many words. */
const made = new WeakMap<Inventory, ReadonlyMap<string, readonly InventoryHost[]>>();

function namesOf(inventory: Inventory): ReadonlyMap<string, readonly InventoryHost[]> {
  const known = made.get(inventory);
  if (known !== undefined) return known;
  const names = new Map<string, InventoryHost[]>();
  for (const host of inventory.hosts.values()) {
    const key = host.name.toLowerCase();
    const others = names.get(key);
    if (others === undefined) names.set(key, [host]);
    else others.push(host);
  }
  made.set(inventory, names);
  return names;
}
