/** The inventory files that whodisk.yml names. */
import path from 'node:path';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { readInventoryFile } from '../../runner/fleet/inventory-file.ts';
import { type Places, resolvePath } from './config-places.ts';
import type { ConfigValue } from './config-schema.ts';
import type { ConfigProblem, ProblemAt } from './config-text.ts';

/** None of them is read: what lies elsewhere on the machine is nobody's inventory, and messages repeat what is in one. */
export function inventoriesOutside(
  { inventories = [], groups = {} }: ConfigValue,
  places: Places,
  problemAt: ProblemAt,
): ConfigProblem[] {
  const named = [
    ...inventories.map((file, index) => ({ file, path: ['inventories', index] })),
    ...Object.entries(groups).flatMap(([name, group]) =>
      Array.isArray(group)
        ? []
        : (group.inventories ?? []).map((file, index) => ({ file, path: ['groups', name, 'inventories', index] })),
    ),
  ];
  return named
    .filter(({ file }) => /^(?:\.\.(?:\/|$)|\/|$)/u.test(path.relative(places.folder, resolvePath(file, places))))
    .map(({ path: at }) => problemAt(at, 'an inventory lies beside this file or below it, and is named from there.'));
}

/** Each by the name that it has in whodisk.yml; `files` are their paths. */
export async function readInventories(
  { inventories = [], groups = {} }: ConfigValue,
  places: Places,
  mostBytes?: number,
): Promise<{ byFile: Map<string, Inventory>; problems: ConfigProblem[]; notes: string[]; files: string[] }> {
  const ofGroups = Object.values(groups).flatMap((group) => (Array.isArray(group) ? [] : (group.inventories ?? [])));
  const files = [...new Set([...inventories, ...ofGroups])];
  const byFile = new Map<string, Inventory>();
  const problems: ConfigProblem[] = [];
  const notes: string[] = [];
  // One after the other: they may be large, and open files are few.
  for (const file of files) {
    const read = await readInventoryFile(resolvePath(file, places), file, mostBytes);
    notes.push(...read.notes);
    if (read.kind === 'inventory') byFile.set(file, read.inventory);
    else problems.push(...read.problems);
  }
  return { byFile, problems, notes, files: files.map((file) => resolvePath(file, places)) };
}
