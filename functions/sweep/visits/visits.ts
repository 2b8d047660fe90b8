/** What a sweep is made of, however its hosts are reached. */
import type { VisitedHost } from '../../../runner/report.ts';

export type Visits =
  | {
      readonly kind: 'visits';
      /** The hosts' unique names, in the order in which they were given. */
      readonly names: readonly string[];
      /** How many are visited at a time. */
      readonly width: number;
      /** What whoever started the sweep should know, a sentence each. */
      readonly notes: readonly string[];
      /** Begins; results come in the order in which hosts finish. */
      start(signal: AbortSignal): AsyncIterable<VisitedHost>;
      /** Lets go of what the hosts shared. To be called when the sweep is over, however it ended. */
      end(): void;
    }
  /** Nothing was dialled: what is wrong with the command or what it names, a sentence each. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] };
