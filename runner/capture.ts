/**
 * Frames in, samples out: which frame holds which kernel file, and the parser that reads it. Pure. A record that does not parse
 * is left out, counted and said in `limits`; it never costs the host its other records.
 */
import type { Frame } from './bundle/frames.ts';
import { pageBytesOf } from './bundle/page-size.ts';
import { type Payloads, payloadsOf, wordsByKey } from './bundle/payloads.ts';
import { parseProcesses } from './bundle/processes.ts';
import { suspectsOf } from './bundle/suspects.ts';
import { parseTicks } from './bundle/ticks.ts';
import { limitsOf, parseNotes } from './limits.ts';
import { parseCpuStat } from './proc/cpu-stat.ts';
import { type DiskCounters, parseDiskstats } from './proc/diskstats.ts';
import type { Draft } from './proc/draft.ts';
import { parseMeminfo } from './proc/meminfo.ts';
import { parseMountinfo } from './proc/mountinfo.ts';
import { parsePressure } from './proc/pressure.ts';
import { parseSwaps } from './proc/swaps.ts';
import { parseSysBlock } from './proc/sys-block.ts';
import { parseUptimeMs } from './proc/uptime.ts';
import { parseVmstat } from './proc/vmstat.ts';
import { diskActivity, sumOfTicks } from './triage/disk-activity.ts';
import type { DiskActivity, DiskTick, HostSamples } from './triage/samples.ts';

export interface Capture {
  readonly samples: HostSamples;
  /** CPU time of the bundle and its children on the host. */
  readonly hostCpuMs?: number;
}

/** undefined where not even the bundle's greeting has arrived: there is nothing to judge by. */
export function captureOf(frames: readonly Frame[]): Capture | undefined {
  const payloads = payloadsOf(frames);
  const { text } = payloads;
  const greeting = text('hello');
  if (greeting === undefined) return undefined;
  const hello = wordsByKey(greeting);
  const machine = hello.get('machine') ?? 'unknown';
  const euid = /^\d{1,10}$/.test(hello.get('euid') ?? '') ? Number(hello.get('euid')) : undefined;
  const asked = (['root', 'sudo', 'user'] as const).find((name) => name === hello.get('privilege'));
  // Root that was told to do without sudo is root all the same.
  const privilege = asked === 'user' && euid === 0 ? 'root' : asked;

  const startMs = parseUptimeMs(text('file', 'a /proc/uptime') ?? '');
  const endMs = parseUptimeMs(text('file', 'b /proc/uptime') ?? '');
  const disks = diskSamples(payloads, startMs, endMs);
  const processText = text('procs');
  const processes = parseProcesses(processText ?? '');
  const mounts = parseMountinfo(text('mounts') ?? '');
  const suspects = suspectsOf(payloads, machine, lag(payloads, startMs));
  const pageBytes = pageBytesOf(machine, suspects.list);
  const cpuStart = parseCpuStat(text('file', 'a /proc/stat') ?? '');
  const cpuEnd = parseCpuStat(text('file', 'b /proc/stat') ?? '');
  const meminfo = parseMeminfo(text('file', 'b /proc/meminfo') ?? text('file', 'a /proc/meminfo') ?? '');
  const meminfoAtStart = parseMeminfo(text('file', 'a /proc/meminfo') ?? '');
  const vmstat = {
    start: parseVmstat(text('file', 'a /proc/vmstat') ?? ''),
    end: parseVmstat(text('file', 'b /proc/vmstat') ?? ''),
  };
  const swapAreas = parseSwaps(text('file', 'b /proc/swaps') ?? '');
  const windowMs = startMs !== undefined && endMs !== undefined && endMs > startMs ? endMs - startMs : undefined;
  const pressure = windowMs === undefined ? undefined : pressureOf(text, windowMs);
  const swap = windowMs === undefined ? undefined : swapOf(vmstat, windowMs);
  const reclaim = windowMs === undefined ? undefined : reclaimOf(vmstat, windowMs);
  const oomKills = increase(vmstat, 'oom_kill');
  const dirtyLimits = dirtyLimitsOf(vmstat.end.size > 0 ? vmstat.end : vmstat.start);
  const kernel = text('file', 'a /proc/sys/kernel/osrelease')?.trim().slice(0, 128);
  const malformed = disks.malformed + processes.malformed + mounts.malformed + suspects.malformed;

  const limits = limitsOf(parseNotes(text('note') ?? ''), {
    privilege,
    euid,
    mode: hello.get('mode'),
    hasPressure: text('file', 'a /proc/pressure/io') !== undefined,
    machine,
  });
  if (processText === undefined) limits.push('the processes were not read: the answer broke off before them');
  limits.push(...disks.limits);
  if (malformed > 0) limits.push(`${malformed} malformed records were left out`);

  const samples: Draft<HostSamples> = {
    processesRead: processText !== undefined,
    processWindowMs: processWindow(payloads) ?? windowMs ?? 0,
    disks: disks.activities,
    ticks: disks.ticks,
    blockDevices: parseSysBlock(text('block') ?? ''),
    mounts: mounts.mounts,
    processes: processes.processes,
    rest: processes.rest,
    suspects: suspects.list,
    limits,
  };
  if (privilege) samples.privilege = privilege;
  if (kernel) samples.kernel = kernel;
  if (pageBytes !== undefined) samples.pageBytes = pageBytes;
  if (startMs !== undefined) samples.windowStartTicks = Math.floor(startMs / MS_PER_CLOCK_TICK);
  if (cpuStart.length > 0 && cpuEnd.length > 0) samples.cpu = { start: cpuStart, end: cpuEnd };
  if (meminfo.size > 0) samples.meminfo = meminfo;
  if (meminfoAtStart.size > 0) samples.meminfoAtStart = meminfoAtStart;
  if (dirtyLimits) samples.dirtyLimits = dirtyLimits;
  if (swapAreas.length > 0) samples.swapAreas = swapAreas;
  if (reclaim) samples.reclaim = reclaim;
  if (oomKills !== undefined) samples.oomKills = oomKills;
  if (pressure) samples.pressure = pressure;
  if (swap) samples.swap = swap;
  const hostCpuMs = cpuMsOf(text('cost'));
  return hostCpuMs === undefined ? { samples } : { samples, hostCpuMs };
}

