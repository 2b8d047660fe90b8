/** Hosts that no visit was made to, or none that told anything. */
import type { Failure, VisitedHost } from '../../../runner/report.ts';
import { NOT_SWEPT_SCORE } from '../../../runner/triage/score.ts';

/** A host of which nothing is known but why. */
export function failedHost(name: string, failure: Failure): VisitedHost {
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
  return failedHost(name, { phase: 'sample', kind: 'interrupted', message: 'interrupted before it was done' });
}

/** A visit that threw: our bug, which must not take the other hosts along. */
export function brokenHost(name: string, error: unknown): VisitedHost {
  const detail = error instanceof Error ? error.message : String(error);
  const message = `whodisk itself failed on this host, please report it: ${detail}`;
  return failedHost(name, { phase: 'parse', kind: 'internal', message });
}
