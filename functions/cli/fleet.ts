/** What is known of the fleet before anything is dialled: whodisk.yml, and the inventories of -i. */
import { resolve } from 'node:path';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { decodeInventory, MOST_INVENTORY_BYTES, readInventoryFile } from '../../runner/fleet/inventory-file.ts';
import { sayProblem } from '../../runner/fleet/problems.ts';
import { type Config, readConfig } from '../config/read-config.ts';
import { readInput } from './read-input.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';

export type Fleet =
  /** `notes`: what a person should know although it goes on, a sentence each. */
  | {
      readonly kind: 'fleet';
      readonly config: Config;
      readonly notes: readonly string[];
      /** As those of a configuration (functions/config/read-config.ts), with the inventories. */
      readonly files: readonly string[];
    }
  /** With file, line and column where there are any. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/**
 * @param given.config what -c named
 * @param given.inventories what -i named; "-" is stdin
 */
export async function readFleet(
  given: { readonly config?: string; readonly inventories?: readonly string[] },
  surroundings: Surroundings,
  streams: Pick<Streams, 'stdin' | 'stderr'>,
): Promise<Fleet> {
  const inventories: Inventory[] = [];
  const notes: string[] = [];
  const problems: string[] = [];
  for (const file of given.inventories ?? []) {
    const read =
      file === '-'
        ? { ...decodeInventory(await readInput(streams, MOST_INVENTORY_BYTES, 'the inventory'), '<stdin>'), notes: [] }
        : await readInventoryFile(resolve(surroundings.workingDirectory, file), file);
    notes.push(...read.notes);
    if (read.kind === 'inventory') inventories.push(read.inventory);
    else problems.push(...read.problems.map(sayProblem));
  }
  if (problems.length > 0) return { kind: 'problems', problems };

  const config = given.config ?? surroundings.config;
  const read = await readConfig({
    ...(config !== undefined && { given: config }),
    cwd: surroundings.workingDirectory,
    homeDirectory: surroundings.homeDirectory,
    ...(surroundings.xdgConfigHome !== undefined && { xdgConfigHome: surroundings.xdgConfigHome }),
    inventories,
  });
  if (read.kind === 'problems') return { kind: 'problems', problems: read.problems.map(sayProblem) };
  const files = (given.inventories ?? []).map((file) => resolve(surroundings.workingDirectory, file));
  return { kind: 'fleet', config: read.config, notes: [...notes, ...read.notes], files: [...files, ...read.files] };
}
