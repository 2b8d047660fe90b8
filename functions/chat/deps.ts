/** What the chat needs of the world around it; the edges (one machine, the cloud) bring it. */
import type { Config } from '../config/read-config.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { SweepService } from '../sweep/service.ts';
import type { Post } from '../tell/post.ts';

export interface ChatDeps {
  readonly store: Store;
  readonly service: SweepService;
  /** whodisk.yml as it is now, or why it cannot be read, a sentence. */
  readonly config: () => Promise<Config | { readonly problem: string }>;
  /** The environment of the process: the signing secret may be in it. It is read for each request. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For answers that come late. */
  readonly post: Post;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
  /** Is given what goes on after a request was answered, for whoever waits for it before everything ends. It never rejects. */
  readonly background?: (work: Promise<void>) => void;
  /** How long the store may take before the answer is acknowledged and follows later; default 800. */
  readonly patienceMs?: number;
}
