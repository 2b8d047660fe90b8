/**
 * The figures of a large sweep as text, and the heat of its partition keys in the cloud, which is arithmetic: what was written to each key
 * here, over the shortest time that the sweep can take there. Workers go through the shards in waves of as many as the event source allows
 * at a time; a wave is its window, and the CPU time of its hosts on the CPU that its memory comes with. Hosts end one after the other in
 * the second part alone: while all workers are there at the same time a key gets its burst. What a partition does not take is refused, and
 * asked again by the store for as long as a request may take: a burst that is drained within that time delays results and loses none.
 */
import type { Package } from './packaged.ts';
import type { ScaleResult } from './scale-round.ts';
import { resourcesOf } from './template.ts';

/** What one partition takes (DynamoDB Developer Guide, "Best practices for designing and using partition keys effectively"). */
export const MOST_UNITS_A_SECOND = 1000;

export interface Heat {
  readonly workersAtATime: number;
  readonly waveSeconds: number;
  readonly sweepSeconds: number;
  readonly keys: readonly KeyHeat[];
}

export interface KeyHeat {
  readonly key: string;
  readonly units: number;
  /** Over the whole sweep. */
  readonly unitsASecond: number;
  /** While the hosts of a wave end. */
  readonly burstUnitsASecond: number;
  /** How long a partition needs for the burst of a wave. */
  readonly drainSeconds: number;
}

const SHARD_HOSTS = 200;
/** Of `-w`, the default: in the test hosts take less. */
const WINDOW_SECONDS = 5;
/** What a host costs its worker at the least (`npm run bench:fanout`, with the store): here others use the CPUs too. */
const HOST_CPU_SECONDS = 0.005;
/** "At 1,769 MB, a function has the equivalent of one vCPU" (Lambda Developer Guide, "Configure Lambda function memory"). */
const MB_OF_ONE_CPU = 1769;

export function heatOf({ shards, written }: ScaleResult, hosts: number, { template, functions }: Package): Heat {
  const scaling = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(
    ([, properties]) => properties['ScalingConfig'],
  );
  const limited = scaling.find((one) => one !== undefined) as { MaximumConcurrency: number };
  const workersAtATime = limited.MaximumConcurrency;
  const memoryMb = functions.get('worker')?.memoryMb ?? 0;
  const endingSeconds = (SHARD_HOSTS * HOST_CPU_SECONDS) / Math.min(memoryMb / MB_OF_ONE_CPU, 1);
  const waveSeconds = WINDOW_SECONDS + endingSeconds;
  const sweepSeconds = Math.ceil(shards / workersAtATime) * waveSeconds;
  const waveHosts = Math.min(workersAtATime, shards) * SHARD_HOSTS;
  const keys = written.keys.map(({ key, units }) => {
    const waveUnits = (units / hosts) * waveHosts;
    return {
      key,
      units,
      unitsASecond: units / sweepSeconds,
      burstUnitsASecond: waveUnits / endingSeconds,
      drainSeconds: Math.max(endingSeconds, waveUnits / MOST_UNITS_A_SECOND),
    };
  });
  return { workersAtATime, waveSeconds, sweepSeconds, keys };
}

export function scaleTable(result: ScaleResult, hosts: number, heat: Heat): string {
  const { sweep, shards, faults, wallMs, used, serversCpuMs, written } = result;
  const { deliveries, crashes, poisonings, twice } = faults;
  const worker = used.get('worker');
  const others = [...used].filter(([name]) => name !== 'worker');
  const writes = Object.values(written.kinds).reduce((sum, kind) => sum + kind.writes, 0);
  return [
    `${hosts} hosts in ${shards} shards: ${sweep.status}, ${sweep.swept} swept, ${sweep.notSwept} not, in ${seconds(wallMs)}.`,
    `${deliveries} deliveries of shards: ${crashes} workers killed, ${twice} delivered twice; the poisoned shard killed ${poisonings} more.`,
    `Client CPU a host: ${perHost(worker?.cpuMs ?? 0, hosts)} in the workers (${worker?.processes} processes, their starts included, at most ${worker?.peakMb.toFixed(0)} MB each); the hosts' own servers ${perHost(serversCpuMs, hosts)}.`,
    `Other functions: ${others.map(([name, { invocations, cpuMs, peakMb }]) => `${name} ${invocations} times, ${seconds(cpuMs)} of CPU, ${peakMb.toFixed(0)} MB`).join('; ')}.`,
    `Store writes: ${writes}, ${(writes / hosts).toFixed(2)} a host. By kind of item (keys.ts), writes and write units:`,
    ...Object.entries(written.kinds).map(
      ([kind, { writes: count, units }]) =>
        `  ${kind.padEnd(12)}${String(count).padStart(9)}${String(units).padStart(9)}`,
    ),
    `Heat of the hottest partition keys in the cloud, ${heat.workersAtATime} workers at a time in waves of ${heat.waveSeconds.toFixed(1)} s, ${heat.sweepSeconds.toFixed(1)} s in all.`,
    'Units; a second over the sweep; a second while a wave ends, and how long a partition needs for that; the most in a second here:',
    ...heat.keys.map((one, index) => heatLine(one, written.keys[index]?.mostUnitsASecond ?? 0)),
  ].join('\n');
}

function heatLine({ key, units, unitsASecond, burstUnitsASecond, drainSeconds }: KeyHeat, mostHere: number): string {
  const figures = [
    units,
    `${unitsASecond.toFixed(0)}/s`,
    `${burstUnitsASecond.toFixed(0)}/s`,
    `${drainSeconds.toFixed(1)} s`,
    `${mostHere}/s`,
  ];
  return `  ${key.padEnd(44)}${figures.map((figure) => String(figure).padStart(9)).join('')}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const perHost = (ms: number, hosts: number): string => `${(ms / hosts).toFixed(2)} ms`;
