/** What holds processes up besides a disk of this host: their own cgroup, a server that does not answer, a hypervisor, idleness. */
import type { Cpu, Explanation, Verdict } from './finding.ts';
import { nameOfLoad } from './load-name.ts';
import type { ProcessLoad } from './loads.ts';
import { remoteFunction } from './remote-wait.ts';
import type { DiskActivity, HostSamples } from './samples.ts';
import { sourcesOf } from './sources.ts';
import { inBytes, inCount, inList, inPercent, inRate } from './words.ts';

export interface NotTheDisk {
  readonly samples: HostSamples;
  readonly loads: readonly ProcessLoad[];
  readonly disks: readonly { readonly activity: DiskActivity; readonly verdict: Verdict }[];
  readonly cpu: Cpu | undefined;
}

export function notTheDisk(seen: NotTheDisk): Explanation[] {
  return [...throttledByCgroup(seen), ...thrashing(seen), ...remoteWaits(seen), ...stolen(seen), ...idleIowait(seen)];
}

/** At its limit, as far as its charges can be told from it. */
const AT_LIMIT = 0.75;
const MAX_FACTOR = 1.6;

/** A process that moves what its cgroup lets it move (block/blk-throttle.c). */
function throttledByCgroup({ samples, loads, disks }: NotTheDisk): Explanation[] {
  return loads.flatMap(({ suspect, process, read, write, family }) => {
    const limits = suspect?.cgroupLimits?.io ?? [];
    if (!suspect || family || (process.blockedSamples === 0 && suspect.blockedThreads === 0)) return [];
    const hit = limits.find(({ number, direction, of, perSecond }) => {
      const flow = direction === 'read' ? read : write;
      const calls = direction === 'read' ? process.io?.readCalls : process.io?.writeCalls;
      const rate = of === 'bytes' ? flow.bytesPerSecond : ((calls ?? 0) * 1000) / Math.max(1, samples.processWindowMs);
      const on = disks.find(({ activity }) => activity.number === number)?.activity.device;
      // What was seen to go to other disks only is not what this limit is for.
      const isElsewhere = on !== undefined && flow.placed.size > 0 && !flow.placed.has(on);
      return on !== undefined && !isElsewhere && rate >= perSecond * AT_LIMIT && rate <= perSecond * MAX_FACTOR;
    });
    const disk = disks.find(({ activity }) => activity.number === hit?.number);
    if (!hit || !disk) return [];
    const figure = hit.of === 'bytes' ? inRate(hit.perSecond) : `${inCount(hit.perSecond)} operations/s`;
    const verb = hit.direction === 'read' ? 'reads' : 'writes';
    const isFine = disk.verdict === 'healthy' || disk.verdict === 'busy';
    return [
      {
        kind: 'cgroup-limit',
        summary: `${process.command} ${process.pid} is throttled by its own cgroup: it ${verb} at the limit of ${figure} on ${disk.activity.device}${isFine ? ', which is not saturated' : ''}.`,
        evidence: [
          `${hit.direction === 'read' ? inRate(read.bytesPerSecond) : inRate(write.bytesPerSecond)} moved (/proc/${process.pid}/io), limit ${figure} (${hit.file ?? 'io.max or blkio.throttle of its cgroup'})`,
          `seen blocked in ${process.blockedSamples} samples while ${disk.activity.device} was ${Math.min(100, Math.round((100 * disk.activity.ioMs) / disk.activity.elapsedMs))} % busy`,
        ],
      },
    ];
  });
}

/** Of its limit. */
const FULL = 0.9;
const MIN_READ_RATE = 1024 * 1024;

/** A reader whose cgroup has no room for what it reads again and again (mm/workingset.c). */
function thrashing({ samples, loads }: NotTheDisk): Explanation[] {
  const refaults = samples.reclaim?.refaultedPagesPerSecond;
  return loads.flatMap((load) => {
    const { suspect, read, files } = load;
    // Past the page cache nothing would stay in it.
    if (files.some(({ file }) => file.mode?.direct && file.mode.reads)) return [];
    const { memoryLimitBytes, memoryLimitFile, memoryBytes } = suspect?.cgroupLimits ?? {};
    if (memoryLimitBytes === undefined || memoryBytes === undefined || read.bytesPerSecond < MIN_READ_RATE) return [];
    const total = samples.meminfo?.get('MemTotal');
    if (memoryBytes < memoryLimitBytes * FULL || (total !== undefined && memoryLimitBytes >= total)) return [];
    return [
      {
        kind: 'memory-limit',
        summary: `${nameOfLoad(load)} reads ${inRate(read.bytesPerSecond)} under a memory limit of ${inBytes(memoryLimitBytes)} that is full: what it reads does not stay in the page cache.`,
        evidence: [
          `its cgroup holds ${inBytes(memoryBytes)} of ${inBytes(memoryLimitBytes)}, page cache included (${memoryLimitFile ?? 'its memory cgroup'})`,
          ...(refaults === undefined
            ? []
            : [
                `${inCount(refaults)} pages/s came back soon after they were thrown out (workingset_refault_file in /proc/vmstat)`,
              ]),
        ],
      },
    ];
  });
}

