/** In which order keys are offered, and what is said when none is taken. */
import type { AuthenticationType, AuthHandlerMiddleware } from 'ssh2';
import type { Failure } from '../report.ts';
import { AgentForLogin } from './agent.ts';
import { describeIdentities, type Identities } from './identities.ts';
import { shellWord } from './shell-word.ts';

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
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
  const steps: Parameters<Parameters<AuthHandlerMiddleware>[2]>[0][] = [
    ...(agent === undefined
      ? []
      : [{ type: 'agent' as const, username: login.user, agent: new AgentForLogin(agent, isOpen) }]),
    ...files.map(({ key }) => ({ type: 'publickey' as const, username: login.user, key })),
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
      return next({ type: 'none', username: login.user });
    }
    return next(false as unknown as AuthenticationType);
  };
  return { handler, note: (message) => notes.push(message), refused: () => refusal(login, methods, notes) };
}

const MAX_KEYS_NAMED = 6;

function refusal(login: Login, methods: readonly string[] | undefined, notes: readonly string[]): Failure {
  const { host, port, user, identities } = login;
  const keys = describeIdentities(identities);
  const named = keys.slice(0, MAX_KEYS_NAMED).join(', ');
  const more = keys.length > MAX_KEYS_NAMED ? ` and ${keys.length - MAX_KEYS_NAMED} more` : '';
  const takes = methods?.filter((method) => /^[a-z0-9@.-]{1,40}$/.test(method)).slice(0, 8) ?? [];
  const said = notes.length === 0 ? '' : ` (${[...new Set(notes)].slice(0, 3).join('; ')})`;
  const where = `${user}@${host} port ${port}`;
  if (takes.length > 0 && !takes.includes('publickey')) {
    const message = `${where} takes no keys, only ${takes.join(', ')}: allow publickey in its sshd_config. whodisk logs in with keys alone.`;
    return { phase: 'auth', kind: 'auth-refused', message };
  }
  const file = identities.files[0]?.file;
  const copy = `ssh-copy-id${file === undefined ? '' : ` -i ${shellWord(file)}`}${port === 22 ? '' : ` -p ${port}`} ${shellWord(`${user}@${host}`)}`;
  const methodsSaid = takes.length === 0 ? '' : ` It takes ${takes.join(', ')}.`;
  const message = `${where} accepted none of the keys offered${said}: ${named}${more}.${methodsSaid} Give another key with --identity or user with -l, or let this one in: ${copy}`;
  return { phase: 'auth', kind: 'auth-refused', message };
}
