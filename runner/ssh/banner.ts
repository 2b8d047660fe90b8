/** The first bytes of a peer: an SSH server's identification (RFC 4253 section 4.2), or something else. Pure. */

export type BannerState =
  | { readonly kind: 'waiting' }
  /** `end` is the offset of the first byte after the identification line. */
  | { readonly kind: 'ssh'; readonly end: number }
  | { readonly kind: 'not-ssh'; readonly what: string };

/** A server may send lines of text before its identification; nobody needs more of them than this. */
export const MAX_BANNER_BYTES = 4096;

/** Judges all that has come so far. */
export function readBanner(bytes: Buffer): BannerState {
  let start = 0;
  while (start < bytes.length && start < MAX_BANNER_BYTES) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (end >= 0 && line.toString('latin1', 0, 4) === 'SSH-') {
      const ident = line.toString('latin1').replace(/\r$/, '');
      if (/^SSH-(?:2\.0|1\.99)-/.test(ident)) return { kind: 'ssh', end: end + 1 };
      return { kind: 'not-ssh', what: 'a server of SSH protocol 1, which is no longer safe' };
    }
    if (start === 0) {
      const other = otherProtocol(line);
      if (other !== undefined) return { kind: 'not-ssh', what: other };
    }
    if (end < 0) break;
    start = end + 1;
  }
  if (bytes.length < MAX_BANNER_BYTES) return { kind: 'waiting' };
  return { kind: 'not-ssh', what: `something that sent ${MAX_BANNER_BYTES} bytes without an SSH greeting` };
}

function otherProtocol(line: Buffer): string | undefined {
  const text = line.toString('latin1', 0, 64);
  if (/^HTTP\/\d/.test(text) || /^\s*<(?:!doctype|html|\?xml)/i.test(text)) return 'a web server';
  // TLS record: alert or handshake, then the version's first byte (RFC 8446 section 5.1).
  if ((line[0] === 0x15 || line[0] === 0x16) && line[1] === 0x03) return 'a TLS server';
  if (/^220[ -].*(?:SMTP|ESMTP|mail)/i.test(text)) return 'a mail server';
  if (/^220[ -]/.test(text)) return 'a mail or FTP server';
  if (/^[-+](?:OK|ERR)\b/.test(text)) return 'a Redis or POP3 server';
  return undefined;
}

/** Whether text that came instead of a greeting says that the server is full just now (sshd_config(5) MaxStartups). */
export function saysTooManyStartups(bytes: Buffer): boolean {
  return /^Exceeded MaxStartups/m.test(bytes.toString('latin1', 0, 256));
}

/** Whether it says that this client is locked out for a while (sshd_config(5) PerSourcePenalties). */
export function saysLockedOut(bytes: Buffer): boolean {
  return /^Not allowed at this time/m.test(bytes.toString('latin1', 0, 256));
}
