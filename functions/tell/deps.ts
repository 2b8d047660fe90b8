/** What telling needs of the world around it. */
import type { ConfigNow } from '../config/config-now.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Post } from './post.ts';

export interface TellDeps {
  readonly store: Store;
  readonly config: ConfigNow;
  /** The environment of the process, for secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly post: Post;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
}
