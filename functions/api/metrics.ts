/**
 * What is stored, as figures for Prometheus. All of it comes from the store, so that every machine of a service says the same, and none of
 * it falls by itself: a scrape that fails is seen, a sweep that is missing shows in the age of the newest one.
 */
import { STANDINGS, type Sweep } from '../../runner/report.ts';
import type { RankingRow } from '../../runner/triage/ranking-row.ts';
import { hasEnded } from '../sweep/compared-sweeps.ts';
import type { Metric, Sample } from './exposition.ts';

/** More series than this cost a Prometheus more than anybody looks at. */
export const MOST_SCORES = 500;

export interface Measured {
  /** Newest first. */
  readonly sweeps: readonly Sweep[];
  /** Of the newest one that has ended: its rows, worst first; absent where none has. */
  readonly newest?: { readonly sweep: Sweep; readonly rows: readonly RankingRow[] };
  readonly version: string;
}

export function metricsOf({ sweeps, newest, version }: Measured): Metric[] {
  return [
    gauge('whodisk_info', 'Always 1; the version as a label', [{ labels: { version }, value: 1 }]),
    gauge(
      'whodisk_sweeps',
      'Sweeps among the newest 200 that are stored, by who started them and what became of them',
      counted(sweeps.map(({ trigger, status }) => ({ trigger, status }))),
    ),
    gauge('whodisk_open_sweeps', 'Sweeps that have not ended', [
      { value: sweeps.filter((sweep) => !hasEnded(sweep)).length },
    ]),
    ...(newest === undefined ? [] : newestMetrics(newest.sweep, newest.rows)),
  ];
}

function newestMetrics(sweep: Sweep, rows: readonly RankingRow[]): Metric[] {
  const { counts = {}, startedAt, finishedAt } = sweep;
  const startedMs = Date.parse(startedAt);
  const finishedMs = finishedAt === undefined ? undefined : Date.parse(finishedAt);
  const lost = rows.filter(({ failureKind }) => failureKind !== undefined);
  return [
    gauge('whodisk_last_sweep_start_timestamp_seconds', 'When the newest sweep that has ended was started', [
      { value: startedMs / 1000 },
    ]),
    gauge(
      'whodisk_last_sweep_duration_seconds',
      'How long the newest sweep that has ended took',
      finishedMs === undefined ? [] : [{ value: (finishedMs - startedMs) / 1000 }],
    ),
    gauge(
      'whodisk_last_sweep_hosts',
      'Hosts of the newest sweep that has ended, by where they stand',
      STANDINGS.map((standing) => ({ labels: { standing }, value: counts[standing] ?? 0 })),
    ),
    gauge(
      'whodisk_last_sweep_failures',
      'Hosts of the newest sweep that has ended which were lost, by where in the visit and why',
      counted(
        lost.map(({ failurePhase = 'unknown', failureKind = '' }) => ({ phase: failurePhase, kind: failureKind })),
      ),
    ),
    gauge(
      'whodisk_host_score',
      `0 to 100, of the worst ${MOST_SCORES} hosts of the newest sweep that has ended`,
      rows.slice(0, MOST_SCORES).map(({ host, verdict, score }) => ({ labels: { host, verdict }, value: score })),
    ),
  ];
}

const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  name,
  help,
  type: 'gauge',
  samples,
});

/** How many have the same labels. */
function counted(all: readonly Readonly<Record<string, string>>[]): Sample[] {
  const counts = new Map<string, { labels: Readonly<Record<string, string>>; value: number }>();
  for (const labels of all) {
    const key = JSON.stringify(labels);
    const known = counts.get(key);
    if (known) known.value += 1;
    else counts.set(key, { labels, value: 1 });
  }
  return [...counts.values()];
}
