/** How the hosts of a fleet stood in its last sweeps, by what each sweep keeps of itself: its hosts, worst first, and how many stand where. */
import { STANDINGS, type Standing, type Sweep } from '../../runner/report.ts';
import { encodeText } from '../render/encode.ts';
import { hostPath } from './paths.ts';

/** A sweep, small enough for dozens of ten thousand hosts to be remembered. */
export interface HeatSweep {
  readonly startedAt: string;
  /** The names of the hosts that stand there, a NUL before and behind each. */
  readonly hosts: ReadonlyMap<Standing, string>;
}

export interface HeatRow {
  readonly path: string;
  /** Encoded. */
  readonly host: string;
  /** One for each sweep; undefined where the host was not among its targets, or it cannot be told. */
  readonly standings: readonly (Standing | undefined)[];
  /** In how many of them it was in trouble. */
  readonly troubled: number;
}

const TROUBLE = ['hung', 'suspected-hung', 'saturated'] as const satisfies readonly Standing[];
const APART = '\0';

/**
 * The order of the ranking is that of STANDINGS (runner/triage/rank.ts), so the counts say where each of them begins.
 *
 * @param order worst first
 */
export function heatSweep({ startedAt, counts = {} }: Sweep, order: readonly string[]): HeatSweep {
  const hosts = new Map<Standing, string>();
  const sum = STANDINGS.reduce((total, standing) => total + (counts[standing] ?? 0), 0);
  let from = 0;
  for (const standing of sum === order.length ? STANDINGS : []) {
    const count = counts[standing] ?? 0;
    if (count > 0) hosts.set(standing, APART + order.slice(from, from + count).join(APART) + APART);
    from += count;
  }
  return { startedAt, hosts };
}

/**
 * The hosts that were in trouble in any of them, the most often first, at most so many.
 *
 * @param sweeps oldest first
 */
export function heatRows(sweeps: readonly HeatSweep[], most: number): HeatRow[] {
  const counts = new Map<string, { times: number; last: number }>();
  for (const [index, { hosts }] of sweeps.entries()) {
    for (const host of TROUBLE.flatMap((standing) => namesIn(hosts.get(standing)))) {
      counts.set(host, { times: (counts.get(host)?.times ?? 0) + 1, last: index });
    }
  }
  return [...counts]
    .sort(([a, one], [b, other]) => other.times - one.times || other.last - one.last || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([host, { times }]) => ({
      path: hostPath(host),
      host: encodeText(host),
      standings: sweeps.map((sweep) => standingIn(sweep, host)),
      troubled: times,
    }));
}

const namesIn = (joined = ''): string[] => joined.split(APART).filter((name) => name !== '');

function standingIn({ hosts }: HeatSweep, host: string): Standing | undefined {
  const name = APART + host + APART;
  for (const [standing, names] of hosts) if (names.includes(name)) return standing;
  return undefined;
}
