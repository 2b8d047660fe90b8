/** One large sweep through the built functions, with all that goes wrong on the way, and what it took. */
import { newToken } from '../../functions/auth/token.ts';
import { openStore } from '../../functions/store/open.ts';
import { must } from '../store/embedded.ts';
import { type Cloud, startCloud, TABLE } from './cloud-site.ts';
import type { Package } from './packaged.ts';
import { rankingOf, type ScaleSweep, wrongInFindings, wrongInRanking } from './scale-check.ts';
import { scaleFaults } from './scale-faults.ts';
import { startScaleFleet } from './scale-fleet.ts';
import { type Ended, endedSweep, publishFleet, startedSweep } from './scale-sweep.ts';
import type { WriteCounts } from './write-counter.ts';

export interface ScaleRound {
  readonly package: Package;
  readonly hosts: number;
  /** How many workers this machine runs at a time. */
  readonly workersAtATime: number;
  readonly visibilitySeconds: number;
  /** From the request to the end. */
  readonly limitMs: number;
}

export interface ScaleResult {
  /** Nothing where all is right. */
  readonly wrong: readonly string[];
  readonly sweep: Ended;
  readonly shards: number;
  readonly faults: {
    readonly deliveries: number;
    readonly crashes: number;
    readonly poisonings: number;
    readonly twice: number;
  };
  /** From the request to the end of the sweep. */
  readonly wallMs: number;
  /** By the name of the function. */
  readonly used: ReadonlyMap<string, { invocations: number; processes: number; cpuMs: number; peakMb: number }>;
  readonly serversCpuMs: number;
  /** Up to the end of the sweep. */
  readonly written: WriteCounts;
}

/** As start.ts cuts them. */
const SHARD_HOSTS = 200;
/** The rule of the template: a minute. */
const WATCH_MS = 60_000;

export async function scaleRound(round: ScaleRound): Promise<ScaleResult> {
  const shards = Math.ceil(round.hosts / SHARD_HOSTS);
  const faults = scaleFaults(shards);
  const fleet = await startScaleFleet(round.hosts);
  const { visibilitySeconds, workersAtATime } = round;
  const cloud = await startCloud({
    package: round.package,
    visibilitySeconds,
    workersAtATime,
    faultOf: faults.faultOf,
  });
  const watching = setInterval(() => void cloud.invoke('watchdog').catch(() => {}), WATCH_MS);
  try {
    const token = newToken();
    await publishFleet(cloud, fleet, token);

    const began = performance.now();
    const id = await startedSweep(cloud, token);
    const ended = await endedSweep(cloud, token, id, round.limitMs);
    const wallMs = performance.now() - began;
    const written = await cloud.dynamoDb.written();
    const used = new Map(FUNCTIONS.map((name) => [name, cloud.lambda(name).used()]));
    const from = faults.poisoned * SHARD_HOSTS;
    const lost = new Set(fleet.names.slice(from, from + SHARD_HOSTS));
    const sweep: ScaleSweep = { id, names: fleet.names, lost, token };
    return {
      wrong: [...wrongInEnd(ended, sweep), ...wrongInCounts(written, id), ...(await wrongInResults(cloud, sweep))],
      sweep: ended,
      shards,
      faults: faults.noted(),
      wallMs,
      used,
      serversCpuMs: fleet.cpuMs(),
      written,
    };
  } finally {
    clearInterval(watching);
    await cloud.end();
    await fleet.stop();
  }
}

const FUNCTIONS = ['api', 'plan', 'worker', 'finish', 'deadletter', 'config'];

function wrongInEnd({ status, swept, notSwept }: Ended, { names, lost }: ScaleSweep): string[] {
  const said = `${status}, ${swept} swept, ${notSwept} not`;
  const right = `incomplete, ${names.length - lost.size} swept, ${lost.size} not`;
  return said === right ? [] : [`the sweep is ${said}; it should be ${right}`];
}

const wrongInCounts = ({ endings }: WriteCounts, id: string): string[] =>
  endings[id] === 1 ? [] : [`the sweep was ended ${endings[id] ?? 0} times`];

async function wrongInResults(cloud: Cloud, sweep: ScaleSweep): Promise<string[]> {
  const where = { kind: 'dynamodb', table: TABLE, endpoint: cloud.dynamoDb.endpoint } as const;
  const store = must(await openStore(where, { retentionDays: 30, nowMs: Date.now }));
  try {
    const open = must(await store.openJobs());
    return [
      ...wrongInRanking(await rankingOf(cloud, sweep), sweep),
      ...(await wrongInFindings(store, sweep)),
      ...open.map((id) => `the job of ${id} is still open`),
    ];
  } finally {
    await store.close();
  }
}
