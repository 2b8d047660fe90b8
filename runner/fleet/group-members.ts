/** Groups that hold hosts and other groups, resolved to the hosts that each holds. */

export interface GroupDescription {
  readonly hosts: ReadonlySet<string>;
  /** Names of nested groups, each of them a key of the same map. */
  readonly children: ReadonlySet<string>;
}

export type GroupMembers =
  | {
      readonly kind: 'members';
      /** By group, in the order of the groups: its own hosts first, then those of nested groups, each once. */
      readonly members: ReadonlyMap<string, readonly string[]>;
      /** Every group after the groups that are nested in it. */
      readonly innerFirst: readonly string[];
    }
  /** Groups that are nested in one another: 'a', 'b', 'a'. */
  | { readonly kind: 'cycle'; readonly cycle: readonly string[] }
  /** More memberships than any fleet has: nesting that multiplies. */
  | { readonly kind: 'too-many' };

const MOST_MEMBERSHIPS = 4_000_000;

/** Resolves nested groups, or says why they cannot be. */
export function membersOf(groups: ReadonlyMap<string, GroupDescription>): GroupMembers {
  const order = innerFirst(groups);
  if (order.kind === 'cycle') return order;
  const resolved = new Map<string, readonly string[]>();
  let memberships = 0;
  for (const name of order.groups) {
    const group = groups.get(name);
    const members = new Set(group?.hosts);
    for (const child of group?.children ?? []) {
      for (const host of resolved.get(child) ?? []) members.add(host);
    }
    memberships += members.size;
    if (memberships > MOST_MEMBERSHIPS) return { kind: 'too-many' };
    resolved.set(name, [...members]);
  }
  const members = new Map([...groups.keys()].map((name) => [name, resolved.get(name) ?? []]));
  return { kind: 'members', members, innerFirst: order.groups };
}

/** What to say where there is no answer. */
export function nestingProblem(nested: Exclude<GroupMembers, { kind: 'members' }>): string {
  switch (nested.kind) {
    case 'cycle':
      return `groups are nested in a circle: ${nested.cycle.join(' > ')}. Take one out of it.`;
    case 'too-many':
      return 'nested groups hold millions of hosts: the nesting multiplies by mistake.';
    default:
      return nested satisfies never;
  }
}

/** Depth first with a stack of its own: a chain of groups may be as long as a file. */
function innerFirst(
  groups: ReadonlyMap<string, GroupDescription>,
): { kind: 'order'; groups: string[] } | { kind: 'cycle'; cycle: string[] } {
  const done = new Set<string>();
  for (const root of groups.keys()) {
    const path = new Map<string, Iterator<string>>();
    if (!done.has(root)) path.set(root, childrenOf(groups, root));
    const stack = [...path.keys()];
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      const next = path.get(name)?.next();
      if (next === undefined || next.done === true) {
        done.add(name);
        path.delete(name);
        stack.pop();
      } else if (path.has(next.value)) {
        return { kind: 'cycle', cycle: [...stack.slice(stack.indexOf(next.value)), next.value] };
      } else if (!done.has(next.value)) {
        path.set(next.value, childrenOf(groups, next.value));
        stack.push(next.value);
      }
    }
  }
  return { kind: 'order', groups: [...done] };
}

function childrenOf(groups: ReadonlyMap<string, GroupDescription>, name: string): Iterator<string> {
  return (groups.get(name)?.children ?? new Set<string>()).values();
}
