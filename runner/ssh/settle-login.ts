/** What a host is offered to log in with and which of its keys are taken: the part of a destination that ssh_config(5) refines. Pure. */

import { type AlgorithmKind, narrowAll } from './config/algorithms.ts';
import type { Setting, SshConfigAnswer } from './config/evaluate.ts';
import { isYes, OPTION_RULES, secondsOfTime } from './config/options.ts';
import { absolutePath, type Connection, expandPath, fileTokens, type TokenValue } from './config/tokens.ts';
import type { Destination } from './destination.ts';
import { shown } from './shown.ts';
import type { InventorySettings, SettlingSweep } from './wanted-host.ts';

export type Login = Omit<Destination, 'user' | 'host' | 'port' | 'via'>;
type Problem = { readonly problem: string };

/** The defaults of ssh_config(5), for the one of the two that is not set. */
const USER_KNOWN_HOSTS = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
const GLOBAL_KNOWN_HOSTS = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

/** @param isJumpHost what the command line says of keys is meant for the hosts themselves, as in ssh */
export function settleLogin(
  inventory: InventorySettings,
  answer: Extract<SshConfigAnswer, { kind: 'settings' }>,
  connection: Connection,
  sweep: SettlingSweep,
  isJumpHost: boolean,
): Login | Problem {
  const { settings } = answer;
  const tokens = fileTokens(connection, sweep);
  const areKeysGiven = !isJumpHost && (sweep.commandLine.identities ?? []).length > 0;

  const identities = areKeysGiven ? {} : identityFiles(inventory, answer.identityFiles, tokens, sweep);
  if ('problem' in identities) return identities;
  const agent = identityAgent(settings.get('identityagent'), tokens, sweep);
  if ('problem' in agent) return agent;
  const knownHosts = knownHostsFiles(
    settings.get('userknownhostsfile'),
    settings.get('globalknownhostsfile'),
    tokens,
    sweep,
  );
  if ('problem' in knownHosts) return knownHosts;
  const algorithms = algorithmsOf(settings);
  if ('problem' in algorithms) return algorithms;

  const family = settings.get('addressfamily')?.words[0]?.toLowerCase();
  const seconds = secondsOfTime(settings.get('connecttimeout')?.words[0] ?? '') ?? 0;
  return {
    ...identities,
    ...agent,
    ...knownHosts,
    ...algorithms,
    ...(connection.hostKeyAlias !== undefined && { hostKeyAlias: connection.hostKeyAlias }),
    ...(inventory.hostKeys !== undefined && inventory.hostKeys.length > 0 && { pins: inventory.hostKeys }),
    ...((inventory.identitiesOnly ?? isYes(settings.get('identitiesonly')?.words ?? [])) && { identitiesOnly: true }),
    ...(family === 'inet' && { addressFamily: 4 as const }),
    ...(family === 'inet6' && { addressFamily: 6 as const }),
    // 0 is "no limit of its own" to ssh; a sweep always has one.
    ...(seconds > 0 && { connectTimeoutMs: seconds * 1000 }),
  };
}

/** Those of the inventory first: ssh adds up what -i and IdentityFile say. */
function identityFiles(
  { identityFiles: own }: InventorySettings,
  configured: readonly Setting[],
  tokens: TokenValue,
  sweep: SettlingSweep,
): Pick<Login, 'identityFiles'> | Problem {
  if (own === undefined && configured.length === 0) return {};
  const files = new Set<string>();
  for (const path of own ?? []) {
    // Tokens are a matter of ssh_config: in an inventory a "%" is a "%".
    const expanded = absolutePath(path, sweep);
    if ('problem' in expanded) return { problem: `The inventory's key file: ${expanded.problem}.` };
    files.add(expanded.text);
  }
  for (const { words, where } of configured) {
    const [path = ''] = words;
    if (path.toLowerCase() === 'none') continue;
    const expanded = expandPath(path, tokens, sweep);
    if ('problem' in expanded) return { problem: `${where}: IdentityFile: ${expanded.problem}.` };
    files.add(expanded.text);
  }
  return { identityFiles: [...files] };
}

function identityAgent(
  setting: Setting | undefined,
  tokens: TokenValue,
  sweep: SettlingSweep,
): Pick<Login, 'identityAgent'> | Problem {
  const [socket] = setting?.words ?? [];
  if (setting === undefined || socket === undefined || socket === 'SSH_AUTH_SOCK') return {};
  if (socket === 'none') return { identityAgent: 'none' };
  if (/^\$[^{]/.test(socket)) {
    // The older way to name a variable; unlike ${NAME} it may be unset, and then there is no agent.
    if (/^\$[A-Za-z0-9_]+$/.test(socket)) return { identityAgent: sweep.env[socket.slice(1)] ?? 'none' };
    return { problem: `${setting.where}: IdentityAgent ${shown(socket)} names no environment variable.` };
  }
  const expanded = expandPath(socket, tokens, sweep);
  if ('problem' in expanded) return { problem: `${setting.where}: IdentityAgent: ${expanded.problem}.` };
  return { identityAgent: expanded.text };
}

function knownHostsFiles(
  own: Setting | undefined,
  global: Setting | undefined,
  tokens: TokenValue,
  sweep: SettlingSweep,
): Pick<Login, 'knownHostsFiles'> | Problem {
  if (own === undefined && global === undefined) return {};
  const files: string[] = [];
  for (const path of own?.words ?? USER_KNOWN_HOSTS) {
    if (path.toLowerCase() === 'none') continue;
    const expanded = expandPath(path, tokens, sweep);
    if ('problem' in expanded) return { problem: `${own?.where ?? ''}: UserKnownHostsFile: ${expanded.problem}.` };
    files.push(expanded.text);
  }
  for (const path of global?.words ?? GLOBAL_KNOWN_HOSTS) {
    if (path.toLowerCase() === 'none') continue;
    // ssh expands "~" here and nothing else.
    const expanded = absolutePath(path, sweep);
    if ('problem' in expanded) return { problem: `${global?.where ?? ''}: GlobalKnownHostsFile: ${expanded.problem}.` };
    files.push(expanded.text);
  }
  return { knownHostsFiles: files };
}

const OPTION_OF_KIND = { kex: 'kexalgorithms', cipher: 'ciphers', mac: 'macs', hostKey: 'hostkeyalgorithms' } as const;

function algorithmsOf(
  settings: Extract<SshConfigAnswer, { kind: 'settings' }>['settings'],
): Pick<Login, 'algorithms'> | Problem {
  const list = (kind: AlgorithmKind) => settings.get(OPTION_OF_KIND[kind])?.words[0];
  const narrowed = narrowAll({ kex: list('kex'), cipher: list('cipher'), mac: list('mac'), hostKey: list('hostKey') });
  if (narrowed === undefined) return {};
  if (!('nothingLeft' in narrowed)) return { algorithms: narrowed };
  const keyword = OPTION_OF_KIND[narrowed.nothingLeft];
  const setting = settings.get(keyword);
  return {
    problem: `${setting?.where ?? ''}: ${OPTION_RULES[keyword].name} ${shown(setting?.rest ?? '')} leaves none of the algorithms that are still considered safe: add one that the host has.`,
  };
}