function pressureOf(text: Payloads['text'], windowMs: number): HostSamples['pressure'] {
  const share = (resource: string): number | undefined => {
    const start = parsePressure(text('file', `a /proc/pressure/${resource}`) ?? '');
    const end = parsePressure(text('file', `b /proc/pressure/${resource}`) ?? '');
    const waitedUs = start && end ? Number(end.someUs - start.someUs) : -1;
    return waitedUs < 0 ? undefined : Math.min(1, waitedUs / (windowMs * 1000));
  };
  const ioSomeShare = share('io');
  const memorySomeShare = share('memory');
  return {
    ...(ioSomeShare !== undefined && { ioSomeShare }),
    ...(memorySomeShare !== undefined && { memorySomeShare }),
  };
}

interface VmstatPair {
  readonly start: ReadonlyMap<string, bigint>;
  readonly end: ReadonlyMap<string, bigint>;
}

/** undefined where the kernel does not count it, or where it went back. */
function increase({ start, end }: VmstatPair, name: string): number | undefined {
  const [before, after] = [start.get(name), end.get(name)];
  return before === undefined || after === undefined || after < before ? undefined : Number(after - before);
}

function swapOf(vmstat: VmstatPair, windowMs: number): HostSamples['swap'] {
  const [pagesIn, pagesOut] = [increase(vmstat, 'pswpin'), increase(vmstat, 'pswpout')];
  if (pagesIn === undefined || pagesOut === undefined) return undefined;
  return { inPagesPerSecond: (pagesIn * 1000) / windowMs, outPagesPerSecond: (pagesOut * 1000) / windowMs };
}

/** Kernels before 5.9 count all refaults in one. */
function reclaimOf(vmstat: VmstatPair, windowMs: number): HostSamples['reclaim'] {
  const [direct, background] = [increase(vmstat, 'pgscan_direct'), increase(vmstat, 'pgscan_kswapd')];
  if (direct === undefined && background === undefined) return undefined;
  const refaults = increase(vmstat, 'workingset_refault_file') ?? increase(vmstat, 'workingset_refault');
  return {
    scannedPagesPerSecond: (((direct ?? 0) + (background ?? 0)) * 1000) / windowMs,
    ...(refaults !== undefined && { refaultedPagesPerSecond: (refaults * 1000) / windowMs }),
  };
}

function dirtyLimitsOf(vmstat: ReadonlyMap<string, bigint>): HostSamples['dirtyLimits'] {
  const [background, most] = [vmstat.get('nr_dirty_background_threshold'), vmstat.get('nr_dirty_threshold')];
  if (background === undefined || most === undefined) return undefined;
  return { backgroundPages: Number(background), pages: Number(most) };
}

