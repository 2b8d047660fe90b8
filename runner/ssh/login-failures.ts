/** How a log-in failed, in the report's words: what, where, what to do; and whether trying again may help. Pure. */
import type { Failure } from '../report.ts';
import { describeMismatch, type Offer, parseServerOffer } from './algorithms.ts';
import { saysLockedOut, saysTooManyStartups } from './banner.ts';
import { type Again, failureOfSocketError, secondsOf } from './dial-tcp.ts';
import { jumpLostWords } from './forward-failures.ts';
import type { WireEnding } from './wire.ts';

export type Stage = 'greeting' | 'key-exchange' | 'authentication';

/** How far a log-in has come. */
export interface Progress {
  /** The host and port, for messages. */
  readonly place: string;
  readonly stage: Stage;
  /** All that came before encryption began. */
  readonly clear: Buffer;
  /** The part of it behind the identification line. */
  readonly offer: Buffer;
  /** What we offered. */
  readonly offered: Offer;
  readonly limitMs: number;
  /** What the carrier knows of its end. */
  readonly ending: WireEnding | undefined;
}

export interface LoginFailure {
  readonly failure: Failure;
  readonly again: Again;
}

/** ssh2 adds `level`; `code` is a string from the system, a number from SSH_MSG_DISCONNECT (RFC 4253 section 11.1). */
export interface ClientError extends Error {
  level?: string;
  code?: string | number;
}

/** An error that ssh2 emitted and that is neither about the host's key nor about ours. */
export function failureOfError(progress: Progress, error: ClientError): LoginFailure {
  const { place, stage } = progress;
  const said = error.message.slice(0, 200);
  if (error.level === 'client-socket') {
    const socketFailure = failureOfSocketError(error as NodeJS.ErrnoException, place);
    return socketFailure.failure.kind === 'reset' ? failureOfCut(progress) : socketFailure;
  }
  if (/Connection lost before handshake/.test(error.message)) return failureOfCut(progress);
  if (typeof error.code === 'number') {
    const message = `${place} hung up in the key exchange: ${said}. Look at its sshd log.`;
    return never('connect', 'reset', message);
  }
  if (/no matching/i.test(error.message)) return mismatch(progress);
  const phase = /signature/i.test(error.message) ? 'hostkey' : stage === 'authentication' ? 'auth' : 'connect';
  const message = `${place} broke the SSH protocol (${said}): check what listens there, and its sshd log.`;
  return never(phase, 'protocol-error', message);
}

/** The connection ended before anything else explained it. */
export function failureOfCut(progress: Progress): LoginFailure {
  const { place, stage, clear, ending } = progress;
  if (ending?.kind === 'jump-lost') return failureOfJump(progress, ending);
  if (ending?.kind === 'command-ended' && stage === 'greeting') return failureOfCommand(progress, ending);
  switch (stage) {
    case 'greeting': {
      if (saysLockedOut(clear)) {
        const message = `${place} refuses this machine for a while (PerSourcePenalties): too many log-ins failed. Wait some minutes, and mend the keys first.`;
        return never('connect', 'reset', message);
      }
      const full = saysTooManyStartups(clear);
      if (clear.length > 0 && !full) return notSsh({ place }, 'something that hung up without an SSH greeting');
      const message = full
        ? `${place} is full: more log-ins are under way than its MaxStartups allows. Raise it in sshd_config, or try again.`
        : `${place} hung up before its SSH greeting: it is overloaded (MaxStartups), or it bars this machine (fail2ban, hosts.deny).`;
      return { failure: { phase: 'connect', kind: 'reset', message }, again: 'later' };
    }
    case 'key-exchange': {
      const message = `The connection to ${place} was cut in the key exchange: a firewall, or a server that is overloaded.`;
      return { failure: { phase: 'connect', kind: 'reset', message }, again: 'once' };
    }
    case 'authentication': {
      const message = `${place} cut the connection during the log-in: look at its sshd log (journalctl -u ssh).`;
      return never('auth', 'reset', message);
    }
  }
}

