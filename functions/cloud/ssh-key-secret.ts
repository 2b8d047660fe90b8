/** The SSH keys of the workers: one secret, read when a shard is begun, kept in memory alone. */
import type { GivenKey } from '../../runner/ssh/given-keys.ts';
import type { SecretReader } from './secret-reader.ts';

export type SshKeys = { readonly keys: readonly GivenKey[] } | { readonly problem: string };

/** The secret is the text of one private key or of several, one after the other, so that one can be replaced while both count. */
export function sshKeysOf(secret: SecretReader): () => Promise<SshKeys> {
  return async () => {
    const read = await secret.read();
    if ('problem' in read) return { problem: `There is no SSH key to log in with. ${read.problem}` };
    const texts = read.text.match(KEY) ?? [read.text];
    const name = `the secret ${secret.name}`;
    return {
      keys: texts.map((text, index) => ({ name: texts.length === 1 ? name : `key ${index + 1} of ${name}`, text })),
    };
  };
}

/** RFC 7468, and OpenSSH's own (PROTOCOL.key). What is none is handed over as it is: whoever parses it says what is wrong. */
const KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/gu;
