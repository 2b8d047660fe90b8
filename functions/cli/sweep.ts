/** One sweep: visits in, a ranked report out. Knows neither SSH nor how results are shown. */
import type { Report, Sweep, VisitedHost } from '../../runner/report.ts';
import { findPatterns } from '../../runner/triage/patterns.ts';
import { rankHosts } from '../../runner/triage/rank.ts';
import { countStandings } from '../render/standing.ts';
import { interruptedHost } from '../sweep/visits/lost-hosts.ts';

export interface SweepPlan {
  /** A ULID (functions/ulid.ts). */
  readonly id: string;
  readonly startedAtMs: number;
  /** The targets as they were asked for; absent for this machine alone. */
  readonly asked?: readonly string[];
  /** The hosts' unique names, those that `visits` yields. */
  readonly names: readonly string[];
  /** Results in the order in which hosts finish. May end early or stall once `signal` is aborted. */
  readonly visits: AsyncIterable<VisitedHost>;
  readonly windowSeconds: number;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly onHost: (host: VisitedHost) => void | Promise<void>;
}

/** What is known this long after an interrupt is what is shown. */
const GRACE_MS = 400;

/** Every name ends in exactly one state: hosts that did not finish before the interrupt are not swept, kind "interrupted". */
export async function runSweep(plan: SweepPlan): Promise<Report> {
  const done = new Map<string, VisitedHost>();
  for await (const host of untilInterrupted(plan.visits, plan.signal)) {
    done.set(host.host, host);
    await plan.onHost(host);
  }
  for (const name of plan.names) {
    if (done.has(name)) continue;
    const host = interruptedHost(name);
    done.set(name, host);
    await plan.onHost(host);
  }
  const hosts = rankHosts([...done.values()]);
  const notSwept = hosts.filter(({ status }) => status === 'not-swept').length;
  return {
    schemaVersion: 1,
    sweep: {
      ...startedSweep(plan),
      status: plan.signal.aborted ? 'interrupted' : 'complete',
      finishedAt: new Date(plan.nowMs()).toISOString(),
      targets: hosts.length,
      swept: hosts.length - notSwept,
      notSwept,
      counts: countStandings(hosts),
    },
    hosts,
    patterns: findPatterns(hosts),
  };
}

/** What is known of the sweep while it runs. */
export function startedSweep(plan: Pick<SweepPlan, 'id' | 'startedAtMs' | 'asked' | 'names' | 'windowSeconds'>): Sweep {
  return {
    id: plan.id,
    trigger: 'cli',
    ...(plan.asked !== undefined && { asked: [...plan.asked] }),
    status: 'running',
    startedAt: new Date(plan.startedAtMs).toISOString(),
    windowSeconds: plan.windowSeconds,
    targets: plan.names.length,
    swept: 0,
    notSwept: 0,
  };
}

async function* untilInterrupted<T>(results: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = results[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = new Promise<{ done: true; value: undefined }>((resolve) => {
    const start = (): void => {
      timer = setTimeout(() => resolve({ done: true, value: undefined }), GRACE_MS);
    };
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true });
  });
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), giveUp]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
  }
}
