/** The host keys of the configuration as a file, which is how they are given to SSH. Public keys, but nobody else may write them. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface KnownHostsPlace {
  /** For `knownHosts` of SshOptions: then no other file counts. It is there from the beginning, and empty. */
  readonly file: string;
  /** For `knownHostsName`: the file that a person writes to. */
  readonly name: string;
  /** Replaces what is in it; who is reading has the old text or the new one. */
  use(text: string): Promise<void>;
}

/** @param parent where a folder of mode 0700 is made for it, such as the temporary folder of this machine */
export async function createKnownHostsFile(parent: string): Promise<KnownHostsPlace> {
  // Of an unguessable name and mode 0700 (mkdtemp(3)): no other user can have put something there.
  const folder = await mkdtemp(path.join(parent, 'whodisk-keys-'));
  const file = path.join(folder, 'known_hosts');
  const use = async (text: string): Promise<void> => {
    const next = `${file}.${randomUUID()}`;
    await writeFile(next, text, { mode: 0o600 });
    await rename(next, file);
  };
  await use('');
  return { file, name: 'known_hosts', use };
}
