/**
 * The order in which a person should look at hosts, worst first.
 *
 *   1. hung            a disk completes nothing
 *   2. suspected hung  let us in, then fell silent (failure kind "suspected-hung"): what a host with a hung root disk does
 *   3. saturated
 *   4. inconclusive    looked at, without a verdict
 *   5. not swept       nothing is known of it, so it may be worse than anything below: before busy, never after healthy
 *   6. busy
 *   7. healthy
 *
 * Inside a group the higher score comes first, then the name in natural order. The score's bands (score.ts) follow the same
 * order, so that whoever sorts a report by its score alone gets the same groups.
 */
import type { Verdict } from './finding.ts';
import { compareNaturally } from './natural-order.ts';

/** What ranking needs of a visited host. */
export interface Rankable {
  readonly host: string;
  readonly status: 'swept' | 'partial' | 'not-swept';
  readonly verdict: Verdict;
  /** 0..100. */
  readonly score: number;
  readonly failure?: { readonly kind: string } | undefined;
}

/** The hosts worst first, numbered from 1. The input stays as it is. */
export function rankHosts<T extends Rankable>(hosts: readonly T[]): (T & { rank: number })[] {
  return [...hosts].sort(compareWorstFirst).map((host, index) => ({ ...host, rank: index + 1 }));
}

/** Negative where `a` is to be looked at before `b`; 0 only for two hosts of the same name, score and group. */
export function compareWorstFirst(a: Rankable, b: Rankable): number {
  return groupOf(a) - groupOf(b) || b.score - a.score || compareNaturally(a.host, b.host);
}

/** The number of its group in the list above, 1 to 7. */
export function groupOf(host: Rankable): number {
  if (host.verdict === 'hung') return 1;
  if (host.failure?.kind === 'suspected-hung') return 2;
  switch (host.verdict) {
    case 'saturated':
      return 3;
    case 'inconclusive':
      return host.status === 'not-swept' ? 5 : 4;
    case 'busy':
      return 6;
    case 'healthy':
      return 7;
    default:
      return host.verdict satisfies never;
  }
}
