/** What is asked for when one host is settled, and what all hosts of a sweep share while that is done. */
import type { SshConfig } from './config/files.ts';
import type { LocalFacts } from './config/tokens.ts';

/** What an inventory or whodisk.yml says of the connection to a host. */
export interface InventorySettings {
  /** Dialled instead of the name, without brackets; where it is a name itself, HostName of ssh_config may say of it what is. */
  readonly address?: string;
  readonly user?: string;
  readonly port?: number;
  /** `[user@]host[:port]` in the order in which they are passed through; empty: dial directly, whatever ssh_config says. */
  readonly jump?: readonly string[];
  /** ProxyCommand. Honoured from the command line only, never for a caller over the network. */
  readonly proxyCommand?: string;
  /** Paths as written; `~/` is the home of whoever runs whodisk. */
  readonly identityFiles?: readonly string[];
  /** Only `identityFiles` are offered, and the agent's keys that belong to them (ssh_config(5) IdentitiesOnly). */
  readonly identitiesOnly?: boolean;
  /** Host key pins, 'ssh-ed25519 AAAA…': no other key is taken for this host. */
  readonly hostKeys?: readonly string[];
  /** The name that its key is known by in known_hosts, before HostKeyAlias of ssh_config(5): where its address may be another's tomorrow. */
  readonly hostKeyAlias?: string;
}

/** One host as it was asked for. */
export interface WantedHost {
  /** The name in the inventory, or the host of the target: as it was written, case and all, without brackets. */
  readonly host: string;
  /** Only where the target itself names them. */
  readonly user?: string;
  readonly port?: number;
  readonly settings?: InventorySettings;
}

/** What all hosts of a sweep share. */
export interface SettlingSweep extends LocalFacts {
  readonly sshConfig: SshConfig;
  /** For callers over a network: a ProxyCommand is a program that runs here. A host that wants one fails, by name. */
  readonly refusesProxyCommands?: boolean;
  /** What an inventory says of a jump host of this name, and why it must not be dialled; undefined where it does not know it. */
  readonly inventoryOf?: (
    name: string,
  ) => { readonly settings: InventorySettings; readonly problem?: string } | undefined;
  readonly commandLine: {
    /** -l and -p: for the hosts themselves, not for jump hosts, as in ssh. */
    readonly user?: string;
    readonly port?: number;
    /** -J, split or not; `none` or empty: dial directly. */
    readonly jump?: readonly string[];
    /** --identity: where there are any, the hosts themselves are offered no others. */
    readonly identities?: readonly string[];
    /** --known-hosts: where it is given no other file counts, for jump hosts neither. */
    readonly knownHosts?: string;
  };
}
