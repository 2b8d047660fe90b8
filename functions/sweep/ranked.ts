/** Pure: what a sweep is in the end, from the rows of its hosts and the names of all. */
import type { Failure, Sweep, VisitedHost } from '../../runner/report.ts';
import { compareWorstFirst } from '../../runner/triage/rank.ts';
import { type RankingRow, rankableOf, rankingRowOf } from '../../runner/triage/ranking-row.ts';
import { countStandings } from '../render/standing.ts';
import type { OpenJob } from './read-job.ts';
import { failedHost, interruptedHost } from './visits/lost-hosts.ts';

export interface Ranked {
  readonly sweep: Sweep;
  /** Of all hosts, worst first. */
  readonly rows: readonly RankingRow[];
  readonly order: readonly string[];
  /** Hosts of which there is no row. */
  readonly lost: readonly VisitedHost[];
}

/** @param nowMs epoch */
export function rankedOf(
  { job, isCancelled }: Pick<OpenJob, 'job' | 'isCancelled'>,
  stored: readonly RankingRow[],
  nowMs: number,
): Ranked {
  const known = new Set(stored.map(({ host }) => host));
  const missing = job.names.filter((name) => !known.has(name));
  const lost = missing.map((name) => (isCancelled ? interruptedHost(name) : failedHost(name, LOST)));
  const rows = [...stored, ...lost.map(rankingRowOf)]
    .map((row) => ({ row, rankable: rankableOf(row) }))
    .sort((a, b) => compareWorstFirst(a.rankable, b.rankable));
  const notSwept = rows.filter(({ row }) => row.status === 'not-swept').length;
  return {
    sweep: {
      ...job.sweep,
      status: isCancelled ? 'cancelled' : lost.length > 0 ? 'incomplete' : 'complete',
      finishedAt: new Date(nowMs).toISOString(),
      targets: rows.length,
      swept: rows.length - notSwept,
      notSwept,
      counts: countStandings(rows.map(({ rankable }) => rankable)),
    },
    rows: rows.map(({ row }) => row),
    order: rows.map(({ row }) => row.host),
    lost,
  };
}

const LOST: Failure = {
  phase: 'sample',
  kind: 'lost',
  message: 'the worker that was to visit this host was lost: sweep it again',
};
