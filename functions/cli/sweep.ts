/** One sweep: visits in, a ranked report out. Knows neither SSH nor how results are shown. */
import type { Failure, Report, VisitedHost } from '../../runner/report.ts';
import { findPatterns } from '../../runner/triage/patterns.ts';
import { rankHosts } from '../../runner/triage/rank.ts';
import { NOT_SWEPT_SCORE } from '../../runner/triage/score.ts';
import { sweepId } from './sweep-id.ts';

export interface SweepPlan {
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
  const startedAtMs = plan.nowMs();
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
      id: sweepId(startedAtMs),
      trigger: 'cli',
      status: plan.signal.aborted ? 'interrupted' : 'complete',
      startedAt: new Date(startedAtMs).toISOString(),
      finishedAt: new Date(plan.nowMs()).toISOString(),
      windowSeconds: plan.windowSeconds,
      targets: hosts.length,
      swept: hosts.length - notSwept,
      notSwept,
    },
    hosts,
    patterns: findPatterns(hosts),
  };
}

/** A host of which nothing is known but why. */
function lostHost(name: string, failure: Failure): VisitedHost {
  return {
    host: name,
    status: 'not-swept',
    failure,
    verdict: 'inconclusive',
    score: NOT_SWEPT_SCORE,
    summary: failure.message,
    disks: [],
    explanations: [],
    limits: [],
    cost: { bytesReceived: 0, clientMs: 0 },
  };
}

/** A host whose turn had not come, or that was not done, when the sweep was interrupted. */
export function interruptedHost(name: string): VisitedHost {
  return lostHost(name, { phase: 'sample', kind: 'interrupted', message: 'interrupted before it was done' });
}

/** A visit that threw: our bug, which must not take the other hosts along. */
export function brokenHost(name: string, error: unknown): VisitedHost {
  const detail = error instanceof Error ? error.message : String(error);
  const message = `whodisk itself failed on this host, please report it: ${detail}`;
  return lostHost(name, { phase: 'parse', kind: 'internal', message });
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
