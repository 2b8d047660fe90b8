/** What was said of SSH when the sweep was asked for; all of it absent where whodisk.yml and ssh_config(5) alone decide. */
export interface SshOptions {
  readonly sshConfig?: string;
  readonly user?: string;
  readonly port?: number;
  readonly identities: readonly string[];
  readonly knownHosts?: string;
  /** What messages call that file, where it is a copy. */
  readonly knownHostsName?: string;
  readonly jump?: readonly string[];
}

/** Whether somebody at this machine asks, who may do here what this process may, or somebody over a network. */
export type Caller = 'local' | 'network';
