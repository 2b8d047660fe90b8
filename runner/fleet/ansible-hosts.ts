/** A host, or a range of hosts, as an Ansible inventory names it: 'db[01:50].example.com:2222'. */
import { isIPv6 } from 'node:net';
import { shownHost, withoutSecret } from '../ssh/secret-text.ts';
import { expandFoldedSet } from './folded-set.ts';
import { portOf, problemOfHostName } from './host-text.ts';
import { ansibleBoundsOf } from './range-bounds.ts';

export type AnsibleHosts =
  | { readonly kind: 'hosts'; readonly names: readonly string[]; readonly user?: string; readonly port?: number }
  | { readonly kind: 'malformed'; readonly message: string };

/**
 * Ansible's own ranges and ClusterShell's; a port behind them is every host's. What Ansible would hand to ssh as
 * 'user@host' is told apart here, so that the host has the name that people know.
 *
 * @param most more names than this are refused
 */
export function readAnsibleHosts(pattern: string, most: number): AnsibleHosts {
  const malformed = (message: string): AnsibleHosts => ({
    kind: 'malformed',
    message: withoutSecret(pattern, message),
  });
  if (pattern.trim() === '---') return malformed('"---" begins a YAML file: the file is read as INI. Call it .yml.');
  if (/^\w+=/u.test(pattern)) {
    const message = `${shownHost(pattern)} is a variable where a host should be: write the host in front of its variables.`;
    return { kind: 'malformed', message };
  }
  const at = pattern.lastIndexOf('@');
  const place = splitPort(pattern.slice(at + 1));
  if ('problem' in place) return malformed(place.problem);

  const set = isIPv6(place.host)
    ? ({ kind: 'names', names: [place.host] } as const)
    : expandFoldedSet(place.host, { most, readBounds: ansibleBoundsOf });
  if (set.kind === 'malformed') return malformed(`${set.message} (column ${set.column} of the name)`);
  for (const name of set.names) {
    const problem = problemOfHostName(name);
    if (problem !== undefined) return malformed(problem);
  }
  return {
    kind: 'hosts',
    names: set.names,
    ...(at > 0 && { user: pattern.slice(0, at) }),
    ...(place.port !== undefined && { port: place.port }),
  };
}

function splitPort(text: string): { host: string; port?: number } | { problem: string } {
  if (isIPv6(text)) return { host: text };
  // The colons of ranges are inside brackets; the last one outside may begin a port.
  const colon = text.lastIndexOf(':');
  if (colon < 0 || colon < text.lastIndexOf(']')) return { host: withoutBrackets(text) };
  const host = text.slice(0, colon);
  const port = portOf(text.slice(colon + 1));
  if (port === undefined) {
    return { problem: 'what follows the ":" is no port from 1 to 65535: write host:22, or [address]:22 for IPv6.' };
  }
  if (/:/u.test(host.replace(/\[[^\]]*\]/gu, ''))) {
    return { problem: 'it has several colons but is no IPv6 address: write [address]:port.' };
  }
  return { host: withoutBrackets(host), port };
}

function withoutBrackets(host: string): string {
  const inside = host.slice(1, -1);
  return host.startsWith('[') && host.endsWith(']') && isIPv6(inside) ? inside : host;
}
