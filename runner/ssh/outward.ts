/** A resolver for whoever asks over a network: no name leads them to this machine or to its cloud's metadata. */
import { isIP } from 'node:net';
import { isInwardAddress } from '../inward-address.ts';
import type { Resolve } from './resolve.ts';

/**
 * An address that stands in the inventory or in ssh_config(5), and `localhost`, is dialled as it is written: whoever may write these files
 * decides. What a name server or /etc/hosts says of any other name is not dialled where it leads inward, whatever it said a moment ago.
 */
export function outward(resolve: Resolve): Resolve {
  return async (host, family) => {
    const found = await resolve(host, family);
    if ('failure' in found || isIP(host) !== 0 || host === 'localhost') return found;
    const addresses = found.addresses.filter((address) => !isInwardAddress(address));
    if (addresses.length > 0) return { addresses };
    const message =
      `${host} leads to ${found.addresses.join(', ')}, an address of this machine or of its own link, which is not dialled for a caller ` +
      'over the network: where that is meant, give the address itself in the inventory.';
    return { failure: { phase: 'resolve', kind: 'address-refused', message } };
  };
}