interface DiskSamples {
  readonly activities: DiskActivity[];
  readonly ticks: Map<string, DiskTick[]>;
  readonly limits: string[];
  readonly malformed: number;
}

function diskSamples(payloads: Payloads, startMs: number | undefined, endMs: number | undefined): DiskSamples {
  const file = (label: string): string | undefined => payloads.text('file', label);
  const before = parseDiskstats(file('a /proc/diskstats') ?? '');
  const endText = file('b /proc/diskstats');
  const after = parseDiskstats(endText ?? '');
  const tickText = payloads.joined('ticks');
  const { ticks, malformed: badTicks } =
    startMs === undefined ? { ticks: new Map(), malformed: 0 } : parseTicks(tickText, startMs);
  const limits: string[] = [];
  const malformed = before.malformed + after.malformed + badTicks;

  if (startMs === undefined || before.disks.length === 0) {
    limits.push('/proc/diskstats could not be read: no disk can be judged');
    return { activities: [], ticks, limits, malformed };
  }
  if (endText === undefined || endMs === undefined) {
    limits.push('the second /proc/diskstats is missing: rates are those of the samples that arrived');
    const sums = [...ticks.values()].map(sumOfTicks).filter((activity) => activity !== undefined);
    return { activities: sums, ticks, limits, malformed };
  }
  if (endMs === startMs) {
    limits.push('both /proc/diskstats samples carry the same uptime: no rates');
    return { activities: [], ticks, limits, malformed };
  }
  const bootBefore = file('a /proc/sys/kernel/random/boot_id')?.trim();
  const bootAfter = file('b /proc/sys/kernel/random/boot_id')?.trim();
  if (endMs < startMs || (bootAfter !== undefined && bootBefore !== undefined && bootAfter !== bootBefore)) {
    limits.push('the host rebooted during the window: no rates');
    return { activities: [], ticks: new Map(), limits, malformed };
  }
  const known = countersByDevice(before.disks);
  const later = countersByDevice(after.disks);
  const activities: DiskActivity[] = [];
  for (const device of new Set([...known.keys(), ...later.keys()])) {
    const first = known.get(device);
    // The bundle leaves out of the second sample what did not change.
    const last = later.get(device) ?? first;
    const activity = last && diskActivity(first, last, endMs - startMs);
    if (activity) activities.push(activity);
    else limits.push(`${device}: a counter went backwards in the window, so it has no rates`);
  }
  return { activities, ticks, limits, malformed };
}

function countersByDevice(disks: readonly DiskCounters[]): Map<string, DiskCounters> {
  const byDevice = new Map<string, DiskCounters>();
  for (const disk of disks) byDevice.set(disk.device, disk);
  return byDevice;
}

/** Uptimes at which the window of the processes opened and closed. */
const processTimes = (payloads: Payloads): (number | undefined)[] =>
  (payloads.all('procs')[0]?.label.split(' ') ?? []).map(parseUptimeMs);

function processWindow(payloads: Payloads): number | undefined {
  const [start, end] = processTimes(payloads);
  return start !== undefined && end !== undefined && end > start ? end - start : undefined;
}

/** How long after the disks the bundle opened the processes. */
function lag(payloads: Payloads, disksStartMs: number | undefined): number {
  const [start] = processTimes(payloads);
  return Math.max(0, (start ?? 0) - (disksStartMs ?? start ?? 0));
}

/** USER_HZ is 100 on every machine that runs Linux today but alpha (asm-generic/param.h). */
const MS_PER_CLOCK_TICK = 10;

/** utime, stime, cutime and cstime are fields 14 to 17 of /proc/PID/stat, counted behind the name's last parenthesis. */
function cpuMsOf(cost: string | undefined): number | undefined {
  const stat = /^stat .*\) (.*)$/m.exec(cost ?? '')?.[1]?.split(' ');
  const ticks = stat?.slice(11, 15).map(Number);
  if (!ticks || ticks.length < 4 || ticks.some((value) => !Number.isSafeInteger(value) || value < 0)) return undefined;
  const extraNs = Number(/^extra (\d{1,15})$/m.exec(cost ?? '')?.[1] ?? 0);
  return ticks.reduce((sum, value) => sum + value, 0) * MS_PER_CLOCK_TICK + Math.round(extraNs / 1e6);
}