/** Of the looks at somebody: whoever was met waiting in fewer gets its answers, slowly. */
const NO_ANSWER = 0.5;

function remoteWaits({ samples }: NotTheDisk): Explanation[] {
  const waiting = samples.suspects.flatMap((suspect) => {
    const process = samples.processes.find(
      ({ pid, startTicks }) => pid === suspect.pid && (startTicks ?? suspect.startTicks) === suspect.startTicks,
    );
    const where = remoteFunction(suspect);
    if (where === undefined || process === undefined || process.blockedSamples < 2) return [];
    return [{ process, where, isStuck: process.blockedSamples >= suspect.samples * NO_ANSWER }];
  });
  if (waiting.length === 0) return [];
  const mounts = samples.mounts
    .filter(({ fsType }) => /^(nfs4?|cifs|smb3|ceph|9p|virtiofs|afs|fuse\..+)$/.test(fsType))
    .map(({ mountpoint }) => mountpoint);
  const names = waiting.slice(0, 3).map(({ process }) => `${process.command} ${process.pid}`);
  const answers = waiting.some(({ isStuck }) => isStuck) ? 'does not answer' : 'answers slowly';
  return [
    {
      kind: 'remote-file-system',
      summary: `${inList(waiting.length > 3 ? [...names, 'others'] : names)} ${waiting.length === 1 ? 'waits' : 'wait'} for a network or user-space file system that ${answers}${mounts.length > 0 ? ` (${inList(mounts.slice(0, 3))})` : ''}, not for a disk.`,
      evidence: waiting.map(
        ({ process, where }) =>
          `${process.command} ${process.pid} waits in ${where}, seen blocked in ${process.blockedSamples} samples (/proc/${process.pid}/stack, wchan)`,
      ),
    },
  ];
}

const STEAL_PERCENT = 10;

function stolen({ cpu, samples }: NotTheDisk): Explanation[] {
  const most = [...(cpu?.perCpu ?? [])].sort((a, b) => b.stealPercent - a.stealPercent)[0];
  if (!most || most.stealPercent < STEAL_PERCENT) return [];
  return [
    {
      kind: 'steal',
      summary: `The hypervisor takes the CPU away: cpu${most.cpu} was ready to run and did not for ${Math.round(most.stealPercent)} % of the window.`,
      evidence: (cpu?.perCpu ?? [])
        .slice(0, 8)
        .map(({ cpu: number, stealPercent }) => `cpu${number}: steal ${stealPercent} % (${sourcesOf(samples).cpu})`),
    },
  ];
}

const IOWAIT_PERCENT = 25;
const AT_WORK_PERCENT = 50;

/** iowait is idle time of a CPU on which somebody went to sleep for I/O (kernel/sched/cputime.c): it says nothing of a disk. */
function idleIowait({ cpu, disks, samples }: NotTheDisk): Explanation[] {
  const [most] = [...(cpu?.perCpu ?? [])].sort((a, b) => b.iowaitPercent - a.iowaitPercent);
  // Of disks that nobody pasted a figure of nothing is known.
  if (samples.source === 'captures' && disks.length === 0) return [];
  const isFine = disks.every(({ verdict }) => verdict === 'healthy' || verdict === 'busy');
  const ioShare = samples.pressure?.ioSomeShare ?? 0;
  if (!most || !isFine || (most.iowaitPercent < IOWAIT_PERCENT && ioShare < 0.25)) return [];
  const busiest = [...disks].sort(
    (a, b) => b.activity.ioMs / b.activity.elapsedMs - a.activity.ioMs / a.activity.elapsedMs,
  )[0];
  const busy = busiest && Math.min(100, Math.round((100 * busiest.activity.ioMs) / busiest.activity.elapsedMs));
  // A disk at work that much is waited for, even if it keeps up.
  if (busy !== undefined && busy >= AT_WORK_PERCENT) return [];
  return [
    {
      kind: 'idle-iowait',
      summary: `The iowait is idle time: cpu${most.cpu} counts ${Math.round(most.iowaitPercent)} % of it while ${busiest ? `no disk is saturated (the busiest, ${busiest.activity.device}, ${busy} %)` : 'no disk works'}; a CPU with nothing else to do is counted so while anybody sleeps for I/O, a ring of io_uring included.`,
      evidence: [
        `cpu${most.cpu}: iowait ${most.iowaitPercent} %, idle ${most.idlePercent} % (${sourcesOf(samples).cpu})`,
        ...(samples.pressure?.ioSomeShare === undefined
          ? []
          : [`some tasks waited for I/O ${inPercent(ioShare)} of the window (/proc/pressure/io)`]),
      ],
    },
  ];
}
