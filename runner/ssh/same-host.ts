/** When two destinations are one host, so that it is visited once however often it is named. */

import type { Destination, Via } from './destination.ts';
import { canonicalTarget } from './target.ts';

/** Equal for destinations that lead to one sshd: the same host and port by the same way, whoever logs in. */
export function doorOf({ host, port, via }: Destination): string {
  return `${canonicalTarget({ user: '', host, port })} ${wayOf(via)}`;
}

function wayOf(via: Via): string {
  switch (via.kind) {
    case 'direct':
      return '';
    case 'jump':
      return `jump ${doorOf(via.hop)}`;
    case 'command':
      return `command ${via.command}`;
    default:
      return via satisfies never;
  }
}
