/** A new ED25519 key that was never on a disk. */
import ssh2, { type ParsedKey } from 'ssh2';

export interface NewKey {
  /** As OpenSSH keeps private keys, without a passphrase. */
  readonly private: string;
  readonly parsed: ParsedKey;
}

/** ssh2 writes now and then a key that it cannot read itself: such a one is made again. */
export function newKey(): NewKey {
  for (;;) {
    const text = ssh2.utils.generateKeyPairSync('ed25519').private;
    const parsed = ssh2.utils.parseKey(text);
    if (!(parsed instanceof Error)) return { private: text, parsed };
  }
}
