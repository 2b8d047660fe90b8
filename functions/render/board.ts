/**
 * The table while hosts are still finishing, or between two sweeps: those that need somebody, worst first as far as is known, in at most
 * so many lines. The others are counted. What is behind a row is told when the sweep is over (terminal.ts).
 */
import { type Host, STANDINGS, type VisitedHost } from '../../runner/report.ts';
import { rankHosts } from '../../runner/triage/rank.ts';
import { inCount } from '../../runner/triage/words.ts';
import { cutEnd } from './fit.ts';
import { hostBlock } from './host-block.ts';
import { isInterrupted } from './interrupted.ts';
import { type Paint, paintStanding } from './paint.ts';
import { type HostRows, rowsOf } from './rows.ts';
import { STANDING_WORDS, standingOf } from './standing.ts';
import { layOut, titleLine } from './table.ts';

export interface Space {
  /** Columns. */
  readonly width: number;
  /** Lines. */
  readonly height: number;
}

/** Lines without line breaks, none of them wider than `space`; none where there is nothing to show yet. */
export function boardLines(hosts: readonly VisitedHost[], space: Space, paint: Paint): string[] {
  const { width, height } = space;
  const ranked = rankHosts(hosts).filter((host) => !isInterrupted(host));
  const unwell = ranked.filter((host) => !isCounted(host));
  const counts = countsOf(ranked.filter(isCounted), '', paint);
  // The titles, a line for those that have no room, and the counts.
  const entries = withinLines(unwell.slice(0, height).map(rowsOf), height - 3);
  const layout = layOut(
    entries.flatMap(({ rows }) => rows),
    width,
  );
  const rest = countsOf(unwell.slice(entries.length), 'more ', paint);
  return [
    ...(entries.length > 0 ? [paint.dim(titleLine(layout))] : []),
    ...entries.flatMap((entry) => hostBlock(entry, 'rows', layout, paint, width)),
    ...countLine(rest, width, 'and '),
    ...countLine(counts, width),
  ];
}

const isCounted = (host: Host): boolean => {
  const standing = standingOf(host);
  return standing === 'healthy' || standing === 'not-swept';
};

/** The first hosts whose rows fit together; a host is shown whole or not at all. */
function withinLines(entries: readonly HostRows[], most: number): HostRows[] {
  let used = 0;
  const end = entries.findIndex(({ rows }) => {
    used += rows.length;
    return used > most;
  });
  return end < 0 ? [...entries] : entries.slice(0, end);
}

interface Count {
  readonly text: string;
  readonly painted: string;
}

/** "3 more SATURATED" for each standing. */
function countsOf(hosts: readonly Host[], more: string, paint: Paint): Count[] {
  return STANDINGS.flatMap((standing) => {
    const count = hosts.filter((host) => standingOf(host) === standing).length;
    const text = `${inCount(count)} ${more}${STANDING_WORDS[standing]}`;
    return count === 0 ? [] : [{ text, painted: paintStanding(paint, standing, text) }];
  });
}

/** One line, or none; without colour where it has to be cut. */
function countLine(counts: readonly Count[], width: number, before = ''): string[] {
  if (counts.length === 0) return [];
  const lineOf = (of: keyof Count): string => before + counts.map((count) => count[of]).join(', ');
  return [lineOf('text').length <= width ? lineOf('painted') : cutEnd(lineOf('text'), width)];
}
