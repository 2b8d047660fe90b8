/**
 * Frames in, samples out: which frame holds which kernel file, and the parser that reads it. Pure. A record that does not parse
 * is left out, counted and said in `limits`; it never costs the host its other records.
 */
import { parseCgroupTraffic } from './bundle/cgstat.ts';
import type { Frame } from './bundle/frames.ts';
import { parseProcesses } from './bundle/processes.ts';
import { parseSuspect } from './bundle/suspect.ts';
import { parseTicks } from './bundle/ticks.ts';
import { limitsOf, parseNotes } from './limits.ts';
import { parseCpuStat } from './proc/cpu-stat.ts';
import { type DiskCounters, parseDiskstats } from './proc/diskstats.ts';
import { parseMeminfo } from './proc/meminfo.ts';
import { parseMountinfo } from './proc/mountinfo.ts';
import { parsePressure } from './proc/pressure.ts';
import { parseSysBlock } from './proc/sys-block.ts';
import { parseUptimeMs } from './proc/uptime.ts';
import { parseVmstat } from './proc/vmstat.ts';
import { redacted } from './redact.ts';
import { diskActivity, sumOfTicks } from './triage/disk-activity.ts';
import type { CgroupTraffic, DiskActivity, DiskTick, HostSamples, Suspect } from './triage/samples.ts';

export interface Capture {
  readonly samples: HostSamples;
  /** CPU time of the bundle and its children on the host. */
  readonly hostCpuMs?: number;
}

/** undefined where not even the bundle's greeting has arrived: there is nothing to judge by. */
export function captureOf(frames: readonly Frame[]): Capture | undefined {
  const text = (kind: string, label?: string): string | undefined => textOf(frames, kind, label);
  const greeting = text('hello');
  if (greeting === undefined) return undefined;
  const hello = new Map(greeting.split('\n').map((line) => line.split(' ', 2) as [string, string | undefined]));
  const machine = hello.get('machine') ?? 'unknown';
  const privilege = (['root', 'sudo', 'user'] as const).find((name) => name === hello.get('privilege'));

  const startMs = parseUptimeMs(text('file', 'a /proc/uptime') ?? '');
  const endMs = parseUptimeMs(text('file', 'b /proc/uptime') ?? '');
  const disks = diskSamples(frames, startMs, endMs);
  const processes = parseProcesses(text('procs') ?? '');
  const mounts = parseMountinfo(text('mounts') ?? '');
  const suspects = suspectsOf(frames, machine);
  const cpuStart = parseCpuStat(text('file', 'a /proc/stat') ?? '');
  const cpuEnd = parseCpuStat(text('file', 'b /proc/stat') ?? '');
  const meminfo = parseMeminfo(text('file', 'b /proc/meminfo') ?? text('file', 'a /proc/meminfo') ?? '');
  const windowMs = startMs !== undefined && endMs !== undefined && endMs > startMs ? endMs - startMs : undefined;
  const pressure = windowMs === undefined ? undefined : pressureOf(text, windowMs);
  const swap = windowMs === undefined ? undefined : swapOf(text, windowMs);
  const kernel = text('file', 'a /proc/sys/kernel/osrelease')?.trim().slice(0, 128);
  const malformed = disks.malformed + processes.malformed + mounts.malformed + suspects.malformed;

  const euid = hello.get('euid') ?? '';
  const limits = limitsOf(parseNotes(text('note') ?? ''), {
    privilege,
    euid: /^\d{1,10}$/.test(euid) ? Number(euid) : undefined,
    mode: hello.get('mode'),
    hasPressure: text('file', 'a /proc/pressure/io') !== undefined,
    machine,
  });
  if (text('procs') === undefined) limits.push('the processes were not read: the answer broke off before them');
  limits.push(...disks.limits);
  if (malformed > 0) limits.push(`${malformed} malformed records were left out`);

  const hostCpuMs = cpuMsOf(text('cost'));
  return {
    samples: {
      ...(privilege && { privilege }),
      ...(kernel && { kernel }),
      ...(startMs !== undefined && { windowStartTicks: Math.floor(startMs / MS_PER_CLOCK_TICK) }),
      processesRead: text('procs') !== undefined,
      processWindowMs: processWindow(frames) ?? windowMs ?? 0,
      ...(cpuStart.length > 0 && cpuEnd.length > 0 && { cpu: { start: cpuStart, end: cpuEnd } }),
      ...(meminfo.size > 0 && { meminfo }),
      ...(pressure && { pressure }),
      ...(swap && { swap }),
      disks: disks.activities,
      ticks: disks.ticks,
      blockDevices: parseSysBlock(text('block') ?? ''),
      mounts: mounts.mounts,
      processes: processes.processes,
      rest: processes.rest,
      suspects: suspects.list,
      limits,
    },
    ...(hostCpuMs !== undefined && { hostCpuMs }),
  };
}

/** The payload of the first frame of a kind, of one label where that is given. */
const textOf = (frames: readonly Frame[], kind: string, label?: string): string | undefined =>
  frames
    .find((frame) => frame.kind === kind && (label === undefined || frame.label === label))
    ?.payload.toString('utf8');

type TextOf = (kind: string, label: string) => string | undefined;

