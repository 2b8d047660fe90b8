/** What a jump host says when it does not connect onwards, in the report's words. Pure. */
import type { Failure } from '../report.ts';
import { type Again, secondsOf } from './dial-tcp.ts';
import type { JumpLoss } from './wire.ts';

export interface ForwardFailure {
  readonly failure: Failure;
  readonly again: Again;
}

/** Between which two the connection was to be opened. */
export interface ForwardPlace {
  /** The host behind and its port. */
  readonly target: string;
  /** The jump host as messages name it: 'root@bastion port 22'. */
  readonly jump: string;
}

/** Reason codes of SSH_MSG_CHANNEL_OPEN_FAILURE, RFC 4254 section 5.1. */
const ADMINISTRATIVELY_PROHIBITED = 1;
const CONNECT_FAILED = 2;
const RESOURCE_SHORTAGE = 4;

/**
 * @param reason the code of the refusal; undefined where the channel was closed without one
 * @param said the jump host's own words, which may be anything
 */
export function failureOfForward({ target, jump }: ForwardPlace, reason: unknown, said: string): ForwardFailure {
  const words = said.replace(/\s+/g, ' ').trim().slice(0, 200);
  const quoted = words === '' ? '' : ` (${words})`;
  const prohibited = (why: string): ForwardFailure =>
    never('jump-failed', `The jump host ${jump} opens no connection to ${target}${quoted}: ${why}`);
  if (reason === ADMINISTRATIVELY_PROHIBITED) {
    return prohibited(
      'allow it with AllowTcpForwarding and PermitOpen in its sshd_config, and look for "restrict" in its authorized_keys.',
    );
  }
  if (reason === RESOURCE_SHORTAGE) return prohibited('it has no resources left; look at its load and its sshd log.');
  if (reason !== CONNECT_FAILED) {
    return prohibited('it does not forward connections; take another jump host, or look at its sshd log.');
  }
  const from = `${target} through the jump host ${jump}`;
  if (/refused/i.test(words)) {
    return never('refused', `Nothing listens on ${from}${quoted}: start sshd there, or give its port.`);
  }
  if (/timed?[ -]?out/i.test(words)) {
    return never(
      'connect-timeout',
      `No answer from ${from}${quoted}: the host is down, or a firewall between the two drops the packets.`,
    );
  }
  if (/not known|name resolution|nodename|no address|resolv|unknown host|no such host/i.test(words)) {
    return never(
      'name-not-found',
      `The jump host ${jump} finds no address for ${target}${quoted}: check the spelling.`,
    );
  }
  return never(
    'unreachable',
    `No way to ${from}${quoted}: check the address, and the jump host's routes and firewall.`,
  );
}

/** The jump host did not say within `limitMs` whether it could connect. */
export function forwardTimeout({ target, jump }: ForwardPlace, limitMs: number): ForwardFailure {
  return never(
    'connect-timeout',
    `No answer from ${target} through the jump host ${jump} within ${secondsOf(limitMs)}: the host is down, or a firewall between the two drops the packets.`,
  );
}

/** The connection to the jump host went before the one behind it was opened. */
export function jumpLost(jump: string, how: JumpLoss): ForwardFailure {
  return { failure: { phase: 'connect', kind: 'jump-failed', message: jumpLostWords(jump, how) }, again: 'once' };
}

/** Whole sentences. @param jump its place, as messages name it */
export function jumpLostWords(jump: string, how: JumpLoss): string {
  switch (how) {
    case 'broke':
      return `The connection to the jump host ${jump} broke: look at its sshd log (journalctl -u ssh) and its load.`;
    case 'fell-silent':
      return `The jump host ${jump} fell silent: it is frozen, or the network to it is gone. Look at its console.`;
    default:
      return how satisfies never;
  }
}

/** What becomes of the hosts behind a jump host that let us not in. Its own message says what to mend; several hops are named once. */
export function jumpFailed(jump: string, own: Failure): ForwardFailure {
  if (own.kind === 'interrupted') return { failure: own, again: 'never' };
  if (own.kind === 'jump-failed') return { failure: own, again: 'never' };
  return {
    failure: { phase: own.phase, kind: 'jump-failed', message: `The jump host ${jump} failed: ${own.message}` },
    again: 'never',
  };
}

function never(kind: Failure['kind'], message: string): ForwardFailure {
  return { failure: { phase: 'connect', kind, message }, again: 'never' };
}
