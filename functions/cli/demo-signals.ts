/** The signals that end a demo: SIGINT with 130, SIGTERM and SIGHUP with 0. */
import { INTERRUPTED, TERMINATED } from './exit-status.ts';
import type { Streams } from './streams.ts';

export interface DemoSignals {
  /** Aborted by the first signal. */
  readonly ended: AbortSignal;
  /** As a Ctrl-C does. */
  interrupt(): void;
  status(): number;
  release(): void;
}

/**
 * A second signal waits for nothing that is under way, but it leaves nothing either.
 *
 * @param takeAway what has been made, before the process ends at a second signal
 */
export function listenToSignals(streams: Streams, takeAway: () => Promise<void>): DemoSignals {
  const end = new AbortController();
  let status = 0;
  const on = (first: number, second: number) => () => {
    if (end.signal.aborted) {
      void takeAway().finally(() => streams.exit(second));
      return;
    }
    status = first;
    end.abort();
  };
  const interrupt = on(INTERRUPTED, INTERRUPTED);
  const listeners = { SIGINT: interrupt, SIGTERM: on(0, TERMINATED), SIGHUP: on(0, TERMINATED) } as const;
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) streams.on(name, listeners[name]);
  return {
    ended: end.signal,
    interrupt,
    status: () => status,
    release: () => {
      for (const name of names) streams.off(name, listeners[name]);
    },
  };
}
