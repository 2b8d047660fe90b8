/** A row for whoever loads a disk without a byte in the ledger. */
import type { LedgerRow } from './ledger.ts';
import type { ProcessLoad } from './loads.ts';

export const bareRow = (load: ProcessLoad): LedgerRow => ({
  load,
  readBytesPerSecond: 0,
  writeBytesPerSecond: 0,
  share: 0,
  isPlaced: false,
  ownPart: 0,
});
