/** What changed between two sweeps. */
import type { Sweep } from '../../runner/report.ts';
import type { Change, Diff } from '../../runner/triage/diff.ts';
import { type RankingRow, rankableOf } from '../../runner/triage/ranking-row.ts';
import { inCount } from '../../runner/triage/words.ts';
import { utcMinute } from '../render/age.ts';
import { askedText } from '../render/asked-text.ts';
import { encodeText } from '../render/encode.ts';
import { cutEnd } from '../render/fit.ts';
import { groupBy } from '../render/group-by.ts';
import { namesWithin } from '../render/names-within.ts';
import { counted } from '../render/phrases.ts';
import { standingOf } from '../render/standing.ts';
import type { Frame } from './env.ts';
import { Layout } from './layout.tsx';
import { sweepHostPath } from './paths.ts';
import { StandingMark } from './standing-mark.tsx';
import { SweepFacts } from './sweep-facts.tsx';

export interface DiffPageProps {
  readonly frame: Frame;
  /** Absent: there is none to compare with. */
  readonly from?: Sweep;
  readonly to: Sweep;
  readonly diff?: Diff;
  /** To choose from, newest first. */
  readonly sweeps: readonly Sweep[];
}

type Section = Exclude<keyof Diff, 'unchanged'>;
const TITLES = {
  new: 'New',
  worse: 'Worse',
  better: 'Better',
  gone: 'Fine again',
  notCompared: 'Not compared',
} as const satisfies Record<Section, string>;
const SECTIONS = Object.keys(TITLES) as readonly Section[];

export function DiffPage({ frame, from, to, diff, sweeps }: DiffPageProps) {
  const sentence = diff === undefined ? 'There is no earlier sweep of the same targets' : newsText(diff);
  return (
    <Layout frame={frame} title={sentence} here="diff">
      <h1 class={diff !== undefined && diff.new.length + diff.worse.length > 0 ? 'bad' : ''}>{sentence}</h1>
      <dl class="pair">
        {from !== undefined && (
          <div>
            <dt>from</dt>
            <dd>
              <SweepFacts sweep={from} nowMs={frame.nowMs} />
            </dd>
          </div>
        )}
        <div>
          <dt>to</dt>
          <dd>
            <SweepFacts sweep={to} nowMs={frame.nowMs} />
          </dd>
        </div>
      </dl>
      <Choice from={from} to={to} sweeps={sweeps} />
      {diff !== undefined &&
        SECTIONS.map((section) => (
          <Changes root={frame.root} section={section} changes={diff[section]} from={from} to={to} />
        ))}
    </Layout>
  );
}

/** "2 new, 1 worse; 290 hosts unchanged". */
function newsText(diff: Diff): string {
  const words = { new: 'new', worse: 'worse', better: 'better', gone: 'fine again' } as const;
  const news = (['new', 'worse', 'better', 'gone'] as const)
    .filter((section) => diff[section].length > 0)
    .map((section) => `${inCount(diff[section].length)} ${words[section]}`);
  const rest = `${counted(diff.unchanged, 'host')} unchanged`;
  return news.length === 0 ? `Nothing has changed: ${rest}` : `${news.join(', ')}; ${rest}`;
}

function Choice({
  from,
  to,
  sweeps,
}: {
  readonly from: Sweep | undefined;
  readonly to: Sweep;
  readonly sweeps: readonly Sweep[];
}) {
  const select = (name: string, label: string, chosen: Sweep | undefined) => (
    <label>
      {label}{' '}
      <select name={name}>
        {chosen === undefined && <option value="">the one before</option>}
        {[...(chosen === undefined || sweeps.some(({ id }) => id === chosen.id) ? [] : [chosen]), ...sweeps].map(
          (sweep) => (
            <option value={sweep.id} selected={sweep.id === chosen?.id}>
              {utcMinute(sweep.startedAt)} {cutEnd(askedText(sweep.asked), 30)}
            </option>
          ),
        )}
      </select>
    </label>
  );
  return (
    <form method="get" class="choice">
      {select('from', 'From', from)}
      {select('to', 'To', to)}
      <button type="submit">Compare</button>
    </form>
  );
}

const MOST_LISTED = 50;
const MOST_GROUPS = 20;

interface ChangesProps {
  readonly root: string;
  readonly section: Section;
  readonly changes: readonly Change[];
  readonly from: Sweep | undefined;
  readonly to: Sweep;
}

function Changes({ root, section, changes, from, to }: ChangesProps) {
  if (changes.length === 0) return null;
  const isListed = section === 'new' || section === 'worse' || changes.length <= 5;
  return (
    <section aria-labelledby={section}>
      <h2 id={section}>
        {TITLES[section]} <span class="dim">{inCount(changes.length)}</span>
      </h2>
      <ul class="plainlist">
        {isListed
          ? changes.slice(0, MOST_LISTED).map((change) => <OneChange root={root} change={change} from={from} to={to} />)
          : groupBy(changes, ({ change }) => change)
              .slice(0, MOST_GROUPS)
              .map((group) => (
                <li>
                  {counted(group.length, 'host')}: {encodeText(group[0]?.change ?? '')}
                  <div class="names">
                    {namesWithin(
                      group.map(({ host }) => host),
                      110,
                      3,
                    ).join(' ')}
                  </div>
                </li>
              ))}
      </ul>
      {isListed && changes.length > MOST_LISTED && (
        <p class="dim">and {counted(changes.length - MOST_LISTED, 'more host')}</p>
      )}
    </section>
  );
}

function OneChange({
  root,
  change: { host, before, after, change },
  from,
  to,
}: Omit<ChangesProps, 'section' | 'changes'> & { readonly change: Change }) {
  const mark = (row: RankingRow | undefined) =>
    row === undefined ? (
      <span class="dim">not among the targets</span>
    ) : (
      <StandingMark standing={standingOf(rankableOf(row))} />
    );
  const sweep = after === undefined ? from : to;
  return (
    <li>
      {sweep === undefined ? encodeText(host) : <a href={root + sweepHostPath(sweep.id, host)}>{encodeText(host)}</a>}{' '}
      <span class="from-to">
        {mark(before)} → {mark(after)}
      </span>
      <div class="dim">{encodeText(change)}</div>
    </li>
  );
}
