/** What a private key file holds: pure, text in. */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { typeOfBlob } from './key-blob.ts';

export type KeyText =
  | { readonly kind: 'key'; readonly key: ParsedKey }
  /** `publicBlob` where the file tells its public half in the clear, as OpenSSH's own format does. */
  | { readonly kind: 'encrypted'; readonly publicBlob?: Buffer }
  | { readonly kind: 'wrong-passphrase' }
  | { readonly kind: 'unusable'; readonly problem: string };

const SIGNABLE = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];

/**
 * Reads a private key. `file` is only used in messages, which are the second half of a sentence that begins with it.
 *
 * @param passphrase undefined asks whether one is needed
 */
export function parseKeyText(text: string, file: string, passphrase?: string): KeyText {
  const unusable = (problem: string): KeyText => ({ kind: 'unusable', problem });
  const trimmed = text.trim();
  if (trimmed === '') return unusable('is empty: give the file of a private key.');
  if (/^(?:ssh-|ecdsa-|sk-)\S+-cert-v01@openssh\.com /.test(trimmed)) {
    return unusable('is a certificate, and certificates are not supported: give the file of a plain private key.');
  }
  if (/^(?:ssh-|ecdsa-sha2-|sk-)\S+ [A-Za-z0-9+/]/.test(trimmed) || trimmed.startsWith('---- BEGIN SSH2 PUBLIC KEY')) {
    const privateFile = file.endsWith('.pub') ? file.slice(0, -4) : 'the file without .pub';
    return unusable(`is a public key: give ${privateFile}, the private key that belongs to it.`);
  }
  if (trimmed.startsWith('-----BEGIN PUBLIC KEY') || trimmed.startsWith('-----BEGIN RSA PUBLIC KEY')) {
    return unusable('is a public key: give the private key that belongs to it.');
  }
  if (trimmed.startsWith('PuTTY-User-Key-File')) {
    return unusable(`is a PuTTY key: convert it with puttygen ${file} -O private-openssh -o NEWFILE and give NEWFILE.`);
  }
  if (/^-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/.test(trimmed)) {
    return unusable('is a key in PKCS#8 format: rewrite a copy of it in OpenSSH format with ssh-keygen -p -f COPY.');
  }
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(trimmed)) {
    return unusable('is no private key: give the file that ssh-keygen wrote (without .pub).');
  }

  const publicBlob = publicBlobOf(trimmed);
  const type = publicBlob === undefined ? undefined : typeOfBlob(publicBlob);
  if (type?.startsWith('sk-')) {
    return unusable(
      'belongs to a security key (sk), which is not supported: give a key that is a file, or use an agent.',
    );
  }
  const parsed = parse(trimmed, passphrase);
  if (parsed instanceof Error) {
    if (/no passphrase given/i.test(parsed.message)) {
      return { kind: 'encrypted', ...(publicBlob === undefined ? {} : { publicBlob }) };
    }
    if (passphrase !== undefined) return { kind: 'wrong-passphrase' };
    return unusable(`cannot be read as a private key (${parsed.message}): it may be cut short.`);
  }
  if (!SIGNABLE.includes(parsed.type)) {
    return unusable(`is a ${parsed.type} key, which is not supported: make a new one with ssh-keygen -t ed25519.`);
  }
  if (!parsed.isPrivateKey()) return unusable('holds no private key: give the private half.');
  return { kind: 'key', key: withCachedSigner(parsed) };
}

function parse(text: string, passphrase: string | undefined): ParsedKey | Error {
  try {
    const parsed = ssh2.utils.parseKey(text, passphrase);
    // The types promise no array; OpenSSH's format allows several keys and the parser answers the first.
    return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key in it')) : parsed;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The public half in an OpenSSH private key file (PROTOCOL.key of OpenSSH), which stays readable when the rest is encrypted. */
function publicBlobOf(text: string): Buffer | undefined {
  const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\r?\n([\s\S]+)\r?\n-----END/.exec(text)?.[1];
  if (body === undefined) return undefined;
  const data = Buffer.from(body, 'base64');
  let at = 'openssh-key-v1\0'.length;
  const skipString = () => {
    at += 4 + data.readUInt32BE(at);
  };
  try {
    for (let field = 0; field < 3; field++) skipString(); // cipher, kdf, kdf options
    at += 4; // number of keys
    const length = data.readUInt32BE(at);
    const blob = data.subarray(at + 4, at + 4 + length);
    return blob.length === length && length > 0 ? blob : undefined;
  } catch {
    return undefined; // cut short: the parser says so
  }
}

const HASH_OF_TYPE: Readonly<Record<string, string | null>> = {
  'ssh-ed25519': null,
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
};

/**
 * Makes the key sign with a KeyObject made once: ssh2 has OpenSSL parse the PEM again for each log-in. It also refuses to sign
 * with SHA-1, which ssh2 falls back to where a server does not say which RSA signatures it takes.
 */
function withCachedSigner(key: ParsedKey): ParsedKey {
  const keyObject: KeyObject = createPrivateKey(key.getPrivatePEM());
  const signer = (data: Buffer | string, algorithm?: string): Buffer => {
    const hash = algorithm ?? HASH_OF_TYPE[key.type];
    // ssh2 takes an Error as the answer; thrown, it would tear down the process' event handler instead.
    if (hash === undefined || hash === 'sha1') return sha1Refused() as unknown as Buffer;
    return sign(hash, typeof data === 'string' ? Buffer.from(data) : data, keyObject);
  };
  return Object.defineProperty(key, 'sign', { value: signer });
}

/** What is answered in place of a signature with SHA-1. */
export function sha1Refused(): Error {
  return new Error('the server takes RSA signatures only with SHA-1, which is no longer safe');
}
