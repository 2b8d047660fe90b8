/** `~`, `%h` and `${NAME}` in the values of ssh_config(5), "TOKENS" and "ENVIRONMENT VARIABLES". Pure. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { shown } from '../shown.ts';

/** Who runs whodisk, and where: arguments, so that nothing here reads the environment. */
export interface LocalFacts {
  readonly user: string;
  readonly homeDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** User id, for %i; absent where there is none. */
  readonly uid?: number;
  /** gethostname(2), for %l, %L and %C; absent: a value that needs it cannot be honoured. */
  readonly hostName?: string;
}

/** What the tokens stand for on one connection. */
export interface Connection {
  /** %n: as it was given. */
  readonly originalHost: string;
  /** %h: what is dialled. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias?: string | undefined;
  /** %j: the last jump host, where there is one. */
  readonly jumpHost?: string | undefined;
}

export type Expanded = { readonly text: string } | { readonly problem: string };

/** What stands behind a "%"; undefined where ssh would not know it, or we do not. */
export type TokenValue = (letter: string) => string | undefined;

/** HostName accepts %h only: the name that it replaces. */
export function hostNameTokens(name: string): TokenValue {
  return (letter) => (letter === 'h' ? name : undefined);
}

/** What ProxyCommand and ProxyJump accept. */
export function proxyTokens({ host, originalHost, port, user }: Connection): TokenValue {
  const values: Record<string, string> = { h: host, n: originalHost, p: String(port), r: user };
  return (letter) => values[letter];
}

/** What file names accept (DEFAULT_CLIENT_PERCENT_EXPAND_ARGS of sshconnect.h). */
export function fileTokens(connection: Connection, local: LocalFacts): TokenValue {
  const { host, originalHost, port, user, hostKeyAlias, jumpHost = '' } = connection;
  const values: Record<string, string | undefined> = {
    d: local.homeDirectory,
    h: host,
    i: local.uid?.toString(),
    j: jumpHost,
    k: hostKeyAlias ?? originalHost,
    L: local.hostName?.split('.')[0],
    l: local.hostName,
    n: originalHost,
    p: String(port),
    r: user,
    u: local.user,
  };
  return (letter) => {
    if (letter !== 'C' || local.hostName === undefined) return values[letter];
    return createHash('sha1').update(`${local.hostName}${host}${port}${user}${jumpHost}`).digest('hex');
  };
}

/**
 * Replaces tokens and, where `env` is given, `${NAME}`. As in ssh a name without a value is no empty text but a reason to stop. A
 * problem is half a sentence.
 */
export function expandTokens(text: string, tokens: TokenValue, env?: LocalFacts['env']): Expanded {
  let problem: string | undefined;
  const expanded = text.replace(/%(.?)|\$\{([^}]*)(\}?)/gs, (all, letter?: string, name?: string, close?: string) => {
    if (name !== undefined) {
      if (env === undefined) return all;
      const value = close === '' || name === '' ? undefined : env[name];
      if (value === undefined) problem ??= `the environment variable ${shown(name)} is not set`;
      return value ?? '';
    }
    if (letter === '%') return '%';
    const value = letter === undefined || letter === '' ? undefined : tokens(letter);
    if (value === undefined) problem ??= `${shown(`%${letter ?? ''}`)} cannot be expanded in ${shown(text)}`;
    return value ?? '';
  });
  return problem === undefined ? { text: expanded } : { problem };
}

/** An absolute path from one with tokens; `~` comes first, as in ssh. */
export function expandPath(text: string, tokens: TokenValue, local: LocalFacts): Expanded {
  const home = expandHome(text, local);
  const expanded = 'problem' in home ? home : expandTokens(home.text, tokens, local.env);
  return 'problem' in expanded ? expanded : { text: resolve(expanded.text) };
}

/** An absolute path from one in which only `~` is special. */
export function absolutePath(text: string, local: LocalFacts): Expanded {
  const home = expandHome(text, local);
  return 'problem' in home ? home : { text: resolve(home.text) };
}

/** `~`, `~/…` and `~name` of whoever runs whodisk: no other home is known. */
function expandHome(text: string, { homeDirectory, user }: LocalFacts): Expanded {
  if (!text.startsWith('~')) return { text };
  const [name, ...rest] = text.slice(1).split('/');
  if (name !== '' && name !== user)
    return { problem: `${shown(text)} names another user's home: write the path from "/" on` };
  return { text: join(homeDirectory, ...rest) };
}
