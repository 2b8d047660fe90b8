/** Forms of the page: read, and known to be ours. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { bodyWithin } from '../body-within.ts';

const MOST_BYTES = 64 * 1024;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** undefined where it is no form, or a longer one than any of ours. */
export async function readForm(request: Request): Promise<URLSearchParams | undefined> {
  if (!FORM_TYPE.test(request.headers.get('content-type') ?? '')) return undefined;
  const read = await bodyWithin(request, MOST_BYTES);
  return read.kind === 'bytes' ? new URLSearchParams(new TextDecoder().decode(read.bytes)) : undefined;
}

/** What a form of this session carries: made of its secret, so that nothing is kept, and telling nothing of it. */
export const formToken = (secret: string): string => createHash('sha256').update(`form#${secret}`).digest('base64url');

export function isOurForm(form: URLSearchParams, secret: string): boolean {
  const [wanted, given] = [Buffer.from(formToken(secret)), Buffer.from(form.get('form') ?? '')];
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/**
 * Whether a browser sent it from one of our own pages. Fetch Metadata says it itself (https://www.w3.org/TR/fetch-metadata/); over plain
 * http to another machine it is not sent, and Origin (RFC 6454) has to be the address that was asked for.
 *
 * @param publicUrl as whodisk.yml has it: a reverse proxy may not pass the Host on
 */
export function isFromHere(headers: Headers, publicUrl: string | undefined): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin');
  if (origin === null || !URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === headers.get('host') || (publicUrl !== undefined && new URL(publicUrl).origin === origin);
}
