/** How far a sweep is, on stderr while somebody watches: one line, below the table that grows where there is one; gone when it ends. */
import type { VisitedHost } from '../../runner/report.ts';
import { listed } from '../../runner/ssh/listed.ts';
import { inTime } from '../../runner/triage/words.ts';
import { encodeText } from '../render/encode.ts';
import { cutEnd } from '../render/fit.ts';
import { standingOf } from '../render/standing.ts';
import { openScreenArea } from './screen-area.ts';
import type { Output } from './streams.ts';

export interface Progress {
  hostDone(host: VisitedHost): void;
  /** Writes something else to the terminal, with the lines out of the way. */
  aside(write: () => Promise<void>): Promise<void>;
  stop(): void;
}

export interface ProgressFacts {
  readonly total: number;
  /** The only host's name. */
  readonly only?: string;
  /** TERM=dumb: the terminal knows no control sequence, so no line can be rewritten. */
  readonly isDumb: boolean;
  readonly nowMs: () => number;
  /** Lines that stand above, painted, no more and none wider than the space; absent: the line names what is bad. */
  readonly above?: (done: readonly VisitedHost[], space: { width: number; height: number }) => readonly string[];
}

const EVERY_MS = 200;
const MOST_NAMES = 3;

/** Nothing is drawn where stderr is no terminal that can rewrite a line. */
export function startProgress(stderr: Output, facts: ProgressFacts): Progress {
  if (!stderr.isTTY || facts.isDumb) return { hostDone: () => {}, aside: (write) => write(), stop: () => {} };
  const area = openScreenArea(stderr);
  const startedMs = facts.nowMs();
  const hosts: VisitedHost[] = [];
  const bad: string[] = [];
  let paused = false;
  const draw = (): void => {
    if (paused) return;
    const { width, height } = area.space();
    const above = facts.above?.(hosts, { width, height: height - 1 }) ?? [];
    const line = progressLine(facts, hosts.length, facts.above ? [] : bad, facts.nowMs() - startedMs);
    area.draw([...above, cutEnd(line, width)]);
  };
  const timer = setInterval(draw, EVERY_MS);
  draw();
  return {
    hostDone: (host) => {
      hosts.push(host);
      const standing = standingOf(host);
      if (standing === 'hung' || standing === 'saturated' || standing === 'suspected-hung') {
        bad.push(`${encodeText(host.host)} ${standing.replace('-', ' ')}`);
      }
      // A table for each of a thousand hosts would cost more than their visits.
      if (facts.above === undefined) draw();
    },
    aside: async (write) => {
      paused = true;
      area.clear();
      await write();
      paused = false;
    },
    stop: () => {
      clearInterval(timer);
      paused = true;
      area.clear();
    },
  };
}

/** "12 of 40 hosts, 3.2 s: db-1 saturated, db-7 hung". Encoded. */
function progressLine(facts: ProgressFacts, done: number, bad: readonly string[], elapsedMs: number): string {
  const time = inTime(Math.floor(elapsedMs / 1000) * 1000).replace(/^0 ms$/u, '0 s');
  if (facts.only !== undefined) return `watching ${encodeText(facts.only)}, ${time}`;
  const found = bad.length > 0 ? `: ${listed(bad, MOST_NAMES)}` : '';
  return `${done} of ${facts.total} hosts, ${time}${found}`;
}
