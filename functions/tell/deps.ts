/** What telling needs of the world around it. */
import type { ConfigNow } from '../config/config-now.ts';
import type { Log } from '../log.ts';
import type { SecretEnvironment } from '../secrets.ts';
import type { Store } from '../store/store.ts';
import type { Post } from './post.ts';

export interface TellDeps {
  readonly store: Store;
  readonly config: ConfigNow;
  /** For secrets. */
  readonly env: SecretEnvironment;
  readonly post: Post;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
}
