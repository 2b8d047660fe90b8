/** What is asked for when one host is settled, and what all hosts of a sweep share while that is done. */
import type { SshConfig } from './config/files.ts';
import type { LocalFacts } from './config/tokens.ts';

/** What an inventory says of a host (HostSettings of runner/fleet/inventory.ts, as far as it concerns the connection). */
export interface InventorySettings {
  /** Dialled instead of the name; where it is a name itself, HostName of ssh_config may say of it what is. */
  readonly address?: string;
  readonly user?: string;
  readonly port?: number;
  /** Empty: dial directly, whatever ssh_config says. */
  readonly jump?: readonly string[];
  readonly proxyCommand?: string;
  readonly identityFiles?: readonly string[];
  readonly identitiesOnly?: boolean;
  readonly hostKeys?: readonly string[];
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
