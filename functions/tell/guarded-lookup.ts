/** Looks a name up for a connection, and gives out no address of this machine or its link: what was checked is what is dialled. */
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isInwardAddress } from '../../runner/inward-address.ts';

/** A name leads where nobody over a network may send us. */
export class InwardName extends Error {
  constructor(name: string) {
    super(`${name} leads to this machine or its own link: nothing is sent there. Give a name that leads elsewhere.`);
    this.name = 'InwardName';
  }
}

/** One bad address among good ones refuses them all: whoever answers so tries something. */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      if (error) return callback(error, found, family);
      const addresses: readonly string[] =
        typeof found === 'string' ? [found] : (found as LookupAddress[]).map(({ address }) => address);
      if (addresses.some(isInwardAddress)) return callback(new InwardName(hostname), '', 0);
      callback(null, found, family);
    });
  };
}
