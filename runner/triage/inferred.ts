/** Whom a load that was only allotted to a disk may name at all. */
import type { LedgerRow } from './ledger.ts';

/** Nearly all of its load can go nowhere else. */
const MIN_OWN_PART = 0.7;

/** Nobody is named by inference who was neither looked at nor seen to wait. */
export const mayBeInferred = ({ ownPart, load: { suspect, family, process } }: LedgerRow): boolean =>
  ownPart >= MIN_OWN_PART && (suspect !== undefined || (family ? family.isSeen : process.blockedSamples > 0));
