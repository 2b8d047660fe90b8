/** What the page needs of the world around it; the edges (one machine, the cloud) bring it. */
import type { Sessions } from '../auth/session.ts';
import type { SignInLinks } from '../auth/sign-in-links.ts';
import type { ConfigNow } from '../config/config-now.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { SweepService } from '../sweep/service.ts';

export interface PageDeps {
  readonly store: Store;
  readonly service: SweepService;
  /** functions/auth/session.ts */
  readonly sessions: Sessions;
  /** Absent: there are no links that sign in. */
  readonly signInLinks?: Pick<SignInLinks, 'redeem'>;
  /** For the groups that a sweep may be started with, and for publicUrl. */
  readonly config: ConfigNow;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
  /**
   * From where a request came, for the limit on those who are not signed in: the address of the connection, never what a header says.
   * Absent: all of them share one limit.
   */
  readonly addressOf?: (env: unknown) => string | undefined;
}
