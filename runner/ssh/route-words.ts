/** A destination in messages, and in the commands that messages tell to run. Pure. */
import { isIPv6 } from 'node:net';
import type { Destination, Via } from './destination.ts';

/** 'db1 port 22', 'db1 port 22 through root@bastion port 22': whom a sentence speaks of, and the way there. */
export function placeOf({ host, port, via }: Pick<Destination, 'host' | 'port' | 'via'>): string {
  return `${host} port ${port}${wayOf(via)}`;
}

/** The same with the user in front: 'root@db1 port 22'. */
export function placeWithUser(destination: Pick<Destination, 'user' | 'host' | 'port' | 'via'>): string {
  return `${destination.user}@${placeOf(destination)}`;
}

function wayOf(via: Via): string {
  switch (via.kind) {
    case 'direct':
      return '';
    case 'jump':
      return ` through ${placeWithUser(via.hop)}`;
    case 'command':
      return ' through its ProxyCommand';
    default:
      return via satisfies never;
  }
}

/** The hops as ssh(1) -J takes them, in the order in which they are passed through; undefined where there is none. */
export function jumpList(via: Via): string | undefined {
  if (via.kind !== 'jump') return undefined;
  const { user, host, port } = via.hop;
  const earlier = jumpList(via.hop.via);
  const hop = `${user}@${isIPv6(host) ? `[${host}]` : host}${port === 22 ? '' : `:${port}`}`;
  return earlier === undefined ? hop : `${earlier},${hop}`;
}
