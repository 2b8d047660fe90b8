/** What --listen takes: ADDR:PORT, an IPv6 address in brackets. */
import { isIPv4, isIPv6 } from 'node:net';
import { isLoopbackLiteral } from '../loopback.ts';
import type { ListenAddress } from './commands.ts';

const MOST_PORT = 65_535;

export const DEFAULT_LISTEN: ListenAddress = { host: '127.0.0.1', port: 8470 };

/** @returns one sentence where the text is none */
export function parseListenAddress(text: string): ListenAddress | { readonly problem: string } {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):([0-9]{1,5})$/u.exec(text);
  if (match === null) {
    if (/^[0-9]{1,5}$/u.test(text) && Number(text) <= MOST_PORT) {
      return { problem: `Give the address too: 127.0.0.1:${text}.` };
    }
    if (isIPv6(text)) return { problem: `Write an IPv6 address in brackets, and a port behind it: [${text}]:8470.` };
    return { problem: `Give an address and a port, such as 127.0.0.1:8470 or [::1]:8470.` };
  }
  const [, bracketed, plain, digits] = match;
  const port = Number(digits);
  if (port > MOST_PORT) return { problem: 'A port is a number from 0 to 65535; 0 takes any that is free.' };
  const host = bracketed ?? plain ?? '';
  if (host === '')
    return { problem: `Give the address too: 127.0.0.1:${port}, or 0.0.0.0:${port} for every one of this machine.` };
  const isGood = bracketed === undefined ? isIPv4(host) || host === 'localhost' : isIPv6(host);
  if (isGood) return { host, port };
  if (bracketed !== undefined) return { problem: 'In brackets stands an IPv6 address, such as [::1]:8470.' };
  return { problem: `Give an IP address of this machine, not a name: 127.0.0.1:${port}, [::1]:${port}.` };
}

/** Whether nobody but this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || isLoopbackLiteral(host);
}
