/** Ansible's YAML inventory (ansible/plugins/inventory/yaml.py): pure, text in, inventory or problems by line out. */
import { isMap, isScalar, isSeq } from 'yaml';
import { shownHost } from '../ssh/secret-text.ts';
import { type AnsibleDescription, addHosts, groupOf, inventoryOf } from './ansible-groups.ts';
import { readAnsibleHosts } from './ansible-hosts.ts';
import { type AnsibleVariable, isUsedVariable, type VariableValue } from './ansible-variables.ts';
import { type InventoryRead, MOST_HOSTS } from './inventory.ts';
import { ENOUGH_PROBLEMS, firstProblems, placeIn } from './problems.ts';
import { isMergeKey, keyText, readYaml, type YamlText } from './yaml-text.ts';

/** Groups within groups as they are written; aliases may nest without end. */
const DEEPEST = 100;
/** Entries that are read in all; aliases may multiply them. */
const MOST_ENTRIES = 1_000_000;

/** @param file the name for messages */
export function readAnsibleYaml(text: string, file: string): InventoryRead {
  const yaml = readYaml(text, file, '1.1');
  if (yaml.kind === 'problems') return { kind: 'problems', problems: firstProblems(yaml.problems) };
  const reading = new Reading(yaml, file);
  reading.readTop();
  return inventoryOf(reading.description);
}

class Reading {
  readonly description: AnsibleDescription;
  readonly #root: unknown;
  readonly #resolve: YamlText['resolve'];
  readonly #placeOf: YamlText['placeOf'];
  #hostsLeft = MOST_HOSTS;
  #entriesLeft = MOST_ENTRIES;

  constructor({ root, placeOf, resolve }: YamlText, file: string) {
    this.description = { file, hosts: new Map(), groups: new Map(), problems: [] };
    this.#root = root;
    this.#resolve = resolve;
    this.#placeOf = placeOf;
  }

  readTop(): void {
    const top = this.#root;
    if (!isMap(top)) {
      this.#complain(top, 'an Ansible inventory is a mapping of groups: begin with "all:".');
      return;
    }
    const entries = [...this.#entries(top)];
    if (entries.some(({ key }) => key === 'plugin')) {
      const message =
        'this configures an inventory plugin of Ansible, which is not run here: give its answer, ansible-inventory -i FILE --list | whodisk -i -';
      this.#complain(top, message);
      return;
    }
    for (const { key, keyNode, value } of entries) this.#readGroup(key, keyNode, value, 1);
  }

  #readGroup(name: string, nameNode: unknown, node: unknown, depth: number): void {
    const group = groupOf(this.description, name, this.#lineOf(nameNode));
    if (/[\p{Cc}\p{Cf}\s]/u.test(name) || name === '')
      this.#complain(nameNode, 'a group name is empty or holds a blank or a control character.');
    if (depth > DEEPEST) {
      this.#complain(nameNode, `groups are nested more than ${DEEPEST} deep.`);
      return;
    }
    if (isNothing(node)) return;
    if (!isMap(node)) {
      this.#complain(nameNode, 'a group holds "hosts:", "children:" and "vars:", each a mapping.');
      return;
    }
    for (const { key, keyNode, value } of this.#entries(node)) {
      switch (key) {
        case 'vars':
          for (const [variable, read] of this.#readVariables(keyNode, value)) group.variables.set(variable, read);
          break;
        case 'children':
          for (const child of this.#namesIn(keyNode, value)) {
            group.children.add(child.key);
            this.#readGroup(child.key, child.keyNode, child.value, depth + 1);
          }
          break;
        case 'hosts':
          for (const host of this.#namesIn(keyNode, value))
            this.#readHost(host.key, host.keyNode, host.value, group.hosts);
          break;
        default:
          this.#complain(
            keyNode,
            `${shownHost(key)} is no part of a group: only hosts, children and vars are; a nested group goes below children.`,
          );
      }
    }
  }

  #readHost(pattern: string, patternNode: unknown, node: unknown, members: Set<string>): void {
    const hosts = readAnsibleHosts(pattern, this.#hostsLeft);
    if (hosts.kind === 'malformed') {
      this.#complain(patternNode, hosts.message);
      return;
    }
    this.#hostsLeft -= hosts.names.length;
    const variables = new Map(this.#readVariables(patternNode, node));
    addHosts(this.description, hosts, { members, variables, line: this.#lineOf(patternNode) });
  }

  *#readVariables(ownerNode: unknown, node: unknown): Generator<[string, AnsibleVariable]> {
    if (isNothing(node)) return;
    if (!isMap(node)) {
      this.#complain(ownerNode, 'variables are a mapping, name: value.');
      return;
    }
    for (const { key, keyNode, value } of this.#entries(node)) {
      if (!isUsedVariable(key)) continue;
      yield [key, { value: variableOf(value), where: placeIn(this.description.file, this.#lineOf(keyNode)) }];
    }
  }

  /** A mapping, or the one name that Ansible takes in its place. */
  *#namesIn(ownerNode: unknown, node: unknown): Generator<Entry> {
    if (isNothing(node)) return;
    if (isMap(node)) yield* this.#entries(node);
    else if (isScalar(node) && typeof node.value === 'string') yield { key: node.value, keyNode: node, value: null };
    else this.#complain(ownerNode, 'this is a mapping, not a list: write "name:" on each line, without "-".');
  }

  /** Aliases resolved; what merge keys bring comes first and is overruled by what stands beside them. */
  *#entries(map: unknown, depth = 0): Generator<Entry> {
    if (!isMap(map) || depth > DEEPEST || this.description.problems.length >= ENOUGH_PROBLEMS) return;
    for (const pair of map.items) {
      if (!isMergeKey(pair.key)) continue;
      const value = this.#resolve(pair.value);
      const sources = isSeq(value) ? [...value.items].reverse() : [value];
      for (const source of sources) yield* this.#entries(this.#resolve(source), depth + 1);
    }
    for (const pair of map.items) {
      this.#entriesLeft -= 1;
      if (this.#entriesLeft === -1)
        this.#complain(pair.key, `more than ${MOST_ENTRIES} entries: aliases multiply them.`);
      if (this.#entriesLeft < 0) return;
      if (isMergeKey(pair.key)) continue;
      const keyNode = this.#resolve(pair.key);
      if (isScalar(keyNode)) {
        yield { key: keyText(keyNode), keyNode: pair.key, value: this.#resolve(pair.value) };
      } else {
        this.#complain(pair.key, 'a key is a plain name.');
      }
    }
  }

  #lineOf(node: unknown): number | undefined {
    return this.#placeOf(node)?.line;
  }

  #complain(node: unknown, message: string): void {
    const { file, problems } = this.description;
    if (problems.length < ENOUGH_PROBLEMS) problems.push({ file, ...this.#placeOf(node), message });
  }
}

interface Entry {
  readonly key: string;
  readonly keyNode: unknown;
  readonly value: unknown;
}

function isNothing(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function variableOf(node: unknown): VariableValue {
  if (isNothing(node)) return null;
  if (!isScalar(node)) return { unreadable: 'a list or a mapping, no text' };
  if (node.tag === '!vault') return { unreadable: 'encrypted with Ansible Vault, which is not opened here' };
  const { value } = node;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  // YAML 1.1 reads 0100 as 64 and 22:22 as 1342; the text is what a person meant.
  return node.source ?? String(value);
}
