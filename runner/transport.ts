/** The one thing a visit needs from the outside: run a command somewhere, feed it a script, hear its output. */
import type { Failure } from './report.ts';

export interface Exchange {
  /** What the far side's login shell is asked to run; it must mean the same to sh, csh and fish. */
  readonly command: string;
  /**
   * Sent to the command's stdin, which then stays open until the exchange ends: its closing tells the bundle to stop. It is asked for
   * when it is sent: a thousand copies of the script would be held through the window.
   */
  readonly input: () => string;
  /** Called with each piece of stdout as it arrives; true says that the answer is whole and the exchange may end. */
  readonly onOutput: (chunk: Buffer) => boolean;
  readonly maxOutputBytes: number;
  /** stderr is drained to its end, but only this much of it is kept. */
  readonly maxErrorBytes: number;
  /** Hard limit in milliseconds for the whole exchange, from its dial to its result. */
  readonly deadlineMs: number;
  /** Aborted when the sweep is interrupted. */
  readonly signal: AbortSignal;
}

export interface Outcome {
  /** Why the exchange ended before `onOutput` said that the answer is whole; absent when it did. */
  readonly failure?: Failure;
  readonly address?: string;
  readonly port?: number;
  readonly stderr: string;
  readonly bytesReceived: number;
  /** What the far side said of its end, if it did. */
  readonly exit?: { readonly code?: number; readonly signal?: string };
}

/** Never rejects for what a host does: a host's failure is a value. */
export type Transport = (exchange: Exchange) => Promise<Outcome>;
