/** Key pairs made in this process, without ssh-keygen. */
import ssh2 from 'ssh2';

export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

/** ssh2 writes now and then a key that it cannot read itself: such a one is made again. */
export function makeKeyPair(type: 'ed25519' | 'ecdsa' | 'rsa' = 'ed25519', passphrase?: string): KeyPair {
  const encryption = passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 4 };
  while (true) {
    const bits = type === 'rsa' ? 2048 : 256;
    const pair = Reflect.apply(ssh2.utils.generateKeyPairSync, undefined, [type, { bits, ...encryption }]) as KeyPair;
    if (!(ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}