function failureOfJump(
  { place, stage }: Progress,
  { jump, how }: Extract<WireEnding, { kind: 'jump-lost' }>,
): LoginFailure {
  const message = `The log-in to ${place} was cut: ${jumpLostWords(jump, how)}`;
  const isLoggingIn = stage === 'authentication';
  const failure = { phase: isLoggingIn ? 'auth' : 'connect', kind: 'jump-failed', message } as const;
  return { failure, again: isLoggingIn ? 'never' : 'once' };
}

/** What ssh(1), nc and others say when the far side hung up before anybody logged in anywhere: a server that is full. */
const MAY_BE_FULL = /kex_exchange_identification|banner exchange|Connection (?:closed|reset) by/i;
/**
 * Where somebody on the way refused a log-in, ssh(1) says so, and behind that what is said of a full server, too: of all that is kept,
 * not only of what is shown. Coming again would be a failed log-in for each host, each time.
 */
const REFUSED_ON_THE_WAY =
  /permission denied|too many authentication failures|host key verification failed|no matching/i;

function failureOfCommand(
  { place, clear }: Progress,
  { how, said, stderr }: Extract<WireEnding, { kind: 'command-ended' }>,
): LoginFailure {
  const words = said === '' ? '' : `, and said: ${said}`;
  const before = clear.length === 0 ? 'before the host answered' : 'before the host greeted as an SSH server';
  const message = `On the way to ${place}: the command ${how} ${before}${words}. Try it by hand; it is ProxyCommand in the ssh configuration or the inventory.`;
  return {
    failure: { phase: 'connect', kind: 'proxy-command-failed', message },
    again: MAY_BE_FULL.test(stderr) && !REFUSED_ON_THE_WAY.test(stderr) ? 'later' : 'never',
  };
}

/** The limit of the log-in as a whole passed. */
export function failureOfTimeout(progress: Progress): LoginFailure {
  const { place, stage, clear, limitMs, ending } = progress;
  if (ending?.kind === 'jump-lost') return failureOfJump(progress, ending);
  const limit = secondsOf(limitMs);
  switch (stage) {
    case 'greeting': {
      const got = clear.length === 0 ? 'sent nothing' : 'sent no SSH greeting';
      const message = `${place} took the connection but ${got} within ${limit}: another service, or a host too busy to start sshd.`;
      return never('connect', 'handshake-timeout', message);
    }
    case 'key-exchange': {
      const message = `${place} greeted as an SSH server, then stalled in the key exchange for ${limit}: the host may hang.`;
      return never('connect', 'handshake-timeout', message);
    }
    case 'authentication': {
      const message = `${place} proved its key, then did not answer the log-in within ${limit}: its disk or its name service may hang.`;
      return never('auth', 'handshake-timeout', message);
    }
  }
}

/** More came than any log-in needs. */
export function failureOfFlood({ place, stage }: Progress, limitBytes: number): LoginFailure {
  const message = `${place} sent more than ${limitBytes} bytes before the log-in was done: it floods, and was cut off.`;
  return never(stage === 'authentication' ? 'auth' : 'connect', 'output-cap', message);
}

/** @param what what answers there instead, as the object of a sentence */
export function notSsh({ place }: Pick<Progress, 'place'>, what: string): LoginFailure {
  const message = `On ${place} answers ${what}, not an SSH server: give sshd's port, as host:port.`;
  return never('connect', 'not-ssh', message);
}

/** A fault of ours, or of ssh2. */
export function internal({ place }: Progress, error: unknown, phase: Failure['phase']): LoginFailure {
  const detail = error instanceof Error ? error.message : String(error);
  return never(phase, 'internal', `whodisk could not log in to ${place}: ${detail}`);
}

function mismatch({ place, offer, offered }: Progress): LoginFailure {
  const theirs = parseServerOffer(offer);
  const detail = theirs === undefined ? 'its offer could not be read' : describeMismatch(theirs, offered);
  const message = `${place} shares no safe algorithm with whodisk; ${detail}. Bring its sshd up to date; nothing weaker is tried.`;
  return never('connect', 'no-common-algorithm', message);
}

function never(phase: Failure['phase'], kind: Failure['kind'], message: string): LoginFailure {
  return { failure: { phase, kind, message }, again: 'never' };
}
