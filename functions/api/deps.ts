/** What the HTTP API needs of the world around it; the edges (one machine, the cloud) bring it. */
import type { Authenticate, TokenHolder } from '../auth/authenticate.ts';
import type { Log } from '../log.ts';
import type { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { SweepService } from '../sweep/service.ts';

export interface ApiDeps {
  readonly store: Store;
  readonly service: SweepService;
  /** functions/auth/authenticate.ts */
  readonly authenticate: Authenticate;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
  /** Of whodisk. */
  readonly version: string;
  /** Absent: there is no POST /hooks/alertmanager. */
  readonly alerts?: AlertHook;
  readonly limits?: Partial<ApiLimits>;
  /**
   * From where a request came, for the limit on those without a good token: the address of the connection, never what a header says.
   * Absent: all of them share one limit.
   */
  readonly addressOf?: (env: unknown) => string | undefined;
}

/**
 * Takes what Alertmanager sent, its JSON as it came.
 *
 * @param token whose token the request carries
 */
export type AlertHook = (body: unknown, token: TokenHolder) => Promise<AlertAnswer | StoreProblem>;

export type AlertAnswer =
  /** `body` is answered with the status: 202 where sweeps were started, else 200. */
  | { readonly kind: 'taken'; readonly status: 200 | 202; readonly body: Readonly<Record<string, unknown>> }
  /** It is no webhook of Alertmanager: where in it, as a JSON pointer without its first slash, and what. */
  | { readonly kind: 'malformed'; readonly errors: readonly { readonly path: string; readonly message: string }[] }
  /** Nothing can be swept now, such as with `enabled: false`: a sentence. Alertmanager tries again. */
  | { readonly kind: 'stopped'; readonly message: string };

/** Each in a minute. */
export interface ApiLimits {
  /** Of one token. */
  readonly requestsPerMinute: number;
  /** Sweeps of one token. */
  readonly startsPerMinute: number;
  /** From one address, without a good token. */
  readonly strangerRequestsPerMinute: number;
}
