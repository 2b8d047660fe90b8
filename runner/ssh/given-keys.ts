/** Private keys that are handed over as text, such as those of a secret store: they are offered to every host, and never written to a disk. */
import type { FileIdentity, Identities } from './identities.ts';
import { parseKeyText } from './key-text.ts';

export interface GivenKey {
  /** How a message calls it. */
  readonly name: string;
  /** As ssh-keygen wrote it, without a passphrase. */
  readonly text: string;
}

/** No message holds anything of a key but its fingerprint. */
export function identitiesOfGiven(keys: readonly GivenKey[]): Identities {
  const files: FileIdentity[] = [];
  const problems: string[] = [];
  for (const { name, text } of keys) {
    const parsed = parseKeyText(text, name);
    switch (parsed.kind) {
      case 'key':
        files.push({ file: name, key: parsed.key });
        break;
      case 'encrypted':
        problems.push(`${name} is encrypted, and nobody can be asked for its passphrase: give one without.`);
        break;
      case 'wrong-passphrase':
        problems.push(`${name} cannot be read as a private key.`);
        break;
      case 'unusable':
        problems.push(`${name} ${parsed.problem}`);
        break;
      default:
        parsed satisfies never;
    }
  }
  return { files, problems, areGiven: true };
}
