/** One host as a person writes it, `[user@]host[:port]`, told apart into what was written and what was left open. */
import { isIPv6 } from 'node:net';
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

const MOST_NAME_CHARACTERS = 253;

/** Why a text cannot name a host of an inventory, even one whose address is given beside it; undefined where it can. */
export function problemOfHostName(name: string): string | undefined {
  if (name === '') return 'a host name is empty.';
  if (name.length > MOST_NAME_CHARACTERS) {
    return `a host name of ${name.length} characters: ${MOST_NAME_CHARACTERS} is the most.`;
  }
  if (/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(name)) {
    return `the host name ${JSON.stringify(name)} holds a control character: write it in plain characters.`;
  }
  if (/^[-@]|^\s|\s$/u.test(name))
    return `the host name ${JSON.stringify(name)} starts or ends with "-", "@" or a blank.`;
  return undefined;
}
