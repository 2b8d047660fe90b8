/** What an Ansible inventory describes, whichever syntax it is in, and the inventory that follows from it by Ansible's rules. */

import { shownHost } from '../ssh/secret-text.ts';
import type { AnsibleHosts } from './ansible-hosts.ts';
import { type AnsibleVariable, type AnsibleVariables, demandOf, GROUP_PRIORITY } from './ansible-variables.ts';
import { membersOf, nestingProblem } from './group-members.ts';
import { hostPartOf } from './host-text.ts';
import type { InventoryHost, InventoryProblem, InventoryRead } from './inventory.ts';
import { firstProblems, placeIn } from './problems.ts';

export interface AnsibleGroup {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly variables: Map<string, AnsibleVariable>;
  /** Where it was named first. */
  readonly line?: number;
}

export interface AnsibleHost {
  readonly variables: Map<string, AnsibleVariable>;
  readonly where: string;
  readonly line?: number;
}

/** Filled by the parsers. `groups` holds 'all' and 'ungrouped' where they are written, as any other group. */
export interface AnsibleDescription {
  readonly file: string;
  readonly hosts: Map<string, AnsibleHost>;
  readonly groups: Map<string, AnsibleGroup>;
  readonly problems: InventoryProblem[];
}

const ALL = 'all';
const UNGROUPED = 'ungrouped';

/** The group of this name; a new and empty one where it is not described yet. */
export function groupOf(description: AnsibleDescription, name: string, line?: number): AnsibleGroup {
  const known = description.groups.get(name);
  if (known) return known;
  const group: AnsibleGroup = {
    hosts: new Set(),
    children: new Set(),
    variables: new Map(),
    ...(line !== undefined && { line }),
  };
  description.groups.set(name, group);
  return group;
}

/** Adds the hosts of one entry to a group, with the entry's variables; what an entry says overrules what earlier ones said. */
export function addHosts(
  description: AnsibleDescription,
  { names, user, port }: Extract<AnsibleHosts, { kind: 'hosts' }>,
  entry: { readonly members: Set<string>; readonly variables: AnsibleVariables; readonly line: number | undefined },
): void {
  const { members, variables, line } = entry;
  const where = placeIn(description.file, line);
  for (const name of names) {
    members.add(name);
    const isNew = !description.hosts.has(name);
    const host = hostNamed(description, name, line);
    if (user !== undefined) host.variables.set('ansible_user', { value: user, where });
    // A port behind the name counts where the host is named first (Ansible's InventoryData.add_host).
    if (port !== undefined && isNew) host.variables.set('ansible_port', { value: port, where });
    for (const [key, variable] of variables) host.variables.set(key, variable);
  }
}

/** The host of this name; a new one without variables where it is not described yet. */
export function hostNamed(description: AnsibleDescription, name: string, line?: number): AnsibleHost {
  const known = description.hosts.get(name);
  if (known) return known;
  const where = placeIn(description.file, line);
  const host: AnsibleHost = { variables: new Map(), where, ...(line !== undefined && { line }) };
  description.hosts.set(name, host);
  return host;
}

/**
 * Variables of the groups of a host come in the order of the groups' depth, priority and name, each overruling those before; the
 * host's own come last (ansible/inventory/helpers.py, "How variables are merged").
 */
export function inventoryOf(description: AnsibleDescription): InventoryRead {
  const { file, hosts, groups, problems } = description;
  const nested = membersOf(groups);
  if (nested.kind !== 'members') problems.push({ file, message: nestingProblem(nested) });
  if (groups.size > 0) refuseNestedAll(description);
  if (problems.length > 0 || nested.kind !== 'members') {
    return { kind: 'problems', problems: firstProblems(problems) };
  }

  const members = new Map(nested.members);
  members.delete(ALL);
  members.delete(UNGROUPED);
  const groupsOf = outerFirstGroupsOf(groups, members, depthsOf(groups, nested.innerFirst));
  const described = new Map<string, InventoryHost>();
  for (const [name, { variables, where, line }] of hosts) {
    const { settings, problem } = demandOf(combined(groups, groupsOf.get(name) ?? [UNGROUPED], variables));
    described.set(name, { name, settings, ...(problem !== undefined && { problem }), where });
    if (problem === undefined && settings.address === undefined && hostPartOf(name) === undefined) {
      const message = `${shownHost(name)} is no host name: set ansible_host beside it, or mend the name.`;
      problems.push({ file, ...(line !== undefined && { line }), message });
    }
  }
  if (problems.length > 0) return { kind: 'problems', problems: firstProblems(problems) };
  const alone = [...hosts.keys()].filter((name) => !groupsOf.has(name));
  if (alone.length > 0 && members.size > 0) members.set(UNGROUPED, alone);
  return { kind: 'inventory', inventory: { hosts: described, groups: members } };
}

function refuseNestedAll({ file, groups, problems }: AnsibleDescription): void {
  for (const [name, { children, line }] of groups) {
    if (!children.has(ALL)) continue;
    problems.push({
      file,
      ...(line !== undefined && { line }),
      message: `"all" is nested in ${JSON.stringify(name)}: it holds every group already.`,
    });
  }
}

/** 0 for `all`, 1 for groups that are nested in no other, and one more than the deepest group that holds it for the rest. */
function depthsOf(groups: ReadonlyMap<string, AnsibleGroup>, innerFirst: readonly string[]): Map<string, number> {
  const depths = new Map<string, number>();
  for (const name of [...innerFirst].reverse()) {
    const depth = name === ALL ? 0 : (depths.get(name) ?? 1);
    depths.set(name, depth);
    for (const child of groups.get(name)?.children ?? []) {
      depths.set(child, Math.max(depths.get(child) ?? 1, depth + 1));
    }
  }
  return depths;
}

/** By host, the groups that hold it, the one whose variables are overruled by the others' first. */
function outerFirstGroupsOf(
  groups: ReadonlyMap<string, AnsibleGroup>,
  members: ReadonlyMap<string, readonly string[]>,
  depths: ReadonlyMap<string, number>,
): Map<string, string[]> {
  const priorityOf = (name: string): number => {
    const value = groups.get(name)?.variables.get(GROUP_PRIORITY)?.value;
    return typeof value === 'object' ? 1 : Math.trunc(Number(value ?? 1)) || 1;
  };
  const sorted = [...members.keys()]
    .map((name) => ({ name, depth: depths.get(name) ?? 1, priority: priorityOf(name) }))
    .sort((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1));
  const groupsOf = new Map<string, string[]>();
  for (const { name } of sorted) {
    for (const host of members.get(name) ?? []) {
      const list = groupsOf.get(host);
      if (list) list.push(name);
      else groupsOf.set(host, [name]);
    }
  }
  return groupsOf;
}

function combined(
  groups: ReadonlyMap<string, AnsibleGroup>,
  ofHost: readonly string[],
  own: AnsibleVariables,
): AnsibleVariables {
  const variables = new Map<string, AnsibleVariable>();
  for (const name of [ALL, ...ofHost]) {
    for (const [key, variable] of groups.get(name)?.variables ?? []) variables.set(key, variable);
  }
  for (const [key, variable] of own) variables.set(key, variable);
  return variables;
}
