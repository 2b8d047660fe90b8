/** Reads inventory files, within limits. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isForeign, type Ownership, strangersProblem } from './file-trust.ts';
import type { Inventory, InventoryRead } from './inventory.ts';
import { readInventory } from './inventory-text.ts';
import { readWithin } from './read-within.ts';
import { utf8Text } from './utf8-text.ts';

/** Larger than 100,000 hosts with all their variables. */
export const MOST_INVENTORY_BYTES = 16 * 1024 * 1024;

/** `notes`: what Ansible would have read beside the file and whodisk does not. */
export type InventoryFileRead = InventoryRead & { readonly notes: readonly string[] };

/**
 * A ProxyCommand is only taken from a file that nobody else may write: the hosts that have one from another file fail by name.
 *
 * @param file its path
 * @param name what it is called in messages, as it was written
 * @param mostBytes a larger file is a problem, which says so
 */
export async function readInventoryFile(
  file: string,
  name: string,
  mostBytes = MOST_INVENTORY_BYTES,
): Promise<InventoryFileRead> {
  const problem = (message: string): InventoryFileRead => ({
    kind: 'problems',
    problems: [{ file: name, message }],
    notes: [],
  });
  const bytes = await readWithin(file, mostBytes);
  switch (bytes.kind) {
    case 'folder':
      return problem(
        `this is a folder: name the files in it, or give what Ansible makes of it, ansible-inventory -i ${JSON.stringify(name)} --list | whodisk -i -`,
      );
    case 'unreadable':
      return problem(bytes.message);
    case 'bytes': {
      const read = decodeInventory(bytes.bytes, name);
      if (read.kind === 'problems') return { ...read, notes: [] };
      const distrust = distrustOf(bytes);
      const inventory = distrust === undefined ? read.inventory : withoutCommands(read.inventory, name, distrust);
      return { kind: 'inventory', inventory, notes: await ansibleNotes(file, name) };
    }
    default:
      return bytes satisfies never;
  }
}

function distrustOf(file: Ownership): string | undefined {
  const problem = strangersProblem(file);
  if (problem !== undefined || !isForeign(file)) return problem;
  return `it belongs to user ${file.uid}: chown it, if what is in it is right.`;
}

function withoutCommands({ hosts, groups }: Inventory, name: string, distrust: string): Inventory {
  const told = `${name} names a ProxyCommand for it, which is not run, since the file is not trusted: ${distrust}`;
  const judged = [...hosts.values()].map((host) =>
    host.settings.proxyCommand === undefined ? host : { ...host, problem: host.problem ?? told },
  );
  return { hosts: new Map(judged.map((host) => [host.name, host])), groups };
}

/** What bytes from a file or standard input describe; @param name what they are called in messages, '<stdin>' for standard input. */
export function decodeInventory(bytes: Uint8Array, name: string): InventoryRead {
  const problem = (message: string): InventoryRead => ({ kind: 'problems', problems: [{ file: name, message }] });
  if (bytes.length > MOST_INVENTORY_BYTES)
    return problem(`it has more than ${MOST_INVENTORY_BYTES / 2 ** 20} MiB: no inventory is that long.`);
  const read = utf8Text(bytes);
  return 'problem' in read ? problem(read.problem) : readInventory(read.text, name);
}

/** Ansible also reads variables from folders beside an inventory; hosts might be reached another way there. */
async function ansibleNotes(file: string, name: string): Promise<string[]> {
  const beside = ['group_vars', 'host_vars'];
  const found = await Promise.all(
    beside.map((folder) =>
      stat(path.join(path.dirname(file), folder)).then(
        (entry) => entry.isDirectory(),
        () => false,
      ),
    ),
  );
  const folders = beside.filter((_, index) => found[index]);
  if (folders.length === 0) return [];
  return [
    `${name}: ${folders.join(' and ')} beside it ${folders.length > 1 ? 'are' : 'is'} not read. To have what Ansible knows of the hosts: ansible-inventory -i ${name} --list | whodisk -i -`,
  ];
}
