/** The sweeps, newest first. */
import { STANDINGS, type Standing, type Sweep } from '../../runner/report.ts';
import { inCount } from '../../runner/triage/words.ts';
import { agoText, utcMinute } from '../render/age.ts';
import { askedText } from '../render/asked-text.ts';
import { encodeText } from '../render/encode.ts';
import { cutEnd } from '../render/fit.ts';
import { counted } from '../render/phrases.ts';
import type { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { Frame } from './env.ts';
import { Layout } from './layout.tsx';
import { query, sweepPath } from './paths.ts';
import { STANDING_CLASS } from './standing-mark.tsx';
import { sweepSentence } from './sweep-sentence.ts';

export interface SweepsPageProps {
  readonly frame: Frame;
  readonly listed: Exclude<Awaited<ReturnType<Store['sweeps']>>, StoreProblem>;
  readonly isFirst: boolean;
}

const ASKED_WIDTH = 48;

export function SweepsPage({ frame, listed, isFirst }: SweepsPageProps) {
  const { root, nowMs } = frame;
  const { sweeps, unreadable, before } = listed;
  return (
    <Layout frame={frame} title="Sweeps" here="sweeps">
      <h1>Sweeps</h1>
      {sweeps.length === 0 && <p>There is none{isFirst ? ' yet' : ' before these'}.</p>}
      {sweeps.length > 0 && (
        <table class="list" role="table">
          <caption class="vh">Sweeps, the newest first</caption>
          <thead role="rowgroup">
            <tr role="row">
              {['When (UTC)', 'Result', 'Asked for', 'By'].map((title) => (
                <th role="columnheader" scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {sweeps.map((sweep) => (
              <tr role="row">
                <th role="rowheader" scope="row">
                  <a href={root + sweepPath(sweep.id)}>{utcMinute(sweep.startedAt)}</a>{' '}
                  <span class="dim">{agoText(Date.parse(sweep.startedAt), nowMs)}</span>
                </th>
                <td role="cell">
                  <CountsBar sweep={sweep} />
                  {sweepSentence(sweep, [])}
                </td>
                <td role="cell" class="mono">
                  {cutEnd(askedText(sweep.asked), ASKED_WIDTH)}
                </td>
                <td role="cell" class="dim">
                  {sweep.by === undefined ? sweep.trigger : encodeText(sweep.by)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {unreadable.length > 0 && <p>{counted(unreadable.length, 'sweep')} cannot be read from the store.</p>}
      {(!isFirst || before !== undefined) && (
        <p class="pages">
          {!isFirst && <a href={`${root}sweeps`}>Newest</a>}
          {before !== undefined && <a href={`${root}sweeps${query({ before })}`}>Older</a>}
        </p>
      )}
    </Layout>
  );
}

const BAR_WIDTH = 120;

/** The hosts of a sweep by standing, in proportion; what there is of a kind is never too thin to be seen. */
function CountsBar({ sweep: { counts } }: { readonly sweep: Sweep }) {
  if (counts === undefined) return null;
  const parts = STANDINGS.flatMap((standing) => {
    const count = counts[standing] ?? 0;
    return count === 0 ? [] : [{ standing, count }];
  });
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const room = BAR_WIDTH - parts.length * 3;
  let from = 0;
  const rects = parts.map(({ standing, count }) => {
    const width = 3 + (room * count) / total;
    const at = from;
    from += width;
    return <rect class={STANDING_CLASS[standing]} x={at.toFixed(1)} y="0" width={(width - 1).toFixed(1)} height="8" />;
  });
  return (
    <svg
      class="bars counts"
      role="img"
      aria-label={parts.map(wordsOf).join(', ')}
      viewBox={`0 0 ${BAR_WIDTH} 8`}
      width={BAR_WIDTH}
      height="8"
    >
      {rects}
    </svg>
  );
}

const wordsOf = ({ standing, count }: { standing: Standing; count: number }): string =>
  `${inCount(count)} ${standing.replace('-', ' ')}`;
