/** Which host of the inventory an alert is about. Pure. */
import { isIP } from 'node:net';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import type { AlertsConfig } from '../config/service-config.ts';

export type AlertedHost =
  | { readonly kind: 'host'; readonly name: string }
  /** A sentence. */
  | { readonly kind: 'unknown'; readonly why: string };

export type FindHost = (value: string) => AlertedHost;

/**
 * What the label says is looked for in this order; the first that fits decides, and where it fits several hosts, none is meant:
 *
 *   1. the configuration's own map
 *   2. a name of the inventory, as it is, then without the port, then whatever its capitals
 *   3. a name of the inventory without or with a domain, where only one of the two has one
 *   4. the address that the inventory gives for a host
 *
 * The inventory is gone through once, for however many alerts.
 */
export function hostFinder({ hosts }: Pick<AlertsConfig, 'hosts'>, inventory: Inventory): FindHost {
  const names = [...inventory.hosts.values()];
  const byLowerName = grouped(names, ({ name }) => name.toLowerCase());
  const byLabel = grouped(names, ({ name }) => firstLabel(name.toLowerCase()));
  const byAddress = grouped(names, ({ settings }) => settings.address?.toLowerCase());
  return (value) => {
    const mapped = hosts.get(value) ?? hosts.get(withoutPort(value));
    if (mapped !== undefined)
      return inventory.hosts.has(mapped)
        ? found([mapped])
        : unknown('the map of whodisk.yml names a host that the inventory does not have');
    for (const exact of [value, withoutPort(value)]) if (inventory.hosts.has(exact)) return found([exact]);
    const host = withoutPort(value).toLowerCase();
    const label = isIP(host) === 0 ? firstLabel(host) : undefined;
    // db-7.a.example is never db-7.b.example: of two names with domains nothing follows.
    const alike = label === undefined ? [] : label === host ? byLabel.get(host) : byLowerName.get(label);
    const candidates = [byLowerName.get(host), alike, byAddress.get(host)].find((each) => (each?.length ?? 0) > 0);
    return candidates === undefined ? unknown('the inventory has no such host') : found(candidates);
  };
}

function found(names: readonly string[]): AlertedHost {
  const [name, another] = names;
  if (name === undefined) return unknown('the inventory has no such host');
  return another === undefined ? { kind: 'host', name } : unknown(`it may be ${name} or ${another}`);
}

const unknown = (why: string): AlertedHost => ({
  kind: 'unknown',
  why: `${why}: map it in whodisk.yml (alerts, hosts).`,
});

/** undefined for an address, which has no labels. */
function firstLabel(host: string): string | undefined {
  return isIP(host) === 0 ? host.split('.', 1)[0] : undefined;
}

/** "db-7:9100" and "[2001:db8::7]:9100" as exporters write them; a bare IPv6 address has no port. */
function withoutPort(value: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/u.exec(value)?.[1];
  if (bracketed !== undefined) return bracketed;
  return isIP(value) === 6 ? value : value.replace(/:\d{1,5}$/u, '');
}

function grouped<Host extends { readonly name: string }>(
  hosts: readonly Host[],
  keyOf: (host: Host) => string | undefined,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const host of hosts) {
    const key = keyOf(host);
    if (key === undefined) continue;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [host.name]);
    else known.push(host.name);
  }
  return groups;
}
