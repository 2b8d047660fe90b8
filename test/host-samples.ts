/** Hosts made by hand for the tests of triage: each helper makes one ordinary thing, and the test changes what it is about. */
import type { LedgerRow } from '../runner/triage/ledger.ts';
import type { Spread } from '../runner/triage/loads.ts';
import type {
  DiskActivity,
  DiskTick,
  HostSamples,
  IoDelta,
  OpenFile,
  ProcessActivity,
  Suspect,
} from '../runner/triage/samples.ts';

export const MB = 1024 * 1024;
export const WINDOW_MS = 5000;

/** A hard disk at its end for the whole window: 20 MB/s of 512 KB writes that wait a second each. */
export function saturated(device: string, more: Partial<DiskActivity> = {}): DiskActivity {
  return {
    device,
    elapsedMs: WINDOW_MS,
    reads: 0,
    readBytes: 0,
    readMs: 0,
    writes: 200,
    writeBytes: 100 * MB,
    writeMs: 200_000,
    ioMs: 4990,
    weightedMs: 200_000,
    inFlight: 40,
    ...more,
  };
}

/** Saturated by reads of 128 KB that wait 200 ms each. */
export const saturatedByReads = (device: string): DiskActivity =>
  saturated(device, { reads: 800, readBytes: 100 * MB, readMs: 160_000, writes: 0, writeBytes: 0, writeMs: 0 });

export function healthy(device: string, more: Partial<DiskActivity> = {}): DiskActivity {
  return {
    device,
    elapsedMs: WINDOW_MS,
    reads: 0,
    readBytes: 0,
    readMs: 0,
    writes: 100,
    writeBytes: 200 * MB,
    writeMs: 200,
    ioMs: 300,
    weightedMs: 200,
    inFlight: 0,
    ...more,
  };
}

export function io(more: Partial<IoDelta>): IoDelta {
  return {
    readChars: more.readBytes ?? 0,
    writtenChars: more.writtenBytes ?? 0,
    readCalls: more.readBytes ? 100 : 0,
    writeCalls: more.writtenBytes ? 100 : 0,
    readBytes: 0,
    writtenBytes: 0,
    cancelledBytes: 0,
    ...more,
  };
}

export function process(pid: number, command: string, more: Partial<ProcessActivity> = {}): ProcessActivity {
  return {
    pid,
    parentPid: 1,
    startTicks: pid * 10,
    seen: 'pair',
    state: 'S',
    blockedSamples: 0,
    isKernelThread: false,
    command,
    ...more,
  };
}

export const kernelThread = (pid: number, command: string, more: Partial<ProcessActivity> = {}): ProcessActivity =>
  process(pid, command, { isKernelThread: true, parentPid: 2, blockedSamples: 18, ...more });

/** Met blocked now and then, as whoever loads a saturated disk is. */
export const writer = (pid: number, command: string, bytes: number): ProcessActivity =>
  process(pid, command, { io: io({ writtenBytes: bytes }), blockedSamples: 2 });

export function file(fd: number, path: string, mountId: number, more: Partial<OpenFile> = {}): OpenFile {
  const mode = { reads: false, writes: true, direct: false, sync: false, append: false };
  return { fd, path, deleted: false, mode, mountId, ...more };
}

export function suspect(pid: number, files: readonly OpenFile[], more: Partial<Suspect> = {}): Suspect {
  return {
    pid,
    startTicks: pid * 10,
    samples: 20,
    uid: 0,
    parents: [],
    blockedThreads: 0,
    calls: [],
    waits: [],
    stacks: [],
    files,
    ...more,
  };
}

/** A load that was seen to go to one device, as a whole. */
export const spread = (device: string, bytesPerSecond: number): Spread => ({
  bytesPerSecond,
  placed: new Map(bytesPerSecond > 0 ? [[device, bytesPerSecond]] : []),
  allotted: new Map(),
  wanted: new Map(),
});

/** A row of sda's ledger: a writer that was seen to add this share of 10 MB/s, all files of the suspect on sda. */
export function row(pid: number, share: number, of?: Pick<Suspect, 'files'> & Partial<Suspect>): LedgerRow {
  return {
    load: {
      process: process(pid, `p${pid}`),
      ...(of && { suspect: suspect(pid, of.files, of) }),
      files: (of?.files ?? []).map((open) => ({ file: open, device: 'sda' })),
      directWrites: false,
      read: spread('sda', 0),
      write: spread('sda', share * 1e7),
      count: 1,
    },
    readBytesPerSecond: 0,
    writeBytesPerSecond: share * 1e7,
    share,
    isPlaced: true,
    ownPart: 1,
  };
}

/** Two hard disks, sda with / (mount 1) and sdb with /data (mount 2); tmpfs (3) and NFS (4) beside them. */
export function host(more: Partial<HostSamples> = {}): HostSamples {
  const mount = { root: '/', fsType: 'ext4', superOptions: 'rw' };
  return {
    privilege: 'root',
    kernel: '5.10.0',
    processWindowMs: WINDOW_MS,
    disks: [],
    ticks: new Map(),
    blockDevices: [
      { name: 'sda', number: '8:0', rotational: true, slaves: [], partitions: new Map([['sda1', '8:1']]) },
      { name: 'sdb', number: '8:16', rotational: true, slaves: [], partitions: new Map() },
    ],
    mounts: [
      { ...mount, id: 1, number: '8:1', mountpoint: '/', source: '/dev/sda1' },
      { ...mount, id: 2, number: '8:16', mountpoint: '/data', source: '/dev/sdb' },
      { ...mount, id: 3, number: '0:30', mountpoint: '/tmp', fsType: 'tmpfs', source: 'tmpfs' },
      { ...mount, id: 4, number: '0:40', mountpoint: '/mnt/nfs', fsType: 'nfs4', source: 'filer:/export' },
      { ...mount, id: 5, number: '0:6', mountpoint: '/dev', fsType: 'devtmpfs', source: 'devtmpfs' },
    ],
    processes: [],
    rest: [],
    suspects: [],
    limits: [],
    ...more,
  };
}

/** Twenty ticks of a quarter of a second; `at` changes one of them. */
export function ticks(device: string, at: (index: number) => Partial<DiskTick>): DiskTick[] {
  return Array.from({ length: 20 }, (_, i) => ({
    device,
    atMs: (i + 1) * 250,
    elapsedMs: 250,
    reads: 0,
    readBytes: 0,
    readMs: 0,
    writes: 10,
    writeBytes: 5 * MB,
    writeMs: 10_000,
    ioMs: 250,
    weightedMs: 10_000,
    inFlight: 40,
    ...at(i),
  }));
}
