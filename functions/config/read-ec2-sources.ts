/** The instances of EC2 that whodisk.yml means, as inventories. */
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { placeIn } from '../../runner/fleet/problems.ts';
import { settingsOf } from './config-fleet.ts';
import type { ConfigValue } from './config-schema.ts';
import type { ConfigProblem, ProblemAt } from './config-text.ts';
import { type Ec2Source, isInstanceId, type ReadEc2 } from './ec2-source.ts';

export type Ec2SourcesRead =
  /** In the order of the entries. */
  | { readonly kind: 'inventories'; readonly inventories: readonly Inventory[] }
  | { readonly kind: 'unavailable'; readonly problems: readonly ConfigProblem[] };

/** @param readEc2 absent where nobody is to be asked: then the groups are there, without hosts */
export async function readEc2Sources(
  { ec2 = [] }: Pick<ConfigValue, 'ec2'>,
  problemAt: ProblemAt,
  readEc2: ReadEc2 = async ({ group }) => ({ kind: 'inventory', inventory: emptyGroup(group) }),
): Promise<Ec2SourcesRead> {
  const reads = await Promise.all(ec2.map((entry, index) => readEc2(sourceOf(entry, problemAt(['ec2', index], '')))));
  const problems = reads.flatMap((read, index) =>
    read.kind === 'unavailable' ? [problemAt(['ec2', index], read.message)] : [],
  );
  if (problems.length > 0) return { kind: 'unavailable', problems };
  return { kind: 'inventories', inventories: reads.flatMap((read) => ('inventory' in read ? [read.inventory] : [])) };
}

/**
 * Whether a name of whodisk.yml is that of an instance which EC2 does not have among its own, such as one that was terminated: what is said
 * of it waits for nobody. One with an address of its own is a host all the same.
 */
export function isGoneInstance({ ec2, hosts = {} }: Pick<ConfigValue, 'ec2' | 'hosts'>): (name: string) => boolean {
  if (ec2 === undefined || ec2.length === 0) return () => false;
  return (name) => isInstanceId(name) && (Object.hasOwn(hosts, name) ? hosts[name]?.address : undefined) === undefined;
}

function sourceOf(
  { region, tags, group, address, ...reaching }: NonNullable<ConfigValue['ec2']>[number],
  { file, line }: ConfigProblem,
): Ec2Source {
  return {
    ...(region !== undefined && { region }),
    tags: Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [key, typeof value === 'string' ? [value] : value]),
    ),
    ...(group !== undefined && { group }),
    address: address ?? 'private-ip',
    settings: settingsOf(reaching),
    where: placeIn(file, line),
  };
}

const emptyGroup = (group: string | undefined): Inventory => ({
  hosts: new Map(),
  groups: new Map(group === undefined ? [] : [[group, []]]),
});
