/** Instances of EC2 as hosts. Pure. What EC2 answers is data: ids and addresses are checked, and nothing of the tags is used. */
import { isIP } from 'node:net';
import type { HostSettings, Inventory, InventoryHost } from '../../runner/fleet/inventory.ts';
import { isInwardAddress } from '../../runner/inward-address.ts';
import { shown } from '../../runner/ssh/shown.ts';
import { problemOfHost } from '../../runner/ssh/target.ts';
import { type Ec2Source, isInstanceId } from '../config/ec2-source.ts';

/** Of one instance, as far as EC2 says it. */
export interface Ec2Instance {
  readonly id: string;
  /** IPv4. */
  readonly privateIp?: string | undefined;
  readonly privateName?: string | undefined;
  /** IPv4. */
  readonly publicIp?: string | undefined;
  readonly publicName?: string | undefined;
}

/**
 * Hosts are called by instance id, and so are their keys in known_hosts: an address may be another instance's tomorrow. One that has no
 * such address, or one that leads back to whoever dials it, fails by name. In the order of the ids, so that equal answers are equal.
 */
export function inventoryOfInstances(instances: readonly Ec2Instance[], source: Ec2Source): Inventory {
  const known = instances.filter(({ id }) => isInstanceId(id));
  const hosts = known.map((instance) => hostOf(instance, source)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const byName = new Map(hosts.map((host) => [host.name, host]));
  return { hosts: byName, groups: new Map(source.group === undefined ? [] : [[source.group, [...byName.keys()]]]) };
}

function hostOf(instance: Ec2Instance, { address: wanted, settings, where }: Ec2Source): InventoryHost {
  const address = ADDRESSES[wanted](instance) ?? '';
  const problem = problemOf(address, wanted);
  const own: HostSettings = { ...settings, hostKeyAlias: instance.id };
  if (problem !== undefined) return { name: instance.id, settings: own, problem, where };
  return { name: instance.id, settings: { ...own, address }, where };
}

const ADDRESSES: Readonly<Record<Ec2Source['address'], (instance: Ec2Instance) => string | undefined>> = {
  'private-ip': ({ privateIp }) => privateIp,
  'private-dns': ({ privateName }) => privateName,
  'public-ip': ({ publicIp }) => publicIp,
  'public-dns': ({ publicName }) => publicName,
};

function problemOf(address: string, wanted: Ec2Source['address']): string | undefined {
  if (address === '') return `The instance has no ${wanted}: choose another address for it under ec2.`;
  const isName = wanted.endsWith('-dns');
  const isFit = isName ? problemOfHost(address) === undefined && isIP(address) === 0 : isIP(address) !== 0;
  if (!isFit) return `EC2 gives ${shown(address)} as its ${wanted}, which is none.`;
  // A name of EC2 has parts; one that has none, such as localhost, is somebody else's to define.
  const isInward = isName
    ? !/[^.]\.[^.]/u.test(address) || /(?:^|\.)localhost\.?$/iu.test(address)
    : isInwardAddress(address);
  if (!isInward) return undefined;
  return `EC2 gives ${shown(address)} as its ${wanted}, which leads to this machine or its own link and is not dialled.`;
}
