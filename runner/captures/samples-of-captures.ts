/** Captures → the samples that triage takes, as if the host itself had been read. What no capture says stays absent. */
import type { Draft } from '../proc/draft.ts';
import type { HostSamples } from '../triage/samples.ts';
import type { Captured } from './captured.ts';
import { disksOf } from './captured-disks.ts';
import { doubtsOf, limitsOf } from './captured-limits.ts';
import { PROCESS_WINDOW_MS, processesOf } from './captured-processes.ts';
import { suspectsOf } from './captured-suspects.ts';

export interface CapturedSamples {
  readonly samples: HostSamples;
  /** That of iostat's intervals; 0 without any. */
  readonly windowMs: number;
}

export function samplesOfCaptures(captured: Captured): CapturedSamples {
  const disks = disksOf(captured.iostat);
  const processes = processesOf(captured);
  const { suspects, doubts, limits } = suspectsOf(captured, processes, disks);
  const samples: Draft<HostSamples> = {
    source: 'captures',
    ioSource: captured.processTool,
    doubts: [...doubtsOf(captured, disks), ...doubts],
    processWindowMs: PROCESS_WINDOW_MS,
    processesRead: captured.processes.length > 0,
    disks: disks.activities,
    ticks: disks.ticks,
    blockDevices: disks.blockDevices,
    mounts: [],
    processes,
    rest: [],
    suspects,
    limits: [...limitsOf(captured, disks), ...limits],
  };
  const { top, kernel } = captured;
  if (kernel !== undefined) samples.kernel = kernel;
  // Only whoever is not root is refused anything.
  if (captured.processes.flat().some(({ bytes }) => bytes === undefined)) samples.privilege = 'user';
  if (top && top.cpus.length > 0) samples.cpu = { start: top.cpus.map(({ cpu }) => ({ cpu, ...ZERO })), end: top.cpus };
  if (top && top.memory.size > 0) samples.meminfo = top.memory;
  return { samples, windowMs: disks.windowMs };
}

const ZERO = { user: 0n, nice: 0n, system: 0n, idle: 0n, iowait: 0n, irq: 0n, softirq: 0n, steal: 0n };
