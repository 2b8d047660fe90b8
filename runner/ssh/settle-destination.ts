/**
 * Where to connect for one host and how: what is written in the target goes before the command line, that before the inventory, that
 * before ssh_config(5), and last come the login name and port 22.
 *
 * ssh_config is asked by the name that a person uses, the one of the inventory. An address that the inventory gives takes the place
 * of HostName, as `ssh -o HostName=ADDRESS NAME` does; since Ansible itself would ask by the address, Host patterns may mean
 * either: the file's order decides, not which of the two was meant. An address that is a name is dialled as `ssh ADDRESS` dials it.
 *
 * Jump hosts are settled in the same way, by what is written of them, the inventory and ssh_config; the command line is for the
 * hosts themselves.
 */
import { isIP, isIPv6 } from 'node:net';
import type { Failure } from '../report.ts';
import { evaluateSshConfig, type SshConfigAnswer } from './config/evaluate.ts';
import { portOf } from './config/options.ts';
import { expandProxyCommand, problemOfProxiedHost, readJumpHost } from './config/proxy.ts';
import { type Connection, expandTokens, fileTokens } from './config/tokens.ts';
import type { Destination, Via } from './destination.ts';
import { settleLogin } from './settle-login.ts';
import { configRoute, givenRoute, type Route, type SettledRoute } from './settle-route.ts';
import { shown } from './shown.ts';
import { canonicalTarget, problemOfHost, type Target } from './target.ts';
import type { InventorySettings, SettlingSweep, WantedHost } from './wanted-host.ts';

export type Settled = { readonly destination: Destination } | { readonly failure: Failure };

/** A chain longer than this is a mistake. */
const MOST_JUMP_HOSTS = 8;

/** Settles one host. What cannot be honoured is a failure that names it and says what to do; nothing else is dialled instead. */
export function settleDestination(wanted: WantedHost, sweep: SettlingSweep): Settled {
  const { settings = {} } = wanted;
  const { commandLine } = sweep;
  const route = givenRoute(settings, commandLine.jump);
  if ('problem' in route) return failed(route.problem);
  const built = build(
    {
      name: wanted.host,
      address: settings.address,
      user: wanted.user ?? commandLine.user ?? settings.user,
      port: wanted.port ?? commandLine.port ?? settings.port,
      route,
      settings,
      isJumpHost: false,
      circle: '',
    },
    sweep,
    [],
  );
  return 'problem' in built ? failed(built.problem) : { destination: built };
}

function failed(message: string): Settled {
  return { failure: { phase: 'connect', kind: 'unsupported-setting', message } };
}

interface Node {
  readonly name: string;
  readonly address?: string | undefined;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly route: Route;
  readonly settings: InventorySettings;
  readonly isJumpHost: boolean;
  /** What to say where this turns out to be a host that is to be reached through it. */
  readonly circle: string;
}

const JUMP_HOST = 'Jump host ';

type Built = Destination | { readonly problem: string };

/** @param onward the canonical destinations that are to be reached through this one, the swept host first */
function build(node: Node, sweep: SettlingSweep, onward: readonly string[]): Built {
  const { name, address, isJumpHost } = node;
  const prefix = isJumpHost ? `${JUMP_HOST}${shown(name)}: ` : '';
  const problem = (text: string) => ({ problem: text.startsWith(JUMP_HOST) ? text : `${prefix}${text}` });
  const { commandLine } = sweep;

  const answer = evaluateSshConfig(sweep.sshConfig, {
    name,
    address,
    user: node.user,
    port: node.port,
    localUser: sweep.user,
    isRouteGiven: node.route.kind !== 'ssh-config',
    areKeysGiven: !isJumpHost && (commandLine.identities ?? []).length > 0,
    // Where keys are pinned, no other is taken whatever a file says.
    areKnownHostsGiven: commandLine.knownHosts !== undefined || (node.settings.hostKeys ?? []).length > 0,
  });
  if (answer.kind === 'refused') return problem(answer.message);
  const dialled = address === undefined ? answer : dialledFor(address, node, sweep);
  if (dialled.kind === 'refused') return problem(dialled.message);

  const host = canonicalAddress(dialled.hostName);
  const port = node.port ?? portOf(answer.settings.get('port')?.words[0] ?? '') ?? 22;
  const alias = (node.settings.hostKeyAlias ?? answer.settings.get('hostkeyalias')?.words[0])?.toLowerCase();
  const user = userOf(node, answer, { originalHost: name, host, port, hostKeyAlias: alias }, sweep);
  if (typeof user !== 'string') return problem(user.problem);
  const connection: Connection = { originalHost: name, host, port, user, hostKeyAlias: alias };

  const here = canonicalTarget({ user, host, port });
  if (onward.includes(here)) return { problem: node.circle };
  const route = node.route.kind === 'ssh-config' ? configRoute(answer, connection) : node.route;
  if ('problem' in route) return problem(route.problem);
  const via = viaOf(route, connection, sweep, [...onward, here]);
  if ('problem' in via) return problem(via.problem);
  const hostProblem = via.kind === 'command' ? problemOfProxiedHost(host) : problemOfHost(host);
  if (hostProblem !== undefined) return problem(`${shown(host)} cannot be dialled: ${hostProblem}`);

  const jumpHost = via.kind === 'jump' ? via.hop.host : undefined;
  const login = settleLogin(node.settings, answer, { ...connection, jumpHost }, sweep, isJumpHost);
  return 'problem' in login ? problem(login.problem) : { user, host, port, via, ...login };
}

