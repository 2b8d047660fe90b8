/** One line on stderr that says how far the sweep is, while somebody watches; gone when it ends. */
import type { VisitedHost } from '../../runner/report.ts';
import { listed } from '../../runner/ssh/listed.ts';
import { inTime } from '../../runner/triage/words.ts';
import { encodeText } from '../render/encode.ts';
import { cutEnd } from '../render/fit.ts';
import { standingOf } from '../render/standing.ts';
import type { Output } from './streams.ts';

export interface Progress {
  hostDone(host: VisitedHost): void;
  /** Writes something else to the terminal, with the line out of the way. */
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
}

const EVERY_MS = 200;
const CLEAR = '\r\u001b[K';
const MOST_NAMES = 3;

/** Nothing is drawn where stderr is no terminal that can rewrite a line. */
export function startProgress(stderr: Output, facts: ProgressFacts): Progress {
  if (!stderr.isTTY || facts.isDumb) return { hostDone: () => {}, aside: (write) => write(), stop: () => {} };
  const startedMs = facts.nowMs();
  const bad: string[] = [];
  let done = 0;
  let paused = false;
  const draw = (): void => {
    if (paused) return;
    const line = progressLine(facts, done, bad, facts.nowMs() - startedMs);
    // One column less than there are: a terminal that wraps at the last one would scroll. A pty of unknown size says 0.
    stderr.write(`${CLEAR}${cutEnd(line, (stderr.columns || 80) - 1)}`, () => {});
  };
  const timer = setInterval(draw, EVERY_MS);
  draw();
  return {
    hostDone: (host) => {
      done += 1;
      const standing = standingOf(host);
      if (standing === 'hung' || standing === 'saturated' || standing === 'suspected-hung') {
        bad.push(`${encodeText(host.host)} ${standing.replace('-', ' ')}`);
      }
      draw();
    },
    aside: async (write) => {
      paused = true;
      stderr.write(CLEAR, () => {});
      await write();
      paused = false;
    },
    stop: () => {
      clearInterval(timer);
      paused = true;
      stderr.write(CLEAR, () => {});
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
