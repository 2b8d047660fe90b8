/**
 * Who discards blocks: met in ioctl(FITRIM) or the like on a file or a device of this disk (fs/ioctl.c, block/ioctl.c). Where the kernel
 * does not tell calls, its functions do: what `mount -o discard` discards is done by threads of the kernel.
 */
import { bareRow } from './bare-row.ts';
import type { LedgerRow } from './ledger.ts';
import type { ProcessLoad } from './loads.ts';
import { isStream } from './placement.ts';
import type { DiskActivity } from './samples.ts';
import type { Sources } from './sources.ts';
import { inBytes, inPercent } from './words.ts';

/** fs/ext4/mballoc.c, fs/xfs/xfs_discard.c, fs/btrfs/extent-tree.c, fs/f2fs/segment.c, block/ioctl.c. */
const DISCARDS =
  /^(ext4_trim_fs|ext4_trim_extent|ext4_try_to_trim_range|xfs_ioc_trim|btrfs_trim_fs|f2fs_trim_fs|blk_ioctl_discard)$/;

/** Of all requests, or of the time that they took. */
const MUCH = 0.3;
const MOST = 0.5;

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
    const inCalls = calls.reduce((sum, { count }) => sum + count, 0);
    const on = (fds: readonly (number | undefined)[]): string | undefined =>
      fds.length === 1 ? load.files.find(({ file }) => file.fd === fds[0])?.file.path : undefined;
    const called = [...new Set(calls.map(({ value }) => value.fd))];
    if (inCalls > 0) return [{ load, looks: inCalls, file: 'syscall', folder: on(called) }];
    const stacks = (load.suspect?.stacks ?? []).filter(({ value }) => value.some((name) => DISCARDS.test(name)));
    const looks = stacks.reduce((sum, { count }) => sum + count, 0);
    // A stack does not say on which file: where a folder or device of another disk is open beside its log, that is the one.
    const trimmed = load.files.filter(({ file }) => !isStream(file));
    const isHere = trimmed.length > 0 && trimmed.every(({ file }) => here.has(file.fd));
    return looks > 0 && isHere ? [{ load, looks, file: 'stack', folder: on(trimmed.map(({ file }) => file.fd)) }] : [];
  });
  const all = found.reduce((sum, { looks }) => sum + looks, 0);
  const { discards = 0, discardBytes = 0, reads, writes } = activity;
  const part = discards / Math.max(1, discards + reads + writes);
  const doubtsOf = (looks: number): string[] =>
    [
      found.length > 1 ? 'others discard blocks of this disk too' : undefined,
      looks < 2 ? 'it was met only once in such a call' : undefined,
      part < MOST ? `only ${inPercent(part)} of the requests are discards` : undefined,
    ].filter((text) => text !== undefined);
  return found.map(({ load, looks, file, folder }) => ({
    ...bareRow(load),
    share: (part * looks) / all,
    isPlaced: true,
    ownPart: 1,
    claim: {
      shareOf: 'operations',
      activity: 'discard',
      ...(folder !== undefined && { folder }),
      confidence: doubtsOf(looks).length === 0 ? 'high' : 'medium',
      lacks: doubtsOf(looks),
      evidence: [
        `met ${sources.times(looks, load.suspect?.samples ?? 0)} in an ioctl() that discards blocks (${file === 'syscall' ? sources.calls(load.process.pid) : `/proc/${load.process.pid}/${file}`}); ${activity.device} discarded ${inBytes(discardBytes)} in ${discards} requests (${sources.disk})`,
      ],
    },
  }));
}
