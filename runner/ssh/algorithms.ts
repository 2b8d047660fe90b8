/** The algorithms that we offer, and the words for it when a server shares none of them. Pure. */
import { listed } from './listed.ts';

/**
 * No SHA-1, no CBC, no 3DES. ECDH on P-256 comes first because it costs the client 0.4 ms less than curve25519 here, which
 * counts when a thousand hosts are dialled.
 */
export const ALGORITHMS = {
  kex: [
    'ecdh-sha2-nistp256',
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group-exchange-sha256',
  ],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
  ],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  /** Nothing is compressed: a small answer must not unpack into a large one. */
  compress: ['none'],
} satisfies Record<string, string[]>;

/** What one host is offered, each list best first. */
export interface Offer {
  readonly kex: readonly string[];
  readonly cipher: readonly string[];
  readonly mac: readonly string[];
  readonly hostKey: readonly string[];
}

/** @param narrowed what ssh_config(5) leaves of ours for this host; @param hostKeys in the order of the keys that are known of it */
export function offerOf(narrowed: Partial<Offer> | undefined, hostKeys: readonly string[]): Offer {
  const { kex = ALGORITHMS.kex, cipher = ALGORITHMS.cipher, mac = ALGORITHMS.hmac, hostKey } = narrowed ?? {};
  return {
    kex,
    cipher,
    mac,
    hostKey: hostKey === undefined ? hostKeys : hostKeys.filter((name) => hostKey.includes(name)),
  };
}

const SSH_MSG_KEXINIT = 20;
const MAX_PACKET_BYTES = 35000;

/**
 * The lists that can fail to match of the first packet after a server's identification, which is not yet encrypted (KEXINIT, RFC 4253
 * section 7.1); undefined where it is none.
 */
export function parseServerOffer(bytes: Buffer): Offer | undefined {
  if (bytes.length < 6) return undefined;
  const packetLength = bytes.readUInt32BE(0);
  if (packetLength > MAX_PACKET_BYTES || bytes.length < 4 + packetLength || bytes[5] !== SSH_MSG_KEXINIT)
    return undefined;
  const lists: string[][] = [];
  let at = 6 + 16; // behind the cookie
  while (lists.length < 6) {
    if (at + 4 > 4 + packetLength) return undefined;
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > 4 + packetLength) return undefined;
    lists.push(bytes.toString('latin1', at + 4, at + 4 + length).split(','));
    at += 4 + length;
  }
  const [kex = [], hostKey = [], cipher = [], , mac = []] = lists;
  // Signals that stand among the key exchanges (RFC 8308 section 2.1, PROTOCOL of OpenSSH section 1.10) are no algorithms.
  const isSignal = (name: string) => /^(?:ext-info-[cs]|kex-strict-[cs]-v00@openssh\.com)$/.test(name);
  return { kex: kex.filter((name) => !isSignal(name)), hostKey, cipher, mac };
}

/** What both sides offer of the kind that does not match; '' where everything does. */
export function describeMismatch(theirs: Offer, ours: Offer): string {
  const kinds = [
    ['key exchange', 'kex'],
    ['host key', 'hostKey'],
    ['cipher', 'cipher'],
    ['MAC', 'mac'],
  ] as const;
  for (const [what, kind] of kinds) {
    if (!theirs[kind].some((name) => ours[kind].includes(name))) {
      return `${what}: it offers ${listOf(theirs[kind])}; whodisk takes ${listOf(ours[kind])}`;
    }
  }
  return '';
}

const MOST_NAMED = 12;

/** Names from a server are its own words: only what an algorithm name may hold, and not many of them. */
function listOf(names: readonly string[]): string {
  const harmless = names.map((name) => (/^[\x21-\x7e]{1,64}$/.test(name) ? name : '(malformed)'));
  return listed(harmless, MOST_NAMED);
}
