/** Ansible's INI inventory (ansible/plugins/inventory/ini.py): pure, text in, inventory or problems by line out. */
import { type AnsibleDescription, addHosts, groupOf, inventoryOf } from './ansible-groups.ts';
import { readAnsibleHosts } from './ansible-hosts.ts';
import { type AnsibleVariable, isUsedVariable } from './ansible-variables.ts';
import { type InventoryRead, MOST_HOSTS } from './inventory.ts';
import { placeIn } from './problems.ts';
import { readPythonLiteral } from './python-literal.ts';
import { splitShellWords } from './shell-words.ts';
import { linesOf } from './text-lines.ts';

type Section = { readonly group: string; readonly holds: 'hosts' | 'children' | 'vars' };
interface Mention {
  readonly group: string;
  readonly line: number;
}
interface Reading {
  readonly description: AnsibleDescription;
  /** Groups that [x:vars] and [x:children] speak of; they may be declared later. */
  readonly asVars: Mention[];
  readonly asChildren: Mention[];
  /** Groups that a section declares. */
  readonly declared: Set<string>;
  hostsLeft: number;
}

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/u;

/** Whether a line is a section header and not a host such as '[::1]:22' or '[1-3].example.com'. */
export function isAnsibleSection(line: string): boolean {
  return SECTION.test(line.trim());
}

/** @param file the name for messages */
export function readAnsibleIni(text: string, file: string): InventoryRead {
  const reading: Reading = {
    description: { file, hosts: new Map(), groups: new Map(), problems: [] },
    asVars: [],
    asChildren: [],
    declared: new Set(['all', 'ungrouped']),
    hostsLeft: MOST_HOSTS,
  };
  const { problems } = reading.description;
  let section: Section | undefined = { group: 'ungrouped', holds: 'hosts' };
  for (const { line, number } of linesOf(text, file, problems)) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const header = SECTION.exec(line);
    if (header) {
      section = openSection(header[1] ?? '', header[2] ?? 'hosts', number, reading);
      continue;
    }
    const message = section === undefined ? undefined : readEntry(line, number, section, reading);
    if (message !== undefined) problems.push({ file, line: number, message });
  }
  for (const { group, line } of reading.asVars) {
    if (reading.declared.has(group)) continue;
    problems.push({ file, line, message: `[${group}:vars] is about a group that is not described: add [${group}].` });
  }
  for (const { group, line } of reading.asChildren) {
    if (reading.declared.has(group)) continue;
    problems.push({ file, line, message: `the group ${JSON.stringify(group)} is not described: add [${group}].` });
  }
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return inventoryOf(reading.description);
}

function openSection(group: string, holds: string, line: number, reading: Reading): Section | undefined {
  const { description, declared, asVars } = reading;
  if (holds !== 'hosts' && holds !== 'children' && holds !== 'vars') {
    const message = `[${group}:${holds}] is no kind of section: write [${group}], [${group}:children] or [${group}:vars].`;
    description.problems.push({ file: description.file, line, message });
    return undefined;
  }
  groupOf(description, group, line);
  if (holds === 'vars') asVars.push({ group, line });
  else declared.add(group);
  return { group, holds };
}

/** What is wrong with the line, or undefined. */
function readEntry(line: string, number: number, { group, holds }: Section, reading: Reading): string | undefined {
  const { description } = reading;
  switch (holds) {
    case 'hosts':
      return readHostLine(line, number, group, reading);
    case 'vars': {
      const equals = line.indexOf('=');
      if (equals < 0) return 'a variable is written key=value.';
      const key = line.slice(0, equals).trim();
      if (!isUsedVariable(key)) return undefined;
      const value = readPythonLiteral(line.slice(equals + 1).trim());
      groupOf(description, group).variables.set(key, { value, where: placeIn(description.file, number) });
      return undefined;
    }
    case 'children': {
      const child = /^([^:=\]\s]+)\s*(?:#.*)?$/u.exec(line)?.[1];
      if (child === undefined) return 'a nested group is one name on its line.';
      groupOf(description, child, number);
      groupOf(description, group).children.add(child);
      reading.asChildren.push({ group: child, line: number });
      return undefined;
    }
    default:
      return holds satisfies never;
  }
}

function readHostLine(line: string, number: number, group: string, reading: Reading): string | undefined {
  const { description } = reading;
  const split = splitShellWords(line, { comments: true });
  if (split.kind === 'unclosed') return `the quote ${split.quote} is never closed.`;
  const [pattern = '', ...assignments] = split.words;
  const hosts = readAnsibleHosts(pattern, reading.hostsLeft);
  if (hosts.kind === 'malformed') return hosts.message;
  reading.hostsLeft -= hosts.names.length;

  const where = placeIn(description.file, number);
  const variables = new Map<string, AnsibleVariable>();
  for (const [index, assignment] of assignments.entries()) {
    const equals = assignment.indexOf('=');
    // The word may be the second half of a password: it is not repeated.
    if (equals < 0)
      return `word ${index + 2} is no key=value: write one host on a line, and values with blanks in quotes.`;
    const key = assignment.slice(0, equals);
    if (isUsedVariable(key)) variables.set(key, { value: readPythonLiteral(assignment.slice(equals + 1)), where });
  }
  addHosts(description, hosts, { members: groupOf(description, group).hosts, variables, line: number });
  return undefined;
}
