/** Samples of one host → its finding: every device judged, every saturated one's load accounted for, the worst first. Pure. */
import { type Account, accountOf, isExplainedByBytes, type Trouble } from './account.ts';
import { backlogOf, drainText } from './backlog.ts';
import { carriersOf, type Place, unreadWaitersOf, victimsOf } from './bystanders.ts';
import { ceilingOf } from './ceiling.ts';
import { cpuOf } from './cpu.ts';
import { culpritOf, culpritRows } from './culprit.ts';
import { type DeviceTree, deviceTree } from './device-tree.ts';
import type { DiskContext } from './disk-context.ts';
import { kindOf } from './disk-kind.ts';
import { backlogExplained, explanationsOf, unreadWaitersExplained } from './explanations.ts';
import { type Bystander, type Disk, type Finding, VERDICTS, type Verdict } from './finding.ts';
import { type ProcessLoad, processLoads } from './loads.ts';
import { memoryOf } from './memory.ts';
import { notTheDisk } from './not-the-disk.ts';
import { pageCacheOf } from './page-cache.ts';
import type { DiskActivity, DiskTick, HostSamples } from './samples.ts';
import { type Load, loadOf } from './saturation.ts';
import { scoreOf } from './score.ts';
import { sourcesOf } from './sources.ts';
import { summaryOf } from './summary.ts';
import { rounded, timelineOf } from './timeline.ts';

interface Judged {
  readonly activity: DiskActivity;
  readonly kind: Disk['kind'];
  readonly load: Load;
}

export function triage(samples: HostSamples): Finding {
  const numbers = new Map(
    samples.disks.flatMap(({ number, device }) => (number === undefined ? [] : [[number, device] as const])),
  );
  const tree = deviceTree(samples.blockDevices, samples.mounts, numbers);
  const judged = samples.disks
    .filter(({ device }) => tree.wholeDevice(device) === device)
    .map((activity): Judged => {
      const kind = kindOf(activity.device, blockOf(samples, activity.device));
      return { activity, kind, load: loadOf(activity, samples.ticks.get(activity.device) ?? [], kind) };
    });
  const reported = blamedOnce(judged, tree);
  const loads = processLoads(
    samples,
    tree,
    judged.map(({ activity }) => activity),
    reported.filter(({ load }) => load.verdict === 'saturated').map(({ activity }) => activity.device),
  );
  const troubled = reported.filter(({ load }) => rankOf(load.verdict) <= rankOf('saturated'));
  const inTrouble = troubled.length;
  const unexplained = troubled.filter(({ activity }) => !isExplainedByBytes(activity, loads, tree));
  const troubleOf = (disk: Judged): Trouble => ({
    only: inTrouble === 1,
    onlyUnexplained: unexplained.every((other) => other === disk),
  });
  const disks = reported
    .map((disk) => ({ ...describe(disk, samples, tree, loads, troubleOf(disk)), load: disk.load }))
    .sort(
      (a, b) =>
        byVerdict(a.disk.verdict, b.disk.verdict) || scoreOf(b.disk.verdict, b.load) - scoreOf(a.disk.verdict, a.load),
    );
  const worst = disks[0];
  const verdict = worst?.disk.verdict ?? 'inconclusive';
  const cpu = samples.cpu && cpuOf(samples.cpu.start, samples.cpu.end);
  const drained =
    worst && inTrouble === 1 ? judged.find(({ activity }) => activity.device === worst.disk.device) : undefined;
  const backlog = backlogOf(samples, drained ? [drained.activity] : []);
  const pageCache = pageCacheOf(samples, loads, samples.meminfo && memoryOf(samples.meminfo).cacheBytes);
  const isDraining =
    worst?.disk.verdict === 'saturated' && (worst.disk.writeBytesPerSecond ?? 0) > (worst.disk.readBytesPerSecond ?? 0);
  const elsewhere = notTheDisk({
    samples,
    loads,
    disks: judged.map(({ activity, load }) => ({ activity, verdict: load.verdict })),
    cpu,
  });
  return {
    ...(samples.source && { source: samples.source }),
    verdict,
    score: scoreOf(verdict, worst?.load),
    summary: summaryOf(
      disks.map(({ disk }) => disk),
      {
        privilege: samples.privilege,
        source: samples.source,
        processesRead: samples.processesRead !== false,
        unreadWaiters: worst?.unreadWaiters ?? [],
        backlog: backlog && isDraining ? drainText(backlog) : undefined,
        instead: elsewhere.find(({ kind }) => HOLDS_UP.has(kind))?.summary,
      },
    ),
    ...(samples.privilege && { privilege: samples.privilege }),
    ...(samples.kernel !== undefined && { kernel: samples.kernel }),
    disks: disks.map(({ disk }) => disk),
    ...(samples.meminfo && { memory: memoryOf(samples.meminfo) }),
    ...(backlog && { backlog }),
    ...(pageCache && { pageCache }),
    ...(cpu && { cpu }),
    explanations: [
      ...unreadWaitersExplained(
        disks.map(({ disk, unreadWaiters }) => ({ device: disk.device, waiters: unreadWaiters })),
        samples.privilege,
      ),
      ...(backlog && isDraining ? backlogExplained(worst.disk, backlog) : []),
      ...explanationsOf(samples, verdict),
      ...elsewhere,
    ],
    limits: [...samples.limits],
  };
}

