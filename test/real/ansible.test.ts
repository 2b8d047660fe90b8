/** What whodisk reads from Ansible's inventories beside what Ansible itself makes of them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { readInventory } from '../../runner/fleet/inventory-text.ts';
import { needs } from '../needs.ts';

const FIXTURES = new URL('../fixtures/inventories/', import.meta.url);
const need = needs('ansible-core');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'whodisk-ansible-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `ansible-inventory --list` resolves groups and variables by itself: what it prints needs no rule of ours but the last. */
function asAnsibleReadsIt(file: string): string {
  const env = { ...process.env, ANSIBLE_HOME: folder, ANSIBLE_LOCAL_TEMP: folder, ANSIBLE_LOCALHOST_WARNING: 'false' };
  return execFileSync('ansible-inventory', ['-i', file, '--list'], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function inventoryOf(text: string, file: string): Inventory {
  const read = readInventory(text, file);
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems));
  return read.inventory;
}

/** Without places, and sorted: Ansible sorts its hosts. */
function comparable({ hosts, groups }: Inventory): object {
  const sorted = [...hosts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    hosts: sorted.map(({ name, settings, problem }) => ({ name, settings, broken: problem !== undefined })),
    groups: Object.fromEntries([...groups].sort().map(([name, members]) => [name, [...members].sort()])),
  };
}

describe.skipIf(need.skip)('an Ansible inventory', () => {
  test.each(['fleet.ini', 'fleet.yml'])('means the same hosts, groups and settings as to Ansible: %s', (name) => {
    const file = new URL(name, FIXTURES).pathname;
    const ours = inventoryOf(readFileSync(file, 'utf8'), name);
    const theirs = inventoryOf(asAnsibleReadsIt(file), 'list.json');
    expect(ours.hosts.size).toBeGreaterThan(5);
    expect(comparable(ours)).toEqual(comparable(theirs));
  });

  test('means the same whichever way its groups are nested and its variables are spread', () => {
    let run = 0;
    fc.assert(
      fc.property(iniInventory, (text) => {
        const file = path.join(folder, `${run++}.ini`);
        writeFileSync(file, text);
        expect(comparable(inventoryOf(text, file))).toEqual(
          comparable(inventoryOf(asAnsibleReadsIt(file), 'list.json')),
        );
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

const GROUPS = ['a', 'b', 'c', 'd', 'e'];
const HOSTS = ['h1', 'h2', 'h3', 'r[01:03]', 's[a:c]', 'r[1:5:2].example.com', 't:2222'];
const variables = fc
  .tuple(
    fc.option(fc.constantFrom('u1', '"u2"', "'u3'", '007', 'None')),
    fc.option(fc.constantFrom('22', '"2022"', '1')),
    fc.option(fc.constantFrom('1', '5', '10')),
  )
  .map(([user, port, priority]) => ({
    ...(user !== null && { ansible_user: user }),
    ...(port !== null && { ansible_port: port }),
    ...(priority !== null && { ansible_group_priority: priority }),
  }));

/** Groups hold only groups that come later, so that none holds itself. */
const iniInventory = fc
  .tuple(
    fc.array(fc.constantFrom(...HOSTS), { maxLength: 3 }),
    fc.array(fc.tuple(fc.subarray(HOSTS), fc.subarray(GROUPS), variables, variables), { minLength: 5, maxLength: 5 }),
    variables,
  )
  .map(([loose, groups, ofAll]) => {
    const section = (name: string, lines: string[]): string[] => (lines.length > 0 ? [`[${name}]`, ...lines, ''] : []);
    const assignments = (vars: object): string[] => Object.entries(vars).map(([key, value]) => `${key}=${value}`);
    const lines = groups.flatMap(([hosts, children, vars, ofHost], index) => {
      const name = GROUPS[index] ?? '';
      const host = (one: string): string => [one, ...assignments(ofHost)].join(' ');
      return [
        `[${name}]`,
        ...hosts.map(host),
        ...section(
          `${name}:children`,
          children.filter((child) => child > name),
        ),
        ...section(`${name}:vars`, assignments(vars)),
      ];
    });
    return [...loose, ...lines, ...section('all:vars', assignments(ofAll))].join('\n');
  });
