/**
 * What was probably meant by a target that has no address and that the inventory does not know. It is told with the failure alone: a host
 * that answers is what it was called, however much its name looks like another.
 */

import { hostPartOf } from '../../runner/fleet/host-text.ts';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import type { VisitedHost } from '../../runner/report.ts';
import { shellWord } from '../../runner/ssh/shell-word.ts';

/** The host as it is, or with what was meant in its failure and its summary. */
export function withMeantTarget(host: VisitedHost, inventory: Pick<Inventory, 'hosts' | 'groups'>): VisitedHost {
  const { failure } = host;
  if (failure?.kind !== 'name-not-found' || failure.phase !== 'resolve' || inventory.hosts.has(host.host)) return host;
  const meant = meantBy(hostPartOf(host.host) ?? host.host, inventory);
  if (meant === undefined) return host;
  const message = `${failure.message} Did you mean ${shellWord(meant)}?`;
  return { ...host, failure: { ...failure, message }, summary: host.summary.replace(failure.message, () => message) };
}

function meantBy(name: string, { hosts, groups }: Pick<Inventory, 'hosts' | 'groups'>): string | undefined {
  if (groups.has(name) || name === 'all') return `@${name}`;
  const host = suggestionFor(name, hosts.keys());
  if (host !== undefined) return host;
  const group = suggestionFor(name, groups.keys());
  return group === undefined ? undefined : `@${group}`;
}
