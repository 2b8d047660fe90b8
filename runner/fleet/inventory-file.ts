/** Reads inventory files, within limits. */
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { InventoryRead } from './inventory.ts';
import { readInventory } from './inventory-text.ts';

/** Larger than 100,000 hosts with all their variables. */
const MOST_BYTES = 16 * 1024 * 1024;

/** `notes`: what Ansible would have read beside the file and whodisk does not. */
export type InventoryFileRead = InventoryRead & { readonly notes: readonly string[] };

/**
 * @param file its path
 * @param name what it is called in messages, as it was written
 */
export async function readInventoryFile(file: string, name: string): Promise<InventoryFileRead> {
  const problem = (message: string): InventoryFileRead => ({
    kind: 'problems',
    problems: [{ file: name, message }],
    notes: [],
  });
  const bytes = await readWithin(file, MOST_BYTES);
  switch (bytes.kind) {
    case 'folder':
      return problem(
        `this is a folder: name the files in it, or give what Ansible makes of it, ansible-inventory -i ${JSON.stringify(name)} --list | whodisk -i -`,
      );
    case 'unreadable':
      return problem(bytes.message);
    case 'bytes': {
      const read = decodeInventory(bytes.bytes, name);
      const notes = read.kind === 'inventory' ? await ansibleNotes(file, name) : [];
      return { ...read, notes };
    }
    default:
      return bytes satisfies never;
  }
}

/** What bytes from a file or standard input describe; @param name what they are called in messages, '<stdin>' for standard input. */
export function decodeInventory(bytes: Uint8Array, name: string): InventoryRead {
  const problem = (message: string): InventoryRead => ({ kind: 'problems', problems: [{ file: name, message }] });
  if (bytes.length > MOST_BYTES)
    return problem(`it has more than ${MOST_BYTES / 2 ** 20} MiB: no inventory is that long.`);
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    return problem(`it holds a NUL byte at offset ${nul}: this is no text, and an inventory is UTF-8 text.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return problem('it is not UTF-8: save it as UTF-8 text.');
  }
  return readInventory(text, name);
}

export type Bytes =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mode: number; readonly uid: number }
  | { readonly kind: 'folder' }
  /** `code` is that of Node's error, absent where it is too large. */
  | { readonly kind: 'unreadable'; readonly code?: string; readonly message: string };

/** Reads a file, a pipe or a device up to a limit; one that is changed or never ends while it is read does no harm. */
export async function readWithin(file: string, mostBytes: number): Promise<Bytes> {
  try {
    const handle = await open(file, 'r');
    try {
      const { mode, uid } = await handle.stat();
      const chunks: Buffer[] = [];
      let length = 0;
      for (;;) {
        const chunk = Buffer.allocUnsafe(64 * 1024);
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
        if (bytesRead === 0) break;
        chunks.push(chunk.subarray(0, bytesRead));
        length += bytesRead;
        if (length > mostBytes) return { kind: 'unreadable', message: `it has more than ${mostBytes / 2 ** 20} MiB.` };
      }
      return { kind: 'bytes', bytes: Buffer.concat(chunks, length), mode, uid };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'EISDIR') return { kind: 'folder' };
    return { kind: 'unreadable', code, message: REASONS[code] ?? `it cannot be read (${code}).` };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  ENOTDIR: 'there is no such file: part of its path is no folder.',
  EACCES: 'it may not be read: permission denied.',
  ELOOP: 'its path goes through too many symbolic links.',
  ENAMETOOLONG: 'there is no such file: its name is too long.',
};

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
