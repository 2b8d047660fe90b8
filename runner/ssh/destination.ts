/** Where to connect for one host and how: everything that the command line, the inventory and ssh_config(5) said of it, settled. */

/** How the bytes get there. A hop is a destination of its own, with its own user, keys and host key. */
export type Via =
  | { readonly kind: 'direct' }
  | { readonly kind: 'jump'; readonly hop: Destination }
  /** Run by /bin/sh; its stdin and stdout are the connection (ssh_config(5) ProxyCommand). All tokens are expanded. */
  | { readonly kind: 'command'; readonly command: string };

export interface Destination {
  readonly user: string;
  /** What is dialled: a host name in lower case, or an IPv4 or IPv6 literal without brackets. */
  readonly host: string;
  readonly port: number;
  readonly via: Via;
  /** The name that its key is known by where that is not `host` (HostKeyAlias); as in ssh, the port plays no part then. */
  readonly hostKeyAlias?: string;
  /** 'ssh-ed25519 AAAA…', as in known_hosts without the name: where there are any, no other key is taken for this host. */
  readonly pins?: readonly string[];
  /** UserKnownHostsFile and GlobalKnownHostsFile in this order, absolute paths; absent: those of the sweep. */
  readonly knownHostsFiles?: readonly string[];
  /** Absolute paths of private keys, offered in this order; absent: those of the sweep. */
  readonly identityFiles?: readonly string[];
  /** Only `identityFiles` are offered; of the agent's keys only those that belong to them (IdentitiesOnly). */
  readonly identitiesOnly?: boolean;
  /** The agent's socket, or 'none' (IdentityAgent); absent: SSH_AUTH_SOCK. */
  readonly identityAgent?: string;
  /** 4 or 6 where only addresses of that family may be dialled (AddressFamily). */
  readonly addressFamily?: 4 | 6;
  /** ConnectTimeout. */
  readonly connectTimeoutMs?: number;
  /**
   * The algorithms that may be offered where ssh_config(5) takes some of ours away (KexAlgorithms, Ciphers, MACs,
   * HostKeyAlgorithms), each best first and never empty; a kind that is absent is not restricted.
   */
  readonly algorithms?: {
    readonly kex?: readonly string[];
    readonly cipher?: readonly string[];
    readonly mac?: readonly string[];
    readonly hostKey?: readonly string[];
  };
}