/** Of the explanations those that say who waits, and for what: they stand in the sentence where no disk does. */
const HOLDS_UP = new Set(['cgroup-limit', 'remote-file-system']);

/** No host has more that a person would read; a hostile one may claim to. */
const MAX_NAMES = 32;
/** Many disks below one device each list its mountpoints: PATH_MAX, so that any single one still fits. */
const MAX_NAMES_LENGTH = 4096;

function bounded(names: readonly string[]): string[] {
  let left = MAX_NAMES_LENGTH;
  return names.slice(0, MAX_NAMES).filter(({ length }) => {
    left -= length;
    return left >= 0;
  });
}

const rankOf = (verdict: Verdict): number => VERDICTS.indexOf(verdict);
const byVerdict = (a: Verdict, b: Verdict): number => rankOf(a) - rankOf(b);

const blockOf = (samples: HostSamples, device: string) => samples.blockDevices.find(({ name }) => name === device);

/**
 * Disks always; a dm, md or loop layer only when it is in trouble and nothing that it stands on is, since its requests wait below it
 * and would be blamed twice. Idle loop and memory devices say nothing.
 */
function blamedOnce(judged: readonly Judged[], tree: DeviceTree): Judged[] {
  const troubled = new Set(
    judged.filter(({ load }) => rankOf(load.verdict) <= rankOf('inconclusive')).map(({ activity }) => activity.device),
  );
  return judged.filter(({ activity, kind }) => {
    const below = tree.below(activity.device);
    const isLayer = below.length > 0 || kind === 'loop' || kind === 'memory' || /^(dm-|md\d)/.test(activity.device);
    if (!isLayer) return true;
    return troubled.has(activity.device) && !below.some((device) => troubled.has(device));
  });
}

function describe(
  judged: Judged,
  samples: HostSamples,
  tree: DeviceTree,
  loads: readonly ProcessLoad[],
  trouble: Trouble,
): { disk: Disk; unreadWaiters: Bystander[] } {
  const { activity, kind, load } = judged;
  const { device } = activity;
  const devices = [device, ...tree.above(device)];
  const ledger = accountOf(activity, samples, loads, tree, trouble);
  const shown = load.verdict === 'saturated' ? culpritRows(ledger) : [];
  const { flushBound, unexplainedShare, drainedShare } = ledger;
  const context: DiskContext = {
    activity,
    mounts: samples.mounts,
    samples,
    unexplainedShare,
    drainedShare,
    devices,
    flushBound,
    sources: sourcesOf(samples),
    ...(samples.doubts && { doubts: samples.doubts }),
  };
  const culprits = shown.map((row) => culpritOf(row, context));
  const hangs = load.verdict === 'hung';
  const place: Place = { devices, numbers: numbersOf(devices, samples), only: trouble.only, flushBound, hangs };
  const blamed = culpritPids(culprits, samples);
  const isTroubled = load.verdict === 'saturated' || load.verdict === 'hung';
  const ticks = samples.ticks.get(device) ?? [];
  const model = blockOf(samples, device)?.model;
  const ceiling = load.verdict === 'saturated' ? ceilingOf(ticks, load.queueDepth, model) : undefined;
  const disk: Disk = {
    device,
    kind,
    ...(model !== undefined && { model }),
    stack: bounded([...tree.above(device), ...tree.below(device)]),
    mountpoints: bounded([...new Set(devices.flatMap((name) => tree.mountpoints(name)))]),
    verdict: load.verdict,
    ...rates(activity, load, ticks),
    ...(load.verdict !== 'healthy' && ticks.length > 0 && { timeline: timelineOf(ticks) }),
    culprits,
    victims: isTroubled ? victimsOf(samples, loads, hangs ? [] : ledger.single, blamed, place) : [],
    carriers: isTroubled ? carriersOf(samples, place) : [],
    ...(ceiling && { ceiling }),
    ...shares(activity, ledger, culprits),
  };
  return { disk, unreadWaiters: isTroubled ? unreadWaitersOf(samples, loads, blamed, place) : [] };
}

