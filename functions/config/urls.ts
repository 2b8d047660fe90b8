/** Which URLs whodisk.yml may name: https, and http only where nothing leaves this machine. */
import { isLoopbackLiteral } from '../loopback.ts';

/** scheme://host[:port], nothing behind it. */
export function isOrigin(text: string): boolean {
  const url = safeUrl(text, isLoopbackLiteral);
  return url !== undefined && /^https?:\/\/[^/?#\\]+\/?$/iu.test(text);
}

/** Where JSON is sent; what the path and the query say is the receiver's. */
export function isTellUrl(text: string): boolean {
  return safeUrl(text, isLoopbackLiteral) !== undefined;
}

/** Only shown to people, so a name of this machine is fine. */
export function isPublicUrl(text: string): boolean {
  const url = safeUrl(text, (host) => isLoopbackLiteral(host) || host === 'localhost');
  return url !== undefined && url.search === '' && url.hash === '';
}

function safeUrl(text: string, isHere: (host: string) => boolean): URL | undefined {
  if (text.length > 2048 || /[\p{Cc}\p{Cf}\s]/u.test(text) || !/^https?:\/\//iu.test(text) || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || isHere(url.hostname) ? url : undefined;
}