type ConfigSettings = Extract<SshConfigAnswer, { kind: 'settings' }>;

/** An address of the inventory may be an alias of ssh_config. */
function dialledFor(address: string, { user, port }: Node, sweep: SettlingSweep): SshConfigAnswer {
  if (isIP(address) !== 0) return { kind: 'settings', hostName: address, settings: new Map(), identityFiles: [] };
  const query = { name: address, user, port, localUser: sweep.user, isForHostName: true };
  return evaluateSshConfig(sweep.sshConfig, query);
}

/** The address as getnameinfo(3) writes it, so that one host has one name in known_hosts. */
function canonicalAddress(host: string): string {
  if (!isIPv6(host) || /[%.]/.test(host)) return host;
  return new URL(`http://[${host}]/`).hostname.slice(1, -1);
}

function userOf(
  node: Node,
  { settings }: ConfigSettings,
  connection: Omit<Connection, 'user'>,
  sweep: SettlingSweep,
): string | { readonly problem: string } {
  const setting = settings.get('user');
  if (node.user !== undefined || setting === undefined) {
    const given = node.user ?? sweep.user;
    return LOGIN_NAME.test(given) ? given : { problem: `${shown(given)} is no login name.` };
  }
  // Tokens in User are those of OpenSSH 10; no login name of an older one holds a "%".
  const tokens = fileTokens({ ...connection, user: '' }, sweep);
  const known = (letter: string) => (letter === 'r' ? undefined : tokens(letter));
  const expanded = expandTokens(setting.words[0] ?? '', known, sweep.env);
  if ('problem' in expanded) return { problem: `${setting.where}: User: ${expanded.problem}.` };
  return LOGIN_NAME.test(expanded.text) ? expanded.text : { problem: `${setting.where}: User is no login name.` };
}

/** Wider than what a target may write: "name@domain" and "DOMAIN\\name" are login names, too. */
const LOGIN_NAME = /^[^\p{Cc}]{1,256}$/u;

/**
 * As ssh composes it: `-J a,b,c` runs `ssh -J a,b -W … c`, so that the jump hosts before the last take the place of whatever way
 * ssh_config has to it, and only the first one is reached as its own settings say.
 */
function viaOf(
  route: SettledRoute,
  connection: Connection,
  sweep: SettlingSweep,
  onward: readonly string[],
): Via | { readonly problem: string } {
  switch (route.kind) {
    case 'command': {
      if (sweep.refusesProxyCommands === true) {
        return {
          problem: `${route.origin} is honoured for whodisk sweep on the command line only: use ProxyJump, or sweep it from there.`,
        };
      }
      const command = expandProxyCommand(route.command, connection);
      return 'problem' in command
        ? { problem: `${route.origin} cannot be honoured: ${command.problem}.` }
        : { kind: 'command', command: command.text };
    }
    case 'jump': {
      const last = route.hops.at(-1);
      if (last === undefined) return { kind: 'direct' };
      if (onward.length > MOST_JUMP_HOSTS) {
        return {
          problem: `${route.origin}: the way leads through more than ${MOST_JUMP_HOSTS} jump hosts: shorten it.`,
        };
      }
      const written = readJumpHost(last);
      if ('problem' in written) return { problem: `${route.origin}: ${written.problem}` };
      const circle = `${route.origin}: the way to ${shown(connection.originalHost)} leads in a circle, by way of ${shown(written.host)}: ${route.mend}.`;
      const hop = buildJumpHost(written, { ...route, hops: route.hops.slice(0, -1) }, circle, sweep, onward);
      return 'problem' in hop ? hop : { kind: 'jump', hop };
    }
    default:
      return route satisfies never;
  }
}

/** @param before the way to it where it is not the first one */
function buildJumpHost(
  written: Target,
  before: Extract<SettledRoute, { kind: 'jump' }>,
  circle: string,
  sweep: SettlingSweep,
  onward: readonly string[],
): Built {
  const { host: name, user, port } = written;
  const { settings, problem } = sweep.inventoryOf?.(name) ?? { settings: {} };
  const route = before.hops.length === 0 ? routeToFirst(name, settings) : before;
  const failed = (text: string): Built => ({ problem: `${JUMP_HOST}${shown(name)}: ${text}` });
  if (problem !== undefined) return failed(problem);
  if ('problem' in route) return failed(route.problem);
  const node = {
    name,
    address: settings.address,
    user: user ?? settings.user,
    port: port ?? settings.port,
    route,
    settings,
    isJumpHost: true,
    circle,
  };
  return build(node, sweep, onward);
}

/** Jump hosts of a whole group are for the others in it where the first of them is in the group itself, as with Ansible. */
function routeToFirst(name: string, settings: InventorySettings): ReturnType<typeof givenRoute> {
  const route = givenRoute(settings, undefined);
  if ('problem' in route || route.kind !== 'jump') return route;
  const isItself = (hop: string): boolean => {
    const read = readJumpHost(hop);
    return !('problem' in read) && read.host.toLowerCase() === name.toLowerCase();
  };
  return route.hops.some(isItself) ? { kind: 'ssh-config' } : route;
}
