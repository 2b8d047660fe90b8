/** Which files a whodisk.yml needs beside itself in the cloud. Pure. */
import path from 'node:path';
import type { ConfigValue } from '../functions/config/config-schema.ts';

/**
 * @returns the inventories that it names, relative to its folder, each once; or a sentence for each that does not lie there, since only
 *   what lies in that folder or below it comes along
 */
export function filesBeside({
  inventories = [],
  groups = {},
}: Pick<ConfigValue, 'inventories' | 'groups'>):
  | { readonly names: readonly string[] }
  | { readonly problems: readonly string[] } {
  const ofGroups = Object.values(groups).flatMap((group) => (Array.isArray(group) ? [] : (group.inventories ?? [])));
  const names = [...new Set([...inventories, ...ofGroups].map((name) => path.posix.normalize(name)))];
  const outside = names.filter(
    (name) => name.startsWith('/') || name.startsWith('~') || name.split('/').includes('..'),
  );
  if (outside.length === 0) return { names };
  return {
    problems: outside.map((name) => `${name} does not lie beside it: in the cloud there is only its own folder.`),
  };
}
