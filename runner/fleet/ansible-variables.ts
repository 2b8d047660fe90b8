/** What Ansible's connection variables say about reaching one host ("Connecting to hosts: behavioral inventory parameters"). */
import { hostOf, readHostText } from './host-text.ts';
import type { HostSettings } from './inventory.ts';
import { routeOf } from './layer-settings.ts';
import { readSshArguments, type SshArguments } from './ssh-arguments.ts';

/** A value as the file has it. 'unreadable' says in words what stands there instead, such as 'encrypted with Ansible Vault'. */
export type VariableValue = string | number | boolean | null | { readonly unreadable: string };

/** A variable and where it was set: 'hosts.ini line 4'. */
export interface AnsibleVariable {
  readonly value: VariableValue;
  readonly where: string;
}

/** By name; only those of `isUsedVariable` are ever kept, so that no password is. */
export type AnsibleVariables = ReadonlyMap<string, AnsibleVariable>;

const ADDRESS = ['ansible_host', 'ansible_ssh_host'] as const;
const PORT = ['ansible_port', 'ansible_ssh_port'] as const;
const USER = ['ansible_user', 'ansible_ssh_user'] as const;
const KEY_FILE = ['ansible_private_key_file', 'ansible_ssh_private_key_file'] as const;
/** In the order in which they stand on ssh's command line; what the other variables say comes after the first. */
const FIRST_ARGUMENTS = 'ansible_ssh_args';
const LAST_ARGUMENTS = ['ansible_ssh_common_args', 'ansible_ssh_extra_args'] as const;
const CONNECTION = 'ansible_connection';
/** Not about a host but about which of its groups wins. */
export const GROUP_PRIORITY = 'ansible_group_priority';

const USED: ReadonlySet<string> = new Set([
  ...ADDRESS,
  ...PORT,
  ...USER,
  ...KEY_FILE,
  FIRST_ARGUMENTS,
  ...LAST_ARGUMENTS,
  CONNECTION,
  GROUP_PRIORITY,
]);
/** Connection plugins that are SSH, by their short name. */
const SSH_PLUGINS: readonly string[] = ['ssh', 'smart', 'paramiko', 'paramiko_ssh'];

export function isUsedVariable(name: string): boolean {
  return USED.has(name);
}

/** `problem`: why the host cannot be reached as its variables demand; one sentence that holds no value. */
export interface HostDemand {
  readonly settings: HostSettings;
  readonly problem?: string;
}

/** Settles what the variables of one host demand, its groups' variables already among them. */
export function demandOf(variables: AnsibleVariables): HostDemand {
  const problems: string[] = [];
  /** The text of the first variable that is set; two names for one thing must agree. */
  const textOf = (...names: readonly string[]): string | undefined => {
    let found: string | undefined;
    for (const name of names) {
      const variable = variables.get(name);
      if (variable === undefined || variable.value === null) continue;
      const text = plainText(variable.value);
      if (typeof text !== 'string') {
        problems.push(`${name} is ${text.unreadable} (${variable.where})`);
      } else if (found !== undefined && found !== text) {
        problems.push(`${names.join(' and ')} disagree (${variable.where})`);
      } else {
        found = text;
      }
    }
    return found;
  };
  const whereOf = (names: readonly string[]): string =>
    names.map((name) => variables.get(name)?.where).find((where) => where !== undefined) ?? 'inventory';
  const read = <Value>(names: readonly string[], wanted: string, parse: (text: string) => Value | undefined) => {
    const text = textOf(...names);
    const value = text === undefined ? undefined : parse(text);
    if (text !== undefined && value === undefined) problems.push(`${names[0]} is no ${wanted} (${whereOf(names)})`);
    return value;
  };
  const argumentsOf = (name: string): SshArguments => {
    const text = textOf(name);
    const said = text === undefined ? {} : readSshArguments(text);
    if (said.problem !== undefined) problems.push(`${name}: ${said.problem} (${whereOf([name])})`);
    return said;
  };

  const plugin = textOf(CONNECTION)?.replace(/^ansible\.(?:builtin|legacy)\./u, '');
  if (plugin !== undefined && !SSH_PLUGINS.includes(plugin)) {
    problems.push(`${CONNECTION} is not SSH (${whereOf([CONNECTION])}), and whodisk reaches hosts over SSH only`);
  }
  const [first = {}, ...last] = [FIRST_ARGUMENTS, ...LAST_ARGUMENTS].map(argumentsOf);
  const address = read(ADDRESS, 'host name or IP address', hostOf);
  const port = read(PORT, 'port from 1 to 65535', portOf);
  // Ansible takes an empty user for none.
  const user = read(USER, 'login name', (text) => (text === '' ? null : userOf(text))) ?? undefined;
  const keyFile = textOf(...KEY_FILE);
  const settings = firstOfEach([
    first,
    {
      ...(port !== undefined && { port }),
      ...(user !== undefined && { user }),
      ...(keyFile !== undefined && keyFile !== '' && { identityFiles: [keyFile] }),
    },
    ...last,
    // The destination on ssh's command line, which -o HostName= overrules wherever it stands.
    { ...(address !== undefined && { address }) },
  ]);
  if (problems.length === 0) return { settings };
  return { settings, problem: `${problems.join('; ')}.` };
}

/** ssh takes the first value of each option, and all identity files in order (ssh_config(5)). */
function firstOfEach(said: readonly SshArguments[]): HostSettings {
  const find = <Key extends keyof SshArguments>(key: Key): SshArguments[Key] | undefined =>
    said.find((one) => one[key] !== undefined)?.[key];
  const [address, user, port, identitiesOnly] = [find('address'), find('user'), find('port'), find('identitiesOnly')];
  const identityFiles = [...new Set(said.flatMap((one) => one.identityFiles ?? []))];
  return {
    ...(address !== undefined && { address }),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
    ...(identityFiles.length > 0 && { identityFiles }),
    ...(identitiesOnly !== undefined && { identitiesOnly }),
    ...said.map(routeOf).find((route) => route !== undefined),
  };
}

function plainText(value: VariableValue): string | { unreadable: string } {
  if (typeof value === 'object' && value !== null) return value;
  if (typeof value === 'boolean' || value === null) return { unreadable: 'a truth value, no text' };
  const text = String(value);
  if (/\{\{|\{%/u.test(text)) {
    return { unreadable: 'a template, and whodisk does not evaluate Jinja: write the value itself' };
  }
  if (/[\p{Cc}\p{Cf}]/u.test(text)) return { unreadable: 'a text with control characters' };
  return text;
}

/** A port from 1 to 65535, written in digits. */
export function portOf(text: string): number | undefined {
  const port = Number(text);
  return /^[0-9]{1,5}$/u.test(text) && port >= 1 && port <= 65_535 ? port : undefined;
}

/** A login name that ssh would take in front of "@". */
export function userOf(text: string): string | undefined {
  const read = readHostText(`${text}@host`);
  return 'problem' in read || read.user !== text ? undefined : text;
}
