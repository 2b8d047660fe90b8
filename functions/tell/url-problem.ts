/** Whether a URL may be sent to, before any name in it is looked up. */
import { isIP } from 'node:net';
import { isInwardAddress } from '../../runner/inward-address.ts';
import { isLoopbackLiteral } from '../loopback.ts';

/**
 * A sentence that holds no part of the URL but its host, which may be a secret otherwise; undefined where nothing is wrong.
 *
 * @param isConfigured whether the configuration file itself names its scheme, host and port
 */
export function urlProblem(text: string, isConfigured: boolean): string | undefined {
  if (text.length > MOST_CHARACTERS || !URL.canParse(text)) return 'What should be a URL is none.';
  const url = new URL(text);
  // WHATWG URL writes 127.1 and 0x7f000001 as 127.0.0.1, and every IPv6 address in one way.
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'A URL to tell is https.';
  if (url.username !== '' || url.password !== '') return `The URL at ${url.host} has a user in it: leave that out.`;
  if (isIP(host) !== 0 && isInwardAddress(host) && !isConfigured) {
    return `${host} is an address of this machine or its own link: nothing is sent there.`;
  }
  if (url.protocol === 'http:' && !(isConfigured && isLoopbackLiteral(host))) {
    return `The URL at ${url.host} is not https: what is told would travel readably.`;
  }
  return undefined;
}

const MOST_CHARACTERS = 4096;
