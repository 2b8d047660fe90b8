/** What the life of a sweep needs of the world around it; the edges (one machine, the cloud) bring it. */
import type { Sweep } from '../../runner/report.ts';
import type { LocalFacts } from '../../runner/ssh/config/tokens.ts';
import type { GivenKey } from '../../runner/ssh/given-keys.ts';
import type { ConfigNow } from '../config/config-now.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Job } from './job.ts';
import type { Queue } from './messages.ts';
import type { SweepAsked } from './sweep-settings.ts';
import type { SshOptions } from './visits/ssh-options.ts';

export interface SweepDeps {
  readonly store: Store;
  readonly queue: Queue;
  readonly config: ConfigNow;
  readonly local: LocalFacts & {
    /** SSH_AUTH_SOCK. */
    readonly agentSocket?: string;
    /** Where pinned host keys are, absolute. */
    readonly stateFolder: string;
  };
  /** What was said when the service was started; it goes before whodisk.yml and ssh_config(5), as on the command line. */
  readonly options?: {
    readonly ssh?: SshOptions;
    readonly sweep?: Omit<SweepAsked, 'args'>;
  };
  /**
   * The keys that every host is offered, read for each shard: then no file and no agent is looked for. A problem, a sentence, is that of all
   * its hosts. Absent: the keys of this machine.
   */
  readonly sshKeys?: () => Promise<{ readonly keys: readonly GivenKey[] } | { readonly problem: string }>;
  /** A host may take no longer, since whoever visits it has no more time. Absent: an hour. */
  readonly mostDeadlineSeconds?: number;
  /** How long a queue waits for a worker that has vanished before it delivers its message again. Absent: it is soon noticed. */
  readonly redeliverySeconds?: number;
  /** How many shards this process works on at a time: they share what `forks` allows. Default 1. */
  readonly shardsAtATime?: number;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
  /** Tells whom the job names of a sweep that has ended. Never rejects. @returns false where it is worth trying again later */
  readonly tell: (job: Job, sweep: Sweep) => Promise<boolean>;
}