/** A group's members that were not seen long enough to be counted in are still no victims of it. */
function culpritPids(culprits: Disk['culprits'], samples: HostSamples): Set<number> {
  const groups = culprits.filter(({ pid }) => pid === null);
  const members = samples.processes.filter((process) =>
    groups.some(({ command, parent }) => process.command === command && process.parentPid === parent?.pid),
  );
  return new Set([...culprits.flatMap(({ pids }) => pids), ...members.map(({ pid }) => pid)]);
}

/** What the queue of a disk is that completes nothing: the kernel counts it as requests complete. */
const meanInFlight = (ticks: readonly DiskTick[]): number =>
  ticks.length === 0 ? 0 : ticks.reduce((sum, { inFlight }) => sum + inFlight, 0) / ticks.length;

function rates(activity: DiskActivity, load: Load, ticks: readonly DiskTick[]): Partial<Disk> {
  const perSecond = (count: number): number => rounded((count * 1000) / activity.elapsedMs);
  const { flushes, flushMs } = activity;
  return {
    busyPercent: rounded(load.busyPercent),
    queueDepth: rounded(load.verdict === 'hung' ? Math.max(load.queueDepth, meanInFlight(ticks)) : load.queueDepth),
    readsPerSecond: perSecond(activity.reads),
    writesPerSecond: perSecond(activity.writes),
    ...(flushes !== undefined && { flushesPerSecond: perSecond(flushes) }),
    readBytesPerSecond: perSecond(activity.readBytes),
    writeBytesPerSecond: perSecond(activity.writeBytes),
    ...(load.readAwaitMs !== undefined && { readAwaitMs: rounded(load.readAwaitMs) }),
    ...(load.writeAwaitMs !== undefined && { writeAwaitMs: rounded(load.writeAwaitMs) }),
    ...(flushes !== undefined && flushMs !== undefined && flushes > 0 && { flushAwaitMs: rounded(flushMs / flushes) }),
  };
}

/** Less than this of a load is not worth a word. */
const MIN_BACKLOG = 0.05;

/** Rounded so that the culprits' shares, othersShare and unexplainedShare add up to exactly 1. An idle disk has nothing to explain. */
function shares(
  activity: DiskActivity,
  ledger: Account,
  culprits: Disk['culprits'],
): Pick<Disk, 'othersShare' | 'unexplainedShare' | 'backlogShare'> {
  if (activity.readBytes + activity.writeBytes === 0 && culprits.length === 0)
    return { othersShare: 1, unexplainedShare: 0 };
  const round = (value: number): number => Math.round(value * 10_000) / 10_000;
  // Down, or the culprits alone may come to more than 1; the last term makes up for what a product in binary lacks.
  for (const culprit of culprits) culprit.share = Math.floor(culprit.share * 10_000 + 1e-6) / 10_000;
  const named = culprits.reduce((sum, { share }) => sum + share, 0);
  const unexplainedShare = Math.min(round(ledger.unexplainedShare), Math.max(0, round(1 - named)));
  const backlogShare = Math.min(unexplainedShare, round(ledger.drainedShare));
  return {
    unexplainedShare,
    ...(backlogShare >= MIN_BACKLOG && { backlogShare }),
    othersShare: Math.max(0, round(1 - named - unexplainedShare)),
  };
}

function numbersOf(devices: readonly string[], samples: HostSamples): Set<string> {
  const blocks = samples.blockDevices.filter(({ name }) => devices.includes(name));
  return new Set([
    ...samples.disks.flatMap(({ device, number }) =>
      devices.includes(device) && number !== undefined ? [number] : [],
    ),
    ...blocks.flatMap(({ number, partitions }) => [...(number === undefined ? [] : [number]), ...partitions.values()]),
  ]);
}
