/** What all hosts of a sweep share. */
import type { IdentitySets } from './identity-sets.ts';
import { createJumpHosts, type JumpHosts } from './jump-hosts.ts';
import { createOtherKnownHosts, type KnownHosts, type OtherKnownHosts } from './known-hosts-files.ts';
import type { Pins } from './pins.ts';
import type { Resolve } from './resolve.ts';
import { createTurns, type Turns } from './turns.ts';

export interface SshContext {
  /** Of the hosts that name no known_hosts files of their own. */
  readonly knownHosts: KnownHosts;
  readonly otherKnownHosts: OtherKnownHosts;
  readonly identitySets: IdentitySets;
  readonly resolve: Resolve;
  readonly turns: Turns;
  readonly jumpHosts: JumpHosts;
  /** Whether a host that nobody knows is refused, or its key taken and kept in `pins`. A key that changed is refused in both. */
  readonly hostKeys: 'strict' | 'accept-new';
  /** Counts in both modes; without it nothing is taken. */
  readonly pins?: Pins;
  /** Ends the connections to jump hosts, without which the process would not end. To be called when the sweep is over. */
  readonly close: () => void;
}

export interface SshContextOptions
  extends Pick<SshContext, 'knownHosts' | 'identitySets' | 'resolve' | 'pins'>,
    Partial<Pick<SshContext, 'hostKeys'>> {}

/** Once for a sweep; nothing is dialled yet. */
export function createSshContext(options: SshContextOptions): SshContext {
  const jumpHosts = createJumpHosts();
  return {
    hostKeys: 'strict',
    ...options,
    otherKnownHosts: createOtherKnownHosts(),
    turns: createTurns(),
    jumpHosts,
    close: jumpHosts.close,
  };
}
