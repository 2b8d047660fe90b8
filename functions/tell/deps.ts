/** What telling needs of the world around it. */
import type { Config } from '../config/read-config.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Post } from './post.ts';

export interface TellDeps {
  readonly store: Store;
  /** whodisk.yml as it is now, or why it cannot be read, a sentence. */
  readonly config: () => Promise<Config | { readonly problem: string }>;
  /** The environment of the process, for secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly post: Post;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
}
