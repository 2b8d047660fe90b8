/** The JSON of `ansible-inventory --list`, which is also what a dynamic inventory answers (Ansible, "Developing dynamic inventory"). */

import { shown } from '../ssh/shown.ts';
import { type AnsibleDescription, groupOf, hostNamed, inventoryOf } from './ansible-groups.ts';
import { type AnsibleVariable, isUsedVariable, type VariableValue } from './ansible-variables.ts';
import { hostOf, problemOfHostName, readHostText } from './host-text.ts';
import { type InventoryRead, MOST_HOSTS } from './inventory.ts';
import { jsonErrorOffset } from './json-error.ts';
import { ENOUGH_PROBLEMS } from './problems.ts';

/** @param file the name for messages; places inside the JSON are said by their keys */
export function readAnsibleList(text: string, file: string): InventoryRead {
  const body = text.replace(/^\uFEFF/u, '');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    const before = body.slice(0, jsonErrorOffset(body) ?? 0).split('\n');
    const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return { kind: 'problems', problems: [{ file, ...at, message: 'this is no JSON from here on.' }] };
  }
  const description: AnsibleDescription = { file, hosts: new Map(), groups: new Map(), problems: [] };
  if (!isObject(value)) {
    const message = 'the JSON is no inventory: give what ansible-inventory --list prints.';
    return { kind: 'problems', problems: [{ file, message }] };
  }
  let meta: unknown;
  for (const [name, group] of Object.entries(value)) {
    if (name === '_meta') meta = group;
    else readGroup(name, group, description);
  }
  readHostVariables(meta, description);
  return inventoryOf(description);
}

function readGroup(name: string, value: unknown, description: AnsibleDescription): void {
  const complain = (message: string): void => complainOf(description, `group ${shown(name)}: ${message}`);
  if (name === '' || /[\p{Cc}\p{Cf}\s]/u.test(name))
    complain('the name is empty or holds a blank or a control character.');
  const group = groupOf(description, name);
  // Before Ansible 1.3 a group was the list of its hosts; such answers are still taken.
  const {
    hosts = [],
    children = [],
    vars = {},
  } = Array.isArray(value) ? { hosts: value } : isObject(value) ? (value as Parts) : {};
  if (!Array.isArray(value) && !isObject(value)) complain('it is neither an object nor a list of hosts.');
  for (const host of namesOf(hosts, 'hosts', complain)) {
    const problem = problemOfHostName(host);
    if (problem !== undefined) complain(problem);
    if (description.hosts.size >= MOST_HOSTS && !description.hosts.has(host)) {
      complain(`with it there are more than ${MOST_HOSTS} hosts.`);
      return;
    }
    group.hosts.add(host);
    if (!description.hosts.has(host)) nameHost(host, description);
  }
  for (const child of namesOf(children, 'children', complain)) {
    groupOf(description, child);
    group.children.add(child);
  }
  if (!isObject(vars)) {
    complain('"vars" is no object.');
    return;
  }
  const where = `${description.file}, group ${shown(name)}`;
  for (const [key, variable] of usedIn(vars, where)) group.variables.set(key, variable);
}

/** A name such as 'root@db1:2222' says user and port by itself; what variables say of the same comes later and overrules it. */
function nameHost(name: string, description: AnsibleDescription): void {
  const { variables } = hostNamed(description, name);
  const read = hostOf(name) === undefined ? readHostText(name) : undefined;
  if (read === undefined || 'problem' in read) return;
  const { user, port } = read;
  const where = description.file;
  if (user !== undefined) variables.set('ansible_user', { value: user, where });
  if (port !== undefined) variables.set('ansible_port', { value: port, where });
}

interface Parts {
  readonly hosts?: unknown;
  readonly children?: unknown;
  readonly vars?: unknown;
}

/** As in Ansible, what is said of a host that no group holds is left out: there is no such host. */
function readHostVariables(meta: unknown, description: AnsibleDescription): void {
  const hostvars = isObject(meta) ? (meta as { hostvars?: unknown }).hostvars : undefined;
  if (hostvars === undefined) return;
  if (!isObject(hostvars)) {
    complainOf(description, '_meta.hostvars is no object.');
    return;
  }
  for (const [name, variables] of Object.entries(hostvars)) {
    const host = description.hosts.get(name);
    if (host === undefined) continue;
    if (!isObject(variables)) {
      complainOf(description, `_meta.hostvars of ${shown(name)} is no object.`);
      continue;
    }
    const where = `${description.file}, _meta.hostvars of ${shown(name)}`;
    for (const [key, variable] of usedIn(variables, where)) host.variables.set(key, variable);
  }
}

function namesOf(value: unknown, what: string, complain: (message: string) => void): string[] {
  if (!Array.isArray(value)) {
    complain(`"${what}" is no list.`);
    return [];
  }
  const names = value.filter((name) => typeof name === 'string');
  if (names.length < value.length) complain(`"${what}" holds something that is no name.`);
  return names;
}

function* usedIn(variables: object, where: string): Generator<[string, AnsibleVariable]> {
  for (const [key, value] of Object.entries(variables)) {
    if (isUsedVariable(key)) yield [key, { value: variableOf(value), where }];
  }
}

function variableOf(value: unknown): VariableValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value;
  if (isObject(value) && '__ansible_vault' in value)
    return { unreadable: 'encrypted with Ansible Vault, which is not opened here' };
  // How Ansible marks a text that is no template.
  const unsafe = isObject(value) ? (value as { __ansible_unsafe?: unknown }).__ansible_unsafe : undefined;
  return typeof unsafe === 'string' ? unsafe : { unreadable: 'a list or an object, no text' };
}

function complainOf({ file, problems }: AnsibleDescription, message: string): void {
  if (problems.length < ENOUGH_PROBLEMS) problems.push({ file, message });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
