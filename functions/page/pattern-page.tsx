/** One culprit that hosts share, and all of them. */
import type { Sweep } from '../../runner/report.ts';
import { compareNaturally } from '../../runner/triage/natural-order.ts';
import type { Pattern } from '../../runner/triage/patterns.ts';
import { encodeText } from '../render/encode.ts';
import { counted } from '../render/phrases.ts';
import type { Frame } from './env.ts';
import { Layout } from './layout.tsx';
import { sweepHostPath, sweepPath } from './paths.ts';
import { patternText } from './pattern-list.tsx';
import { SweepFacts } from './sweep-facts.tsx';

const MOST_HOSTS = 1000;

export function PatternPage({
  frame,
  sweep,
  pattern,
}: {
  readonly frame: Frame;
  readonly sweep: Sweep;
  readonly pattern: Pattern;
}) {
  const { root } = frame;
  const program = encodeText(pattern.program);
  const hosts = [...pattern.hosts].sort(compareNaturally);
  const title = `${program} on ${counted(hosts.length, 'host')}`;
  return (
    <Layout frame={frame} title={title} here="sweeps">
      <p class="crumbs">
        <a href={root + sweepPath(sweep.id)}>The sweep</a>
      </p>
      <h1>{title}</h1>
      <p>{patternText(pattern)}</p>
      <SweepFacts sweep={sweep} nowMs={frame.nowMs} />
      <ul class="hosts">
        {hosts.slice(0, MOST_HOSTS).map((host) => (
          <li>
            <a href={root + sweepHostPath(sweep.id, host)}>{encodeText(host)}</a>
          </li>
        ))}
      </ul>
      {hosts.length > MOST_HOSTS && <p>and {counted(hosts.length - MOST_HOSTS, 'more host')}</p>}
    </Layout>
  );
}
