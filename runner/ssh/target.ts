/** A target as a person writes it: `[user@]host[:port]`, an IPv6 literal in brackets. */
import { isIP, isIPv6 } from 'node:net';
import { shownHost, withoutSecret } from './secret-text.ts';

/** What a target says; what it leaves open is settled elsewhere. */
export interface Target {
  readonly kind: 'target';
  readonly user?: string;
  /** As it was written, case and all, without brackets: patterns of ssh_config(5) are compared with it. */
  readonly host: string;
  readonly port?: number;
}

/** Why a text is no target: one sentence that says what, where and what to do. */
export interface TargetError {
  readonly kind: 'target-error';
  readonly message: string;
}

const MAX_TARGET_CHARACTERS = 512;
const MAX_USER_CHARACTERS = 64;
/** RFC 1123 section 2.1 allows 255 octets on the wire, which is 253 characters. */
const MAX_HOST_CHARACTERS = 253;

/** Reads one target; `text` comes from a command line or a file and may hold anything. */
export function readTarget(text: string): Target | TargetError {
  const fail = (message: string): TargetError => ({ kind: 'target-error', message });
  // Their reasons repeat parts of the text.
  const failWithout = (message: string): TargetError => fail(withoutSecret(text, message));

  if (text === '') return fail('An empty target: give [user@]host[:port].');
  if (text.length > MAX_TARGET_CHARACTERS) {
    return fail(`A target of ${text.length} characters: give [user@]host[:port], ${MAX_TARGET_CHARACTERS} at most.`);
  }
  const shown = shownHost(text);
  if (/[\p{Cc}\p{Cf}]/u.test(text)) {
    return fail(`Target ${shown} holds a control character: give [user@]host[:port] in plain characters.`);
  }
  if (/\s/u.test(text)) return fail(`Target ${shown} holds a space: write one target for each argument.`);
  if (text.startsWith('-')) return fail(`Target ${shown} starts with "-": that is an option, not a host.`);
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(text)) return fail(`Target ${shown} is a URL: write [user@]host[:port] alone.`);
  if (text.startsWith('@')) return fail(`Target ${shown} has nothing before "@": give user@host, or the host alone.`);

  const at = text.lastIndexOf('@');
  const user = at < 0 ? undefined : text.slice(0, at);
  const userProblem = user === undefined ? undefined : problemOfUser(user);
  if (userProblem !== undefined) return fail(`Target ${shown}: ${userProblem}`);

  const place = splitPort(text.slice(at + 1));
  if ('problem' in place) return failWithout(`Target ${shown}: ${place.problem}`);
  const hostProblem = problemOfHost(place.host);
  if (hostProblem !== undefined) return failWithout(`Target ${shown}: ${hostProblem}`);

  const port = place.port === undefined ? undefined : Number(place.port);
  if (port !== undefined && (!/^\d{1,5}$/.test(place.port ?? '') || port < 1 || port > 65535)) {
    return failWithout(`Target ${shown}: the port ${JSON.stringify(place.port)} is not a number from 1 to 65535.`);
  }
  return {
    kind: 'target',
    ...(user !== undefined && { user }),
    host: place.host,
    ...(port !== undefined && { port }),
  };
}

/** `user@host:port`, with the brackets that an IPv6 literal needs: what two spellings of one target have in common. */
export function canonicalTarget({ user, host, port }: Required<Omit<Target, 'kind'>>): string {
  return `${user}@${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function splitPort(place: string): { host: string; port?: string } | { problem: string } {
  if (place === '') return { problem: 'there is no host after "@".' };
  if (place.startsWith('[')) {
    const close = place.indexOf(']');
    if (close < 0) return { problem: 'the "[" of an IPv6 address is never closed: write [::1] or [::1]:22.' };
    const host = place.slice(1, close);
    const rest = place.slice(close + 1);
    if (!isIPv6(host))
      return { problem: `only an IPv6 address goes in brackets, and ${JSON.stringify(host)} is none.` };
    if (rest === '') return { host };
    if (!rest.startsWith(':')) return { problem: `after "]" comes ":port" or nothing, not ${JSON.stringify(rest)}.` };
    return { host, port: rest.slice(1) };
  }
  // More than one colon and no brackets: an address if it reads as one; a port behind it could not be told apart.
  if (isIPv6(place)) return { host: place };
  const colon = place.indexOf(':');
  if (colon < 0) return { host: place };
  if (colon !== place.lastIndexOf(':')) {
    return { problem: 'it has several colons but is no IPv6 address: write [address]:port.' };
  }
  return { host: place.slice(0, colon), port: place.slice(colon + 1) };
}

function problemOfUser(user: string): string | undefined {
  if (user.length > MAX_USER_CHARACTERS) return `the user name is longer than ${MAX_USER_CHARACTERS} characters.`;
  if (user.startsWith('-')) return 'a user name does not start with "-".';
  if (/[:/\\'"`$;|&<>()[\]{}*?!#,@]/u.test(user)) {
    return 'the user name holds a character that no login name has: give user@host.';
  }
  return undefined;
}

/** Why a name or address is not dialled, a sentence. RFC 1123 section 2.1, and the underscore that many real names have. */
export function problemOfHost(host: string): string | undefined {
  if (isIP(host) !== 0) return undefined;
  if (host === '') return 'the host is empty: give [user@]host[:port].';
  if (/[[\]{}*?,]/.test(host)) {
    return 'sets and patterns of hosts are not understood: name each host by itself.';
  }
  if (host.length > MAX_HOST_CHARACTERS) return `the host name is longer than ${MAX_HOST_CHARACTERS} characters.`;
  const labels = (host.endsWith('.') ? host.slice(0, -1) : host).split('.');
  for (const label of labels) {
    if (label === '') return 'the host name has an empty part between two dots.';
    if (label.length > 63) return 'a part of the host name is longer than 63 characters.';
    if (!/^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/i.test(label)) {
      return `${JSON.stringify(label)} is no part of a host name: letters, digits, "-" and "_", no "-" at its ends.`;
    }
  }
  // The resolver would read 1.2.3 or 0x7f.1 as an address (inet_aton(3)), so that another host would be meant.
  if (/^(?:\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? '')) {
    return 'it looks like an IPv4 address but is none: give four numbers from 0 to 255.';
  }
  return undefined;
}
