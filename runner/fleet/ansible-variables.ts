/**
 * What Ansible's connection variables say about reaching one host ("Connecting to hosts: behavioral inventory parameters", and the variables of
 * the connection plugins ansible.builtin.ssh and ansible.builtin.paramiko_ssh). Those that are not named here change neither where nor how the
 * connection is made (sftp, scp, tty, retries, time limits), are passwords, or would loosen the check of host keys, which is always strict.
 */
import { hostOf, portOf, userOf } from './host-text.ts';
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

const ADDRESS = ['ansible_host', 'ansible_ssh_host', 'ansible_paramiko_host'] as const;
const PORT = ['ansible_port', 'ansible_ssh_port', 'ansible_paramiko_port'] as const;
const USER = ['ansible_user', 'ansible_ssh_user', 'ansible_paramiko_user'] as const;
const KEY_FILE = [
  'ansible_private_key_file',
  'ansible_ssh_private_key_file',
  'ansible_paramiko_private_key_file',
] as const;
const PARAMIKO_PROXY = 'ansible_paramiko_proxy_command';
/** They choose the key: its text, or the library of a smart card. */
const OTHER_KEYS = ['ansible_private_key', 'ansible_ssh_private_key', 'ansible_ssh_pkcs11_provider'] as const;
/** Often a wrapper, for hosts that are not reached by ssh alone. */
const EXECUTABLE = 'ansible_ssh_executable';
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
  PARAMIKO_PROXY,
  ...OTHER_KEYS,
  EXECUTABLE,
  CONNECTION,
  GROUP_PRIORITY,
]);
/** Connection plugins that are SSH, by their short name. */
const SSH_PLUGINS: readonly string[] = ['ssh', 'smart', 'paramiko', 'paramiko_ssh'];

/** Whether a variable says anything of how a host is reached. */
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
  const plugin = shortPluginName(variables);
  // Where no plugin is named it may be ansible.cfg that names paramiko: then what is said to paramiko counts as well.
  const isUnread = (name: string): boolean => plugin === 'ssh' && name.startsWith('ansible_paramiko_');
  const namesOf = (names: readonly string[]): readonly string[] =>
    names.filter((name) => variables.has(name) && !isUnread(name));
  /** The text of the first variable that is set; two names for one thing must agree. */
  const textOf = (...names: readonly string[]): string | undefined => {
    let found: string | undefined;
    for (const name of namesOf(names)) {
      const variable = variables.get(name);
      if (variable === undefined || variable.value === null) continue;
      const text = plainText(variable.value);
      if (typeof text !== 'string') {
        problems.push(`${name} is ${text.unreadable} (${variable.where})`);
      } else if (found !== undefined && found !== text) {
        problems.push(`${namesOf(names).join(' and ')} disagree (${variable.where})`);
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
    if (text !== undefined && value === undefined)
      problems.push(`${namesOf(names)[0]} is no ${wanted} (${whereOf(names)})`);
    return value;
  };
  const argumentsOf = (name: string): SshArguments => {
    const text = textOf(name);
    const said = text === undefined ? {} : readSshArguments(text);
    if (said.problem !== undefined) problems.push(`${name}: ${said.problem} (${whereOf([name])})`);
    return said;
  };

  if (textOf(CONNECTION) !== undefined && !SSH_PLUGINS.includes(plugin ?? '')) {
    problems.push(`${CONNECTION} is not SSH (${whereOf([CONNECTION])}), and whodisk reaches hosts over SSH only`);
  }
  for (const name of OTHER_KEYS) {
    if ((textOf(name) ?? '') !== '') problems.push(`${name} is not honoured (${whereOf([name])})`);
  }
  const executable = textOf(EXECUTABLE) ?? '';
  if (executable !== '' && !/^(?:.*\/)?ssh$/u.test(executable)) {
    problems.push(`${EXECUTABLE} is another program than ssh (${whereOf([EXECUTABLE])}), and none is run`);
  }
  const [first = {}, ...last] = [FIRST_ARGUMENTS, ...LAST_ARGUMENTS].map(argumentsOf);
  const address = read(ADDRESS, 'host name or IP address', hostOf);
  const port = read(PORT, 'port from 1 to 65535', portOf);
  // Ansible takes an empty user for none.
  const user = read(USER, 'login name', (text) => (text === '' ? null : userOf(text))) ?? undefined;
  const keyFile = textOf(...KEY_FILE);
  const proxyCommand = textOf(PARAMIKO_PROXY) ?? '';
  const settings = firstOfEach([
    first,
    {
      ...(port !== undefined && { port }),
      ...(user !== undefined && { user }),
      ...(keyFile !== undefined && keyFile !== '' && { identityFiles: [keyFile] }),
    },
    ...last,
    // As the plugin does: after what it finds in the arguments for ssh.
    ...(proxyCommand === '' ? [] : [{ proxyCommand }]),
    // The destination on ssh's command line, which -o HostName= overrules wherever it stands.
    { ...(address !== undefined && { address }) },
  ]);
  if (problems.length === 0) return { settings };
  return { settings, problem: `${problems.join('; ')}.` };
}

/** 'ssh' for 'ansible.builtin.ssh'; undefined where none is named. */
function shortPluginName(variables: AnsibleVariables): string | undefined {
  const value = variables.get(CONNECTION)?.value;
  return typeof value === 'string' ? value.replace(/^ansible\.(?:builtin|legacy)\./u, '') : undefined;
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
