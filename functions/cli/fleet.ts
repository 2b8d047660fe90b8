/** What is known of the fleet before anything is dialled: whodisk.yml, and the inventories of -i. */
import { resolve } from 'node:path';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { decodeInventory, MOST_INVENTORY_BYTES, readInventoryFile } from '../../runner/fleet/inventory-file.ts';
import { sayProblem } from '../../runner/fleet/problems.ts';
import type { ReadEc2 } from '../config/ec2-source.ts';
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
      /** The same. */
      readonly keptMs?: number;
    }
  | {
      readonly kind: 'problems';
      /** With file, line and column where there are any. */
      readonly problems: readonly string[];
      /** As that of a configuration. */
      readonly isUnavailable?: boolean;
    };

/**
 * @param given.config what -c named
 * @param given.inventories what -i named; "-" is stdin
 * @param given.needsHosts false where nobody is to be visited, so that EC2 is not asked for its instances; default true
 */
export async function readFleet(
  given: { readonly config?: string; readonly inventories?: readonly string[]; readonly needsHosts?: boolean },
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
    ...(given.needsHosts !== false && { readEc2: async (source) => (await ec2())(source) }),
  });
  if (read.kind === 'problems') {
    const { isUnavailable = false } = read;
    return { kind: 'problems', problems: read.problems.map(sayProblem), isUnavailable };
  }
  const files = (given.inventories ?? []).map((file) => resolve(surroundings.workingDirectory, file));
  return {
    kind: 'fleet',
    config: read.config,
    notes: [...notes, ...read.notes],
    files: [...files, ...read.files],
    ...(read.keptMs !== undefined && { keptMs: read.keptMs }),
  };
}

/** Loaded only for a whodisk.yml that asks for instances, and once for a service that reads it again and again. */
async function ec2(): Promise<ReadEc2> {
  const { createReadEc2 } = await import('../cloud/ec2-instances.ts');
  readEc2 ??= createReadEc2({ clockMs: () => performance.now() });
  return readEc2;
}

let readEc2: ReadEc2 | undefined;
