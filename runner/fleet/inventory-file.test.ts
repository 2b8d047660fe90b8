import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { decodeInventory, readInventoryFile } from './inventory-file.ts';

const asRoot = needs('root');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'whodisk-inventory-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};
const problemOf = async (file: string) => {
  const read = await readInventoryFile(file, 'NAME');
  return read.kind === 'problems' ? read.problems[0] : read;
};

describe('an inventory file', () => {
  test('is read', async () => {
    expect(await readInventoryFile(write('hosts', 'a\nb\n'), 'hosts')).toMatchObject({ kind: 'inventory', notes: [] });
  });

  test('that is not there, a folder, binary or no UTF-8 is said so', async () => {
    expect(await problemOf(path.join(folder, 'nowhere'))).toEqual({ file: 'NAME', message: 'there is no such file.' });
    expect(await problemOf(folder)).toMatchObject({
      message: expect.stringContaining('ansible-inventory -i "NAME" --list'),
    });
    expect(await problemOf(write('elf', '\u007fELF\u0000'))).toMatchObject({
      message: expect.stringContaining('NUL byte at offset 4'),
    });
    expect(await problemOf(write('latin1', Uint8Array.of(0x61, 0xe4, 0x0a)))).toMatchObject({
      message: expect.stringContaining('not UTF-8'),
    });
  });

  test('that may not be read is said so', async () => {
    const file = write('secret', 'a\n');
    chmodSync(file, 0o000);
    // Root may read everything, nobody may not.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect(await problemOf(file)).toMatchObject({ message: expect.stringContaining('permission denied') });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('that never ends is given up', async () => {
    const file = write('long', '');
    truncateSync(file, 2 ** 24 + 1);
    expect(await problemOf(file)).toEqual({ file: 'NAME', message: 'it has more than 16 MiB.' });
    expect(await problemOf('/dev/zero')).toMatchObject({
      message: expect.stringContaining('neither a file nor a pipe'),
    });
    expect(decodeInventory(new Uint8Array(17 * 1024 * 1024), '<stdin>')).toMatchObject({
      problems: [{ file: '<stdin>', message: expect.stringContaining('16 MiB') }],
    });
  });

  test('with variables of Ansible beside it says that they are not read', async () => {
    mkdirSync(path.join(folder, 'site', 'group_vars'), { recursive: true });
    const { notes } = await readInventoryFile(write('site/hosts.ini', '[a]\nb\n'), 'site/hosts.ini');
    expect(notes).toEqual([expect.stringContaining('group_vars beside it is not read')]);
  });

  const withProxy = 'a\nb ansible_ssh_common_args="-o ProxyCommand=true"\n';
  const hostsOf = async (file: string) => {
    const read = await readInventoryFile(file, 'NAME');
    return read.kind === 'inventory' ? [...read.inventory.hosts.values()].map(({ problem }) => problem) : [];
  };

  test('that everybody may write has no ProxyCommand run: such hosts fail by name, and others count', async () => {
    const file = write('open.ini', withProxy);
    expect(await hostsOf(file)).toEqual([undefined, undefined]);
    chmodSync(file, 0o666);
    expect(await hostsOf(file)).toEqual([undefined, expect.stringMatching(/NAME names a ProxyCommand.*chmod o-w/u)]);
  });

  test.skipIf(asRoot.skip)('that another user or a group may write has none either', async () => {
    const file = write('theirs.ini', withProxy);
    chownSync(file, 12_345, 0);
    expect(await hostsOf(file)).toEqual([undefined, expect.stringContaining('belongs to user 12345')]);
    chownSync(file, 0, 12_345);
    chmodSync(file, 0o664);
    expect(await hostsOf(file)).toEqual([undefined, expect.stringContaining('group 12345')]);
    chownSync(file, 0, 0);
    expect(await hostsOf(file)).toEqual([undefined, undefined]);
  });
});
