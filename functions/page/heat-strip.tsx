/** Host × sweep: one bar for each sweep, the taller the worse. */
import type { Standing } from '../../runner/report.ts';
import { utcMinute } from '../render/age.ts';
import { counted } from '../render/phrases.ts';
import { STANDING_WORDS } from '../render/standing.ts';
import type { HeatRow, HeatSweep } from './heat.ts';
import { STANDING_CLASS } from './standing-mark.tsx';

const STEP = 9;
const HEIGHT = 18;
const HEIGHTS = {
  hung: 18,
  'suspected-hung': 18,
  saturated: 14,
  inconclusive: 6,
  'not-swept': 6,
  busy: 8,
  healthy: 3,
} as const satisfies Record<Standing, number>;

export function HeatStrip({
  root,
  rows,
  sweeps,
}: {
  readonly root: string;
  readonly rows: readonly HeatRow[];
  readonly sweeps: readonly HeatSweep[];
}) {
  if (rows.length === 0 || sweeps.length < 2) return null;
  const [first, last] = [sweeps[0]?.startedAt ?? '', sweeps.at(-1)?.startedAt ?? ''];
  return (
    <section aria-labelledby="heat">
      <h2 id="heat">The last {counted(sweeps.length, 'sweep')} of the same hosts</h2>
      <p class="dim">
        From {utcMinute(first)} to {utcMinute(last)} UTC; a bar for each sweep, the taller the worse.
      </p>
      <table class="heat">
        <caption class="vh">How the hosts stood in the last sweeps</caption>
        <thead class="vh">
          <tr>
            <th scope="col">Host</th>
            <th scope="col">Sweeps, the oldest first</th>
            <th scope="col">In trouble</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row">
                <a href={root + row.path}>{row.host}</a>
              </th>
              <td>
                <HeatBars row={row} />
              </td>
              <td class="num dim">
                {row.troubled} of {sweeps.length}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function HeatBars({ row: { standings, host } }: { readonly row: HeatRow }) {
  const width = standings.length * STEP;
  const now = standings.at(-1);
  const label = `${host}: ${now === undefined ? 'not among the targets' : STANDING_WORDS[now]} in the newest`;
  const paths = new Map<string, string>();
  for (const [index, standing] of standings.entries()) {
    if (standing === undefined) continue;
    const height = HEIGHTS[standing];
    const name = STANDING_CLASS[standing];
    paths.set(name, `${paths.get(name) ?? ''}M${index * STEP} ${HEIGHT}v-${height}h7v${height}z`);
  }
  return (
    <svg class="bars" role="img" aria-label={label} viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT}>
      {[...paths].map(([name, path]) => (
        <path class={name} d={path} />
      ))}
    </svg>
  );
}
