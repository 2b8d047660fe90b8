/** A public key as it goes over the wire (RFC 4253 section 6.6) and as files hold it, in base64. Pure. */

/** The type that a public key blob says it is, its first string (RFC 4253 section 6.6); undefined where it is no blob. */
export function typeOfBlob(blob: Buffer): string | undefined {
  if (blob.length < 5) return undefined;
  const length = blob.readUInt32BE(0);
  // A key follows its type: a blob that ends with the type holds none.
  if (length === 0 || length > 64 || blob.length <= 4 + length) return undefined;
  return blob.toString('latin1', 4, 4 + length);
}

/** How many strings and numbers a key consists of, its type included (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4). */
const FIELDS: Readonly<Record<string, number>> = {
  'ssh-ed25519': 2,
  'ssh-rsa': 3,
  'ecdsa-sha2-nistp256': 3,
  'ecdsa-sha2-nistp384': 3,
  'ecdsa-sha2-nistp521': 3,
};

/** Whether the key's parts fill the blob: one that was cut would look like another key, and the host like a changed one. */
export function isWhole(blob: Buffer, type: string): boolean {
  let fields = 0;
  let at = 0;
  while (at + 4 <= blob.length) {
    at += 4 + blob.readUInt32BE(at);
    fields++;
  }
  return at === blob.length && fields === (FIELDS[type] ?? fields);
}

/** undefined where it is none: Buffer.from takes any text, and a key that was cut or mangled must not pass for another. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}
