/** What is known of the hosts before anything is dialled, whichever file said it. */
import type { InventorySettings } from '../ssh/wanted-host.ts';

/** How a host is reached, as far as an inventory or whodisk.yml says it; what it leaves open, ssh_config(5) and defaults fill in. */
export interface HostSettings extends InventorySettings {
  readonly privilege?: 'auto' | 'root' | 'user';
}

export interface InventoryHost {
  readonly name: string;
  readonly settings: HostSettings;
  /** Why this host cannot be reached as the inventory demands: it fails by name and is never dialled another way. */
  readonly problem?: string;
  /** Where it was described first, for messages: "hosts.ini line 3". */
  readonly where: string;
}

export interface Inventory {
  /** By name, in the order in which they were described. */
  readonly hosts: ReadonlyMap<string, InventoryHost>;
  /** By group name (without "@"): host names, nested groups resolved, each once and in order. `all` is not among them: it is every host. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** Something malformed: where it stands and what to do. */
export interface InventoryProblem {
  /** The file as it was named, '<stdin>' for "-". */
  readonly file: string;
  /** Counted from 1; absent where the whole file is meant. */
  readonly line?: number;
  readonly column?: number;
  /** One sentence: what is wrong and what to write instead. Never repeats a secret. */
  readonly message: string;
}

export type InventoryRead =
  | { readonly kind: 'inventory'; readonly inventory: Inventory }
  | { readonly kind: 'problems'; readonly problems: readonly InventoryProblem[] };

/** More hosts than this are a mistake in a set, not a fleet. */
export const MOST_HOSTS = 100_000;
