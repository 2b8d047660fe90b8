/** One host over time. */
import { encodeText } from '../render/encode.ts';
import { counted } from '../render/phrases.ts';
import { standingOf } from '../render/standing.ts';
import type { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { Frame } from './env.ts';
import { HistoryTable } from './history-table.tsx';
import { Layout } from './layout.tsx';
import { hostPath, query } from './paths.ts';
import { Spark } from './spark.tsx';

export interface HistoryPageProps {
  readonly frame: Frame;
  /** As it is called. */
  readonly host: string;
  readonly history: Exclude<Awaited<ReturnType<Store['findings']>>, StoreProblem>;
  readonly isFirst: boolean;
}

const TROUBLE = new Set(['hung', 'suspected-hung', 'saturated']);

export function HistoryPage({ frame, host, history, isFirst }: HistoryPageProps) {
  const { root } = frame;
  const { findings, unreadable, before } = history;
  const troubled = findings.filter((finding) => TROUBLE.has(standingOf(finding.host))).length;
  // Of a host that was not swept the score says nothing of its disks.
  const scores = findings.flatMap((one) => (standingOf(one.host) === 'not-swept' ? [] : [one.host.score])).reverse();
  const trend = scores.map((score) => Math.min(9, Math.round(score / 11))).join('');
  return (
    <Layout frame={frame} title={`History of ${encodeText(host)}`} here="sweeps">
      <h1>{encodeText(host)}</h1>
      <p class="lead">
        {counted(findings.length, 'finding')}, in trouble in {troubled} of them.
        {scores.length > 1 && (
          <>
            {' '}
            Its score from the oldest to the newest:{' '}
            <Spark
              trend={trend}
              label={`score ${Math.round(scores[0] ?? 0)} in the oldest, ${Math.round(scores.at(-1) ?? 0)} in the newest`}
            />
          </>
        )}
      </p>
      {findings.length > 0 && <HistoryTable root={root} findings={findings} nowMs={frame.nowMs} />}
      {unreadable.length > 0 && <p>{counted(unreadable.length, 'finding')} cannot be read from the store.</p>}
      {(!isFirst || before !== undefined) && (
        <p class="pages">
          {!isFirst && <a href={root + hostPath(host)}>Newest</a>}
          {before !== undefined && <a href={root + hostPath(host) + query({ before })}>Older</a>}
        </p>
      )}
    </Layout>
  );
}
