/** In which order keys are offered, and what is said when none is taken. */
import type { AuthenticationType, AuthHandlerMiddleware } from 'ssh2';
import type { Failure } from '../report.ts';
import { AgentForLogin } from './agent.ts';
import type { Destination } from './destination.ts';
import { describeIdentities, type Identities } from './identities.ts';
import { listed } from './listed.ts';
import { jumpList, placeWithUser } from './route-words.ts';
import { shellWord } from './shell-word.ts';

export interface Login {
  readonly destination: Destination;
  readonly identities: Identities;
}

export interface AuthAttempt {
  readonly handler: AuthHandlerMiddleware;
  /** Tells of a key that failed by itself (an agent that refuses, SHA-1); the next one is tried all the same. */
  readonly note: (message: string) => void;
  readonly refused: () => Failure;
}

/** Offers each key once, agent first. ParsedKeys go straight to ssh2, without the method 'none' and its round trip first. */
export function authAttempt(login: Login, isOpen: () => boolean): AuthAttempt {
  const { agent, files } = login.identities;
  const username = login.destination.user;
  const steps: Parameters<Parameters<AuthHandlerMiddleware>[2]>[0][] = [
    ...(agent === undefined ? [] : [{ type: 'agent' as const, username, agent: new AgentForLogin(agent, isOpen) }]),
    ...files.map(({ key }) => ({ type: 'publickey' as const, username, key })),
  ];
  const notes: string[] = [];
  let methods: readonly AuthenticationType[] | undefined;
  let asked = false;

  const handler: AuthHandlerMiddleware = (left, _partial, next) => {
    if (Array.isArray(left)) methods = left;
    const step = methods !== undefined && !methods.includes('publickey') ? undefined : steps.shift();
    if (step !== undefined) return next(step);
    // After agent keys alone ssh2 does not pass on which methods the server takes; the message is better with them.
    if (methods === undefined && !asked) {
      asked = true;
      return next({ type: 'none', username });
    }
    return next(false as unknown as AuthenticationType);
  };
  return { handler, note: (message) => notes.push(message), refused: () => refusal(login, methods, notes) };
}

const MAX_KEYS_NAMED = 6;

function refusal(login: Login, methods: readonly string[] | undefined, notes: readonly string[]): Failure {
  const { destination, identities } = login;
  const keys = listed(describeIdentities(identities), MAX_KEYS_NAMED);
  const takes = methods?.filter((method) => /^[a-z0-9@.-]{1,40}$/.test(method)).slice(0, 8) ?? [];
  const said = notes.length === 0 ? '' : ` (${[...new Set(notes)].slice(0, 3).join('; ')})`;
  const where = placeWithUser(destination);
  if (takes.length > 0 && !takes.includes('publickey')) {
    const message = `${where} takes no keys, only ${takes.join(', ')}: allow publickey in its sshd_config. whodisk logs in with keys alone.`;
    return { phase: 'auth', kind: 'auth-refused', message };
  }
  const methodsSaid = takes.length === 0 ? '' : ` It takes ${takes.join(', ')}.`;
  const mend =
    identities.areGiven === true
      ? `Add a public half of them to ~/.ssh/authorized_keys there, or name another user.`
      : `Give another key with --identity or user with -l, or let this one in: ${copyCommand(login)}`;
  const message = `${where} accepted none of the keys offered${said}: ${keys}.${methodsSaid}${notOffered(identities)} ${mend}`;
  return { phase: 'auth', kind: 'auth-refused', message };
}

function copyCommand({ destination, identities }: Login): string {
  const { user, host, port, via } = destination;
  const file = identities.files[0]?.file;
  const jump = jumpList(via);
  const options = [
    ...(file === undefined ? [] : ['-i', shellWord(file)]),
    ...(jump === undefined ? [] : ['-o', shellWord(`ProxyJump=${jump}`)]),
    ...(port === 22 ? [] : ['-p', String(port)]),
  ];
  return ['ssh-copy-id', ...options, shellWord(`${user}@${host}`)].join(' ');
}

/** Without a single key nobody need be dialled. */
export function noIdentity(identities: Identities): Failure {
  const mend =
    identities.areGiven === true
      ? ''
      : ' Give one with --identity FILE, start an agent (ssh-add), or make one (ssh-keygen -t ed25519).';
  const message = `There is no key to log in with.${notOffered(identities)}${mend}`;
  return { phase: 'auth', kind: 'no-identity', message };
}

/** Keys that could have been the right one. */
function notOffered({ problems, passedOver = [] }: Identities): string {
  return [...problems, ...passedOver]
    .slice(0, 3)
    .map((sentence) => ` ${sentence}`)
    .join('');
}
