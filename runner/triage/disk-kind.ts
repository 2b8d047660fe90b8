/** What kind of device it is, and what one request may fairly cost on that kind: busy is not saturated, so latency decides. */
import type { BlockDevice } from '../proc/sys-block.ts';
import type { Disk } from './finding.ts';

export type DiskKind = Disk['kind'];

/** The `rotational` flag means nothing on volumes whose model says that a hypervisor made them. */
const VIRTUAL_MODEL = /virtual|qemu|vmware|amazon elastic block store|persistentdisk|msft/i;

export function kindOf(device: string, block: BlockDevice | undefined): DiskKind {
  if (/^(zram|ram|pmem)/.test(device)) return 'memory';
  if (/^loop/.test(device)) return 'loop';
  if (/^(nbd|rbd|drbd)/.test(device)) return 'network';
  if (/^(vd|xvd|ubd)/.test(device) || VIRTUAL_MODEL.test(block?.model ?? '')) return 'virtual';
  if (/^nvme/.test(device)) return 'nvme';
  if (block?.rotational === undefined) return 'unknown';
  return block.rotational ? 'hdd' : 'ssd';
}

/** A request that has not queued: a fixed cost and a transfer rate, deliberately generous to the device. */
const COST: Readonly<Record<DiskKind, { readonly fixedMs: number; readonly bytesPerMs: number }>> = {
  hdd: { fixedMs: 10, bytesPerMs: 100_000 },
  ssd: { fixedMs: 1, bytesPerMs: 250_000 },
  nvme: { fixedMs: 0.3, bytesPerMs: 1_000_000 },
  virtual: { fixedMs: 4, bytesPerMs: 100_000 },
  loop: { fixedMs: 4, bytesPerMs: 100_000 },
  network: { fixedMs: 5, bytesPerMs: 100_000 },
  memory: { fixedMs: 0.1, bytesPerMs: 1_000_000 },
  unknown: { fixedMs: 5, bytesPerMs: 100_000 },
};

/** Milliseconds that a request of this size may take on this kind before anyone would call it slow. */
export function fairLatencyMs(kind: DiskKind, requestBytes: number): number {
  const cost = COST[kind];
  return cost.fixedMs + requestBytes / cost.bytesPerMs;
}

/** One request at a time is all such a device can do, so that its busy time is its load. */
export const isSerial = (kind: DiskKind): boolean => kind === 'hdd';

/** Devices with many queues: 98 % busy says only that there was always a request, not that one waited. */
export const isParallel = (kind: DiskKind): boolean => kind === 'nvme' || kind === 'ssd' || kind === 'memory';
