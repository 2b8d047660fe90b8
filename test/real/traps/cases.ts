/** The trap bed: all cases, in the order of the table of traps. */
import { behindKernelThreads } from './cases/01-behind-kernel-threads.ts';
import { victimWaitsAsLong } from './cases/02-victim-waits-as-long.ts';
import { busierOnAnotherDisk } from './cases/03-busier-on-another-disk.ts';
import { chargedAtReap } from './cases/04-charged-at-reap.ts';
import { writerHasGone } from './cases/05-writer-has-gone.ts';
import { syncWaits } from './cases/06-sync-waits.ts';
import { truncatedBeforeWriteback } from './cases/07-truncated-before-writeback.ts';
import { writesThatNeverArrive } from './cases/08-writes-that-never-arrive.ts';
import { ioUringWriter } from './cases/09-io-uring-writer.ts';
import { libaioWriter } from './cases/09-libaio-writer.ts';
import { mappedCold } from './cases/09-mapped-cold.ts';
import { mappedWriter } from './cases/09-mapped-writer.ts';
import { loopWorker } from './cases/10-loop-worker.ts';
import { swapStorm } from './cases/11-swap-storm.ts';
import { hung } from './cases/12-hung.ts';
import { hungGuest } from './cases/12-hung-guest.ts';
import { ownLimit } from './cases/13-own-limit.ts';
import { ownLimitV2 } from './cases/13-own-limit-v2.ts';
import { fsyncStorm } from './cases/14-fsync-storm.ts';
import { sqliteCommits } from './cases/14-sqlite-commits.ts';
import { noPressure } from './cases/15-no-pressure.ts';
import { busyButFast } from './cases/16-busy-but-fast.ts';
import { cacheThrash } from './cases/17-cache-thrash.ts';
import { manyFiles } from './cases/18-many-files.ts';
import { poolOfThreads } from './cases/18-pool-of-threads.ts';
import { deletedLog } from './cases/19-deleted-log.ts';
import { twoCauses } from './cases/20-two-causes.ts';
import { idleWaiter } from './cases/21-idle-waiter.ts';
import { oneIdleCpu } from './cases/21-one-idle-cpu.ts';
import { childrenElsewhere } from './cases/22-children-elsewhere.ts';
import { shortLivedChildren } from './cases/22-short-lived-children.ts';
import { namesAndBytes } from './cases/23-names-and-bytes.ts';
import { noByteWritten } from './cases/23-no-byte-written.ts';
import { unitCounted } from './cases/24-unit-counted.ts';
import { container } from './cases/25-container.ts';
import { pod } from './cases/25-pod.ts';
import { networkMount } from './cases/26-network-mount.ts';
import { discards } from './cases/27-discards.ts';
import type { GuestCase, Trap, TrapCase } from './trap-case.ts';

export const CASES: readonly TrapCase[] = [
  behindKernelThreads,
  victimWaitsAsLong,
  busierOnAnotherDisk,
  chargedAtReap,
  writerHasGone,
  syncWaits,
  truncatedBeforeWriteback,
  writesThatNeverArrive,
  ioUringWriter,
  libaioWriter,
  mappedCold,
  mappedWriter,
  loopWorker,
  swapStorm,
  hung,
  ownLimit,
  fsyncStorm,
  sqliteCommits,
  noPressure,
  busyButFast,
  cacheThrash,
  poolOfThreads,
  manyFiles,
  deletedLog,
  twoCauses,
  idleWaiter,
  oneIdleCpu,
  childrenElsewhere,
  shortLivedChildren,
  namesAndBytes,
  noByteWritten,
];

/** On a host of their own, where the peers are not installed. */
export const GUEST_CASES: readonly GuestCase[] = [
  hungGuest,
  ownLimitV2,
  unitCounted,
  container,
  pod,
  networkMount,
  discards,
];

export const ALL_CASES: readonly Trap[] = [...CASES, ...GUEST_CASES];
