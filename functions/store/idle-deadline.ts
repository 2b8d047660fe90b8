/**
 * A deadline of which only that time counts in which this process waited for others. On a machine that is short of CPU, or while hundreds
 * of hosts' answers are parsed, an answer may lie here for seconds before its turn comes: whoever sent it was not late.
 */
import { performance } from 'node:perf_hooks';

/**
 * Calls `onLate` once the event loop has been idle for `ms`, and what had arrived by then has had its turn. A loop that is never idle never
 * comes to it: who needs a limit for that sets one of the wall clock.
 *
 * @returns what calls it off
 */
export function idleDeadline(ms: number, onLate: () => void): () => void {
  const start = idleMs();
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  const look = (): void => {
    const left = ms - (idleMs() - start);
    if (left > 0) timer = setTimeout(look, left);
    else turn = setImmediate(onLate);
  };
  timer = setTimeout(look, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}

/** Time that the loop has spent waiting for the kernel (uv_metrics_idle_time). */
const idleMs = (): number => performance.eventLoopUtilization().idle;
