/** One host as a person writes it, `[user@]host[:port]`, and each of its parts alone. */
import { isIPv6 } from 'node:net';
import { shownHost } from '../ssh/secret-text.ts';
import { readTarget } from '../ssh/target.ts';

export interface HostText {
  readonly user?: string;
  /** As it was written, or an IP literal without brackets. */
  readonly host: string;
  readonly port?: number;
}

/** What a target text says, or why it is none. */
export function readHostText(text: string): HostText | { readonly problem: string } {
  const target = readTarget(text);
  if (target.kind === 'target-error') return { problem: target.message };
  const { user, host, port } = target;
  return { ...(user !== undefined && { user }), host, ...(port !== undefined && { port }) };
}

/** The host that a bare name or IP literal, with or without brackets, stands for; undefined where it can be none. */
export function hostOf(name: string): string | undefined {
  const text = readHostText(isIPv6(name) ? `[${name}]` : name);
  return 'problem' in text || text.user !== undefined || text.port !== undefined ? undefined : text.host;
}

/** The host of a name that may hold a user or a port, such as 'root@db1' or 'db1:2222'; undefined where there is none in it. */
export function hostPartOf(name: string): string | undefined {
  const text = readHostText(name);
  return 'problem' in text ? undefined : text.host;
}

/** A port from 1 to 65535, written in digits; undefined where it is none. */
export function portOf(text: string): number | undefined {
  const port = Number(text);
  return /^[0-9]{1,5}$/u.test(text) && port >= 1 && port <= 65_535 ? port : undefined;
}

/** A login name that ssh would take in front of "@"; undefined where it is none. */
export function userOf(text: string): string | undefined {
  const read = readHostText(`${text}@host`);
  return 'problem' in read || read.user !== text ? undefined : text;
}

const MOST_NAME_CHARACTERS = 253;

/** Why a text cannot name a host of an inventory, even one whose address is given beside it; undefined where it can. */
export function problemOfHostName(name: string): string | undefined {
  if (name === '') return 'a host name is empty.';
  if (name.length > MOST_NAME_CHARACTERS) {
    return `a host name of ${name.length} characters: ${MOST_NAME_CHARACTERS} is the most.`;
  }
  if (/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(name)) {
    return `the host name ${shownHost(name)} holds a control character: write it in plain characters.`;
  }
  if (/^[-@]|^\s|\s$/u.test(name)) return `the host name ${shownHost(name)} starts or ends with "-", "@" or a blank.`;
  return undefined;
}
