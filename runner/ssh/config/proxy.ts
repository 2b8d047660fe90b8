/** ProxyJump and ProxyCommand of ssh_config(5): their texts, with the tokens of the host that is to be reached. Pure. */
import { isIPv6 } from 'node:net';
import { shown } from '../shown.ts';
import { readTarget, type Target } from '../target.ts';
import { type Connection, type Expanded, expandTokens, proxyTokens } from './tokens.ts';

/** One jump host as `[user@]host[:port]` or `ssh://…` names it (parse_jump and parse_ssh_uri of readconf.c). */
export function readJumpHost(text: string): Target | { readonly problem: string } {
  const uri = /^ssh:\/\/(.*)$/s.exec(text)?.[1]?.replace(/\/$/, '');
  const at = uri?.lastIndexOf('@') ?? -1;
  // Of a URI the user alone is encoded, and may carry parameters that ssh passes over.
  const written = uri === undefined || at < 0 ? (uri ?? text) : `${decodeUser(uri.slice(0, at))}${uri.slice(at)}`;
  const read = readTarget(written);
  return read.kind === 'target-error'
    ? { problem: `the jump host ${shown(text)} cannot be read. ${read.message}` }
    : read;
}

function decodeUser(text: string): string {
  const user = text.replace(/;.*$/s, '');
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** The jump hosts of `-J` or ProxyJump in the order in which they are passed; empty where it says "none". */
export function splitJumpHosts(text: string): string[] {
  return text.toLowerCase() === 'none' ? [] : text.split(',').map((hop) => hop.trim());
}

/** What ProxyJump says, for the host that is to be reached. */
export function expandJumpHosts(
  text: string,
  connection: Connection,
): readonly string[] | { readonly problem: string } {
  const hops: string[] = [];
  for (const hop of splitJumpHosts(text)) {
    const expanded = expandTokens(hop, proxyTokens(connection));
    if ('problem' in expanded) return expanded;
    hops.push(expanded.text);
  }
  return hops;
}

/**
 * The command line for /bin/sh. ssh quotes nothing that it puts in, but since 9.6 it refuses names that a shell would read
 * (valid_hostname and valid_ruser of ssh.c); here that is so wherever the names come from.
 */
export function expandProxyCommand(command: string, connection: Connection): Expanded {
  if (command === '-') return { problem: '"-" would take the connection from standard input, which a sweep cannot' };
  const tokens = proxyTokens(connection);
  let problem: string | undefined;
  const expanded = expandTokens(command, (letter) => {
    const value = tokens(letter);
    const isSafe = letter === 'r' ? isSafeUser : isSafeHost;
    if (value !== undefined && !isSafe(value)) {
      problem ??= `${shown(value)} holds characters that a shell would read, and stands for %${letter} in it`;
    }
    return value;
  });
  return problem === undefined ? expanded : { problem };
}

/** Why a host cannot be handed to a ProxyCommand; what it makes of the name is its own affair. */
export function problemOfProxiedHost(host: string): string | undefined {
  if (host === '' || host.length > 1024) return 'the host name is empty or too long.';
  return isSafeHost(host) || isIPv6(host) ? undefined : 'the host name holds characters that a shell would read.';
}

function isSafeHost(host: string): boolean {
  return !/^-|['"`$\\;&<>|(){}\s\p{Cc}]/u.test(host);
}

function isSafeUser(user: string): boolean {
  return !/^-|['"`;&<>|(){}\p{Cc}]|\s-|\\$/u.test(user);
}
