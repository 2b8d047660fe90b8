/** Who discards blocks: met in ioctl(FITRIM) or the like on a file or a device of this disk (fs/ioctl.c, block/ioctl.c). */
import { bareRow } from './bare-row.ts';
import type { LedgerRow } from './ledger.ts';
import type { ProcessLoad } from './loads.ts';
import type { DiskActivity } from './samples.ts';
import type { Sources } from './sources.ts';
import { inBytes } from './words.ts';

/** Of all requests, or of the time that they took. */
const MUCH = 0.3;

export function isDiscardBound({ discards = 0, discardMs = 0, reads, writes, readMs, writeMs }: DiskActivity): boolean {
  if (discards === 0) return false;
  const ofRequests = discards / (discards + reads + writes);
  return ofRequests >= MUCH || discardMs / Math.max(1, discardMs + readMs + writeMs) >= MUCH;
}

export function discardClaims(
  loads: readonly ProcessLoad[],
  activity: DiskActivity,
  devices: readonly string[],
  sources: Sources,
): LedgerRow[] {
  const found = loads.flatMap((load) => {
    const here = new Set(load.files.filter(({ device }) => devices.includes(device)).map(({ file }) => file.fd));
    const calls = (load.suspect?.calls ?? []).filter(
      ({ value }) => value.kind === 'discard' && value.fd !== undefined && here.has(value.fd),
    );
    const looks = calls.reduce((sum, { count }) => sum + count, 0);
    return looks > 0 ? [{ load, looks }] : [];
  });
  const all = found.reduce((sum, { looks }) => sum + looks, 0);
  const { discards = 0, discardBytes = 0, reads, writes } = activity;
  const part = discards / Math.max(1, discards + reads + writes);
  return found.map(({ load, looks }) => ({
    ...bareRow(load),
    share: (part * looks) / all,
    isPlaced: true,
    ownPart: 1,
    claim: {
      shareOf: 'operations',
      activity: 'discard',
      confidence: found.length === 1 && looks >= 2 ? 'high' : 'medium',
      evidence: [
        `met ${sources.times(looks, load.suspect?.samples ?? 0)} in an ioctl() that discards blocks (${sources.calls(load.process.pid)}); ${activity.device} discarded ${inBytes(discardBytes)} in ${discards} requests (${sources.disk})`,
      ],
    },
  }));
}
