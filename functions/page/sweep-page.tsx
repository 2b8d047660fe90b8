/** A sweep: the sentence, the ranking, what hosts share, what was not reached, how it was before. */
import { counted } from '../render/phrases.ts';
import { hasEnded } from '../sweep/compared-sweeps.ts';
import { changeMarks } from './change-marks.ts';
import type { Frame } from './env.ts';
import { FailureList } from './failure-list.tsx';
import { failureViews } from './failure-view.ts';
import { firstRows } from './first-rows.ts';
import { type HeatSweep, heatRows } from './heat.ts';
import { HeatStrip } from './heat-strip.tsx';
import { Layout } from './layout.tsx';
import { query, sweepPath } from './paths.ts';
import { PatternList } from './pattern-list.tsx';
import { RankingTable } from './ranking-table.tsx';
import { rankingLine } from './ranking-view.ts';
import type { LostRead } from './read-lost.ts';
import type { RowsAsked, SweepRead } from './read-sweep.ts';
import { SweepActs } from './sweep-acts.tsx';
import { SweepFacts } from './sweep-facts.tsx';
import { rowsPath, SweepFilter } from './sweep-filter.tsx';
import { sweepSentence } from './sweep-sentence.ts';

export interface SweepPageProps {
  readonly frame: Frame;
  readonly read: SweepRead;
  readonly asked: RowsAsked;
  readonly lost: LostRead;
  /** Oldest first; empty where it is not shown. */
  readonly heat: readonly HeatSweep[];
  /** It is the newest one, at the address that always has it. */
  readonly isNewest: boolean;
  /** It goes on, and so does what is shown. */
  readonly renews: boolean;
}

const MOST_HEAT_ROWS = 20;
const RENEW_SECONDS = 3;

export function SweepPage({ frame, read, asked, lost, heat, isNewest, renews }: SweepPageProps) {
  const { root } = frame;
  const { sweep, patterns, sweeps, done } = read;
  const isOver = hasEnded(sweep);
  const sentence = sweepSentence(sweep, patterns, done);
  const isFirst = asked.cursor === undefined;
  const isWhole = isOver && isFirst && asked.verdict === undefined;
  const hasMore = read.cursor !== undefined;
  const { rows, goesOn } = isWhole ? firstRows(read.rows, hasMore) : { rows: read.rows, goesOn: hasMore };
  const healthy = sweep.counts?.healthy ?? 0;
  return (
    <Layout
      frame={frame}
      title={sentence}
      here={isNewest ? 'newest' : 'sweeps'}
      renewSeconds={renews ? RENEW_SECONDS : undefined}
    >
      <div id="state" role={isOver ? undefined : 'status'}>
        <h1 class={isTroubled(read) ? 'bad' : ''}>{sentence}</h1>
      </div>
      {!isOver && <Renewing path={root + sweepPath(sweep.id)} renews={renews} />}
      <div id={renews ? 'live' : undefined}>
        <SweepFacts sweep={sweep} nowMs={frame.nowMs} />
        {!isOver && done !== undefined && (
          <progress max={Math.max(1, sweep.targets)} value={done} aria-label="Hosts that are done" />
        )}
        {isNewest && <Running frame={frame} read={read} />}
        {isOver && <SweepFilter root={root} read={read} asked={asked} />}
        {rows.length > 0 && (
          <RankingTable
            root={root}
            sweepId={sweep.id}
            caption={isOver ? 'Hosts, the worst first' : 'Hosts that are done, the worst first'}
            lines={linesOf(rows, read)}
          />
        )}
        {isWhole && rows.length < read.rows.length && healthy > 0 && (
          <p>
            <a href={root + rowsPath(read, { verdict: 'healthy' })}>{counted(healthy, 'healthy host')}</a>
          </p>
        )}
        {rows.length + read.unreadable.length === 0 && isOver && <p>No host of this sweep is like that.</p>}
        {read.unreadable.length > 0 && <p>{counted(read.unreadable.length, 'host')} cannot be read from the store.</p>}
        {(!isFirst || goesOn) && (
          <p class="pages">
            {!isFirst && <a href={root + rowsPath(read, { ...asked, cursor: undefined })}>First page</a>}
            {goesOn && <a href={root + rowsPath(read, { ...asked, cursor: read.cursor })}>Next page</a>}
          </p>
        )}
      </div>
      <SweepActs frame={frame} read={read} />
      {isFirst && <PatternList root={root} sweepId={sweep.id} patterns={patterns} />}
      <FailureList failures={failureViews(lost.rows)} hasMore={lost.hasMore} />
      <HeatStrip root={root} rows={heatRows(heat, MOST_HEAT_ROWS)} sweeps={heat} />
      {isNewest && sweeps.length > 1 && (
        <p>
          <a href={`${root}sweeps`}>Earlier sweeps</a>
        </p>
      )}
    </Layout>
  );
}

const isTroubled = ({ sweep: { counts } }: SweepRead): boolean =>
  (counts?.hung ?? 0) + (counts?.['suspected-hung'] ?? 0) + (counts?.saturated ?? 0) > 0;

function linesOf(rows: SweepRead['rows'], { earlierRows, order }: SweepRead) {
  const marks = changeMarks(rows, earlierRows);
  const places = new Map(order.map((host, index) => [host, index + 1]));
  return rows.map((row) => rankingLine(row, places.get(row.host), marks.get(row.host)));
}

/** Whoever reads slowly can have it stay as it is (WCAG 2.2.2). */
function Renewing({ path, renews }: { readonly path: string; readonly renews: boolean }) {
  return (
    <p class="dim">
      {renews ? 'This page renews itself. ' : 'This page stays as it is. '}
      <a href={path + query({ still: renews ? 'yes' : undefined })}>{renews ? 'Let it stay' : 'Let it renew itself'}</a>
    </p>
  );
}

/** Others that go on while the newest that has ended is shown. */
function Running({ frame: { root }, read: { sweeps, sweep } }: { readonly frame: Frame; readonly read: SweepRead }) {
  const running = sweeps.filter((one) => !hasEnded(one) && one.id > sweep.id).slice(0, 3);
  if (running.length === 0) return null;
  return (
    <p class="note">
      {running.map((one) => (
        <a href={root + sweepPath(one.id)}>Another sweep of {counted(one.targets, 'host')} is under way</a>
      ))}
    </p>
  );
}