function pressureOf(text: TextOf, windowMs: number): HostSamples['pressure'] {
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

function swapOf(text: TextOf, windowMs: number): HostSamples['swap'] {
  const start = parseVmstat(text('file', 'a /proc/vmstat') ?? '');
  const end = parseVmstat(text('file', 'b /proc/vmstat') ?? '');
  const perSecond = (name: string): number | undefined => {
    const [before, after] = [start.get(name), end.get(name)];
    if (before === undefined || after === undefined || after < before) return undefined;
    return Number(after - before) / (windowMs / 1000);
  };
  const [inPagesPerSecond, outPagesPerSecond] = [perSecond('pswpin'), perSecond('pswpout')];
  if (inPagesPerSecond === undefined || outPagesPerSecond === undefined) return undefined;
  return { inPagesPerSecond, outPagesPerSecond };
}

interface DiskSamples {
  readonly activities: DiskActivity[];
  readonly ticks: Map<string, DiskTick[]>;
  readonly limits: string[];
  readonly malformed: number;
}

function diskSamples(frames: readonly Frame[], startMs: number | undefined, endMs: number | undefined): DiskSamples {
  const file = (label: string): string | undefined => textOf(frames, 'file', label);
  const before = parseDiskstats(file('a /proc/diskstats') ?? '');
  const endText = file('b /proc/diskstats');
  const after = parseDiskstats(endText ?? '');
  const tickText = frames
    .filter((frame) => frame.kind === 'ticks')
    .map((frame) => frame.payload.toString('utf8'))
    .join('\n');
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
  const [bootBefore, bootAfter] = ['a', 'b'].map((phase) => file(`${phase} /proc/sys/kernel/random/boot_id`)?.trim());
  if (endMs < startMs || (bootAfter !== undefined && bootBefore !== undefined && bootAfter !== bootBefore)) {
    limits.push('the host rebooted during the window: no rates');
    return { activities: [], ticks: new Map(), limits, malformed };
  }
  const later = new Map(after.disks.map((disk) => [disk.device, disk]));
  const known = new Map(before.disks.map((disk) => [disk.device, disk]));
  const activities: DiskActivity[] = [];
  const devices = new Map<string, DiskCounters>([...known, ...later]);
  for (const [device, counters] of devices) {
    // The bundle leaves out of the second sample what did not change.
    const activity = diskActivity(known.get(device), later.get(device) ?? counters, endMs - startMs);
    if (activity) activities.push(activity);
    else limits.push(`${device}: a counter went backwards in the window, so it has no rates`);
  }
  return { activities, ticks, limits, malformed };
}

const PID_START = /^(\d{1,10}) (\d{1,18})$/;
const MAX_SUSPECTS = 16;

function suspectsOf(frames: readonly Frame[], machine: string): { list: Suspect[]; malformed: number } {
  const of = (kind: string) => frames.filter((frame) => frame.kind === kind);
  const line = (kind: string, label: string): string | undefined =>
    textOf(frames, kind, label)?.split('\n', 1)[0]?.slice(0, 1024) || undefined;
  const users = new Map(
    of('users').flatMap((frame) =>
      frame.payload
        .toString('utf8')
        .split('\n')
        .map((row) => row.split(' ') as [string, string]),
    ),
  );
  const traffic = parseCgroupTraffic(textOf(frames, 'cgstat', 'a') ?? '', textOf(frames, 'cgstat', 'b') ?? '');
  const list: Suspect[] = [];
  let malformed = 0;
  for (const frame of of('suspect').slice(0, MAX_SUSPECTS)) {
    const [, pid, start] = PID_START.exec(frame.label) ?? [];
    if (pid === undefined || start === undefined) {
      malformed++;
      continue;
    }
    const parsed = parseSuspect(frame.payload.toString('utf8'), Number(pid), Number(start), machine);
    malformed += parsed.malformed;
    // The name only: where the script lies is part of the command line, which is shown on request.
    const program = line('program', frame.label)
      ?.split('/')
      .findLast((part) => part !== '');
    const commandLine = line('cmdline', frame.label);
    const cgroupTraffic = trafficOf(traffic, parsed.suspect.cgroup?.path);
    const user = users.get(String(parsed.suspect.uid))?.slice(0, 64);
    list.push({
      ...parsed.suspect,
      ...(user && { user }),
      ...(cgroupTraffic && { cgroupTraffic }),
      ...(program !== undefined && { program }),
      ...(commandLine !== undefined && { commandLine: redacted(commandLine) }),
    });
  }
  return { list, malformed };
}

/** Where the hierarchy is mounted differs; the rest of the path is what /proc/PID/cgroup says. The root's figures are everybody's. */
function trafficOf(
  traffic: ReadonlyMap<string, CgroupTraffic[]>,
  path: string | undefined,
): CgroupTraffic[] | undefined {
  if (path === undefined || path === '/') return undefined;
  const files = [...traffic.keys()].filter((file) => file.endsWith(path)).sort((a, b) => a.length - b.length);
  return files[0] === undefined ? undefined : traffic.get(files[0]);
}

function processWindow(frames: readonly Frame[]): number | undefined {
  const label = frames.find((frame) => frame.kind === 'procs')?.label.split(' ') ?? [];
  const [start, end] = label.map(parseUptimeMs);
  return start !== undefined && end !== undefined && end > start ? end - start : undefined;
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
