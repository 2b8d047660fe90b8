/** One host in one sweep: the chain as a picture, its disk over the window, all of the evidence, and how it was before. */
import type { VisitedHost } from '../../runner/report.ts';
import { inCount } from '../../runner/triage/words.ts';
import { holdsScope } from '../auth/scope.ts';
import { handCommands } from '../render/by-hand.ts';
import { chainOf, type Step } from '../render/chain.ts';
import { encodeText } from '../render/encode.ts';
import { standingOf } from '../render/standing.ts';
import type { StoredFinding, SweepDetail } from '../store/store.ts';
import { ChainPicture } from './chain-picture.tsx';
import { chainLinks } from './chain-view.ts';
import type { Frame } from './env.ts';
import { HistoryTable } from './history-table.tsx';
import { Layout } from './layout.tsx';
import { hostPath, query, sweepPath } from './paths.ts';
import { StandingMark } from './standing-mark.tsx';
import { Strips } from './strips.tsx';
import { SweepFacts } from './sweep-facts.tsx';

export interface HostPageProps {
  readonly frame: Frame;
  readonly sweep: SweepDetail;
  readonly host: VisitedHost;
  /** Newest first. */
  readonly history: readonly StoredFinding[];
}

export function HostPage({ frame, sweep: { sweep, order }, host, history }: HostPageProps) {
  const { root, viewer } = frame;
  const name = encodeText(host.host);
  const standing = standingOf(host);
  const place = order.indexOf(host.host) + 1;
  const shown = host.disks.filter(({ verdict }) => verdict !== 'healthy');
  const mayRun = viewer !== undefined && holdsScope(viewer.holder.scope, 'run');
  return (
    <Layout frame={frame} title={name} here="sweeps">
      <p class="crumbs">
        <a href={root + sweepPath(sweep.id)}>The sweep</a>
        {place > 0 && ` · host ${inCount(place)} of ${inCount(order.length)}`}
      </p>
      <h1>
        {name} <StandingMark standing={standing} />
      </h1>
      <p class="lead">{encodeText(standing === 'not-swept' && host.failure ? host.failure.message : host.summary)}</p>
      <SweepFacts sweep={sweep} nowMs={frame.nowMs} />
      <ChainPicture links={chainLinks(host)} />
      {shown.map((disk) => (
        <Strips disk={disk} />
      ))}
      <Evidence steps={chainOf(host)} />
      <ByHand host={host} />
      {history.length > 1 && (
        <section aria-labelledby="before">
          <h2 id="before">In the last sweeps</h2>
          <HistoryTable root={root} findings={history} nowMs={frame.nowMs} current={sweep.id} />
        </section>
      )}
      <p class="acts">
        <a class="button" href={root + hostPath(host.host)}>
          All of its history
        </a>
        {mayRun && (
          <a class="button" href={`${root}sweeps/new${query({ targets: host.host })}`}>
            Look again
          </a>
        )}
      </p>
    </Layout>
  );
}

function Evidence({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">Evidence</h2>
      <dl class="evidence">
        {steps.map(({ name, facts }) => (
          <div class={name === 'advice' ? 'advice' : ''}>
            <dt>{name}</dt>
            {facts.map((fact) => (
              <dd>{fact}</dd>
            ))}
          </div>
        ))}
      </dl>
    </section>
  );
}

function ByHand({ host }: { readonly host: VisitedHost }) {
  const commands = handCommands(host);
  if (commands.length === 0) return null;
  return (
    <details>
      <summary>The same by hand, on the host</summary>
      <dl class="commands">
        {commands.map(({ command, shows }) => (
          <div>
            <dt>
              <code>{command}</code>
            </dt>
            <dd>{shows}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
