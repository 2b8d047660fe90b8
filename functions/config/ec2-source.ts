/** What whodisk.yml says of instances in EC2, and what is to be asked of whoever can ask EC2: functions/config itself knows no AWS. */
import type { HostSettings, Inventory } from '../../runner/fleet/inventory.ts';

/** One entry of `ec2`. */
export interface Ec2Source {
  /** Absent: that of the AWS SDK. */
  readonly region?: string;
  /** Keys to the values of which an instance has one; as filters of EC2, in which * and ? stand for any characters. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
  readonly group?: string;
  readonly address: 'private-ip' | 'private-dns' | 'public-ip' | 'public-dns';
  /** Of each of them. */
  readonly settings: HostSettings;
  /** For messages: "whodisk.yml line 3". */
  readonly where: string;
}

export type Ec2Read =
  /** Names are instance ids; the group is there also where it has no host. */
  | { readonly kind: 'inventory'; readonly inventory: Inventory }
  /** A sentence that names the region, with what to do. Nothing need be wrong with whodisk.yml. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** Never rejects, and takes seconds at most. */
export type ReadEc2 = (source: Ec2Source) => Promise<Ec2Read>;

/**
 * For how long instances count as they were read. Less than a minute: who asks once a minute has new ones each time.
 */
export const EC2_KEPT_MS = 55_000;

/** EC2 User Guide, "Resource IDs": eight hexadecimal digits, or seventeen since 2016. */
export const isInstanceId = (name: string): boolean => /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/u.test(name);
