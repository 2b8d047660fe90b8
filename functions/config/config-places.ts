/** Paths in whodisk.yml, as seen from it. */
import path from 'node:path';
import type { ConfigValue, ReachingValue } from './config-schema.ts';

export interface Places {
  /** Of whodisk.yml. */
  readonly folder: string;
  readonly homeDirectory: string;
}

/** Absolute. */
export function resolvePath(file: string, { folder, homeDirectory }: Places): string {
  return file === '~' || file.startsWith('~/') ? path.join(homeDirectory, file.slice(1)) : path.resolve(folder, file);
}

/** Relative paths of keys and of the store are those seen from whodisk.yml; inventories keep the names they have in it. */
export function withPlaces(value: ConfigValue, places: Places): ConfigValue {
  const settle = <Value extends ReachingValue>(one: Value): Value => {
    if (one.identityFiles === undefined) return one;
    return { ...one, identityFiles: one.identityFiles.map((file) => resolvePath(file, places)) };
  };
  const { hosts, groups, ec2, store } = value;
  const isPath = store !== undefined && store !== 'none' && !store.startsWith('dynamodb:');
  return {
    ...settle(value),
    ...(isPath && { store: resolvePath(store, places) }),
    ...(hosts && { hosts: mapped(hosts, (host) => (host === null ? null : settle(host))) }),
    ...(groups && { groups: mapped(groups, (group) => (Array.isArray(group) ? group : settle(group))) }),
    ...(ec2 && { ec2: ec2.map(settle) }),
  };
}

function mapped<Value>(object: Record<string, Value>, change: (value: Value) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
