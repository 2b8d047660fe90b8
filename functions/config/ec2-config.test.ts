import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EC2_KEPT_MS, type Ec2Source, type ReadEc2 } from './ec2-source.ts';
import { readConfig } from './read-config.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'whodisk-ec2-config-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const A = 'i-0000000a';
const B = 'i-0000000b';
const GONE = 'i-0000000c';

/** An EC2 that has these instances for every entry. */
const having =
  (...ids: string[]): ReadEc2 =>
  async ({ group, settings, where }) => ({
    kind: 'inventory',
    inventory: {
      hosts: new Map(ids.map((name) => [name, { name, settings: { ...settings, address: '10.0.0.7' }, where }])),
      groups: new Map(group === undefined ? [] : [[group, ids]]),
    },
  });

async function read(text: string, readEc2?: ReadEc2) {
  writeFileSync(path.join(root, 'whodisk.yml'), text);
  return await readConfig({ cwd: root, homeDirectory: root, ...(readEc2 && { readEc2 }) });
}
async function configOf(text: string, readEc2?: ReadEc2) {
  const answer = await read(text, readEc2);
  if (answer.kind === 'problems') throw new Error(JSON.stringify(answer.problems));
  return answer.config;
}
async function problemsOf(text: string): Promise<string[]> {
  const answer = await read(text, having());
  return answer.kind === 'config' ? [] : answer.problems.map(({ line, message }) => `${line} ${message}`);
}

describe('ec2 in whodisk.yml', () => {
  test('asks for what each entry says, in the order of the entries', async () => {
    const asked: Ec2Source[] = [];
    const readEc2: ReadEc2 = async (source) => {
      asked.push(source);
      return await having()(source);
    };
    await configOf(
      `
ec2:
  - {region: us-gov-west-1, tags: {Role: db, 'my key': [a, 'b*']}, group: db, address: public-dns, user: ops, port: 2222, jump: 'a,b', privilege: root, identityFiles: [keys/a]}
  - tags: {Role: web}
`,
      readEc2,
    );
    expect(asked).toEqual([
      {
        region: 'us-gov-west-1',
        tags: { Role: ['db'], 'my key': ['a', 'b*'] },
        group: 'db',
        address: 'public-dns',
        settings: {
          user: 'ops',
          port: 2222,
          jump: ['a', 'b'],
          privilege: 'root',
          identityFiles: [path.join(root, 'keys/a')],
        },
        where: 'whodisk.yml line 3',
      },
      { tags: { Role: ['web'] }, address: 'private-ip', settings: {}, where: 'whodisk.yml line 4' },
    ]);
  });

  test('brings hosts and a group, which the rest of the file may add to', async () => {
    const config = await configOf(
      `
ec2: [{tags: {Role: db}, group: db, user: ec2-user}]
hosts: {${A}: {hostKeys: ['ssh-ed25519 AAAAC3Nz']}, db-9: }
groups: {db: {hosts: [db-9], port: 2222}, some: ['@db']}
schedules: {s: {cron: '0 3 * * *', targets: ['@db', ${A}], tell: []}}
`,
      having(A, B),
    );
    expect(config.inventory.hosts.get(A)).toEqual({
      name: A,
      settings: { hostKeys: ['ssh-ed25519 AAAAC3Nz'], user: 'ec2-user', port: 2222, address: '10.0.0.7' },
      where: 'whodisk.yml line 3',
    });
    expect([...config.inventory.groups]).toEqual([
      ['db', [A, B, 'db-9']],
      ['some', [A, B, 'db-9']],
    ]);
  });

  test('leaves out an instance that is gone, wherever the file names it, unless it has an address of its own', async () => {
    const text = (address: string) => `
ec2: [{tags: {Role: db}, group: db}]
hosts: {${GONE}: {hostKeys: ['ssh-ed25519 AAAAC3Nz']${address}}}
groups: {some: [${GONE}, ${A}]}
slack: {signingSecret: {env: S}, allow: [{team: T012AB3CD, targets: [${GONE}]}]}
schedules: {s: {cron: '0 3 * * *', targets: [${GONE}], tell: []}}
alerts: {hosts: {x: ${GONE}}}
`;
    const { inventory } = await configOf(text(''), having(A));
    expect([...inventory.hosts.keys()]).toEqual([A]);
    expect(inventory.groups.get('some')).toEqual([A]);
    const kept = await configOf(text(', address: 10.0.0.9'), having(A));
    expect([...kept.inventory.hosts.keys()]).toEqual([GONE, A]);
  });

  test('without ec2 a name like an instance id is a host as any other', async () => {
    expect([...(await configOf(`hosts: {${GONE}: }`)).inventory.hosts.keys()]).toEqual([GONE]);
  });

  test('of which nobody can ask has its groups, without hosts', async () => {
    const { inventory } = await configOf('ec2: [{tags: {Role: db}, group: db}]\ngroups: {all-db: ["@db"]}');
    expect(inventory).toEqual({
      hosts: new Map(),
      groups: new Map([
        ['db', []],
        ['all-db', []],
      ]),
    });
  });

  test('counts for a minute at most, and everything else without end', async () => {
    expect(await read('ec2: [{tags: {Role: db}}]', having(A))).toMatchObject({ keptMs: EC2_KEPT_MS });
    expect(await read('hosts: {a: }', having(A))).not.toHaveProperty('keptMs');
  });

  test('that cannot be had is no mistake of the file, and says of which entry', async () => {
    const readEc2: ReadEc2 = async ({ tags }) =>
      tags['Role']?.[0] === 'db' ? await having()(SOURCE) : { kind: 'unavailable', message: 'EC2 is asked too often.' };
    expect(await read('ec2:\n  - tags: {Role: db}\n  - tags: {Role: web}\n', readEc2)).toEqual({
      kind: 'problems',
      isUnavailable: true,
      problems: [
        { file: 'whodisk.yml', line: 3, column: 5, path: 'ec2[1]', message: 'ec2[1]: EC2 is asked too often.' },
      ],
    });
  });

  test('is not asked where every sweep is stopped', async () => {
    const never: ReadEc2 = async () => {
      throw new Error('asked');
    };
    expect(await configOf('enabled: false\nec2: [{tags: {Role: db}}]', never)).toHaveProperty('disabled');
  });

  test.each([
    ['ec2: [{tags: {}}]', '1 ec2[0].tags: give a tag: without one it would be every instance.'],
    ['ec2: [{region: eu-central-1}]', '1 ec2[0].tags: give a mapping, name: value.'],
    ['ec2: [{tags: {Role: 7}}]', '1 ec2[0].tags.Role: give a text or a list of texts.'],
    ['ec2: [{tags: {Role: []}}]', '1 ec2[0].tags.Role: give a value.'],
    ['ec2: [{tags: {"": a}}]', '1 ec2[0].tags[""]: give the key of a tag, 1 to 128 characters.'],
    [
      'ec2: [{tags: {Role: db}, region: "evil.example.com/"}]',
      '1 ec2[0].region: give the code of a region, such as eu-central-1.',
    ],
    [
      'ec2: [{tags: {Role: db}, address: elastic}]',
      '1 ec2[0].address: give one of private-ip, private-dns, public-ip, public-dns.',
    ],
    [
      'ec2: [{tags: {Role: db}, group: all}]',
      '1 ec2[0].group: give a group without blanks, brackets, commas and "@", other than all.',
    ],
    ['ec2: [{tag: {Role: db}}]', '1 ec2[0].tag: there is no such setting. Did you mean tags?'],
    ['ec2: {tags: {Role: db}}', '1 ec2: give a list.'],
  ])('%s is a mistake that says what to write', async (text, problem) => {
    expect(await problemsOf(text)).toContain(problem);
  });
});

const SOURCE: Ec2Source = { tags: {}, address: 'private-ip', settings: {}, where: '' };

test('a configuration that contains itself names no inventory elsewhere', async () => {
  writeFileSync(
    path.join(root, 'whodisk.yml'),
    'inventories: [../x, /proc/self/environ, ok]\ngroups: {a: {inventories: [b/../../y]}}\n',
  );
  writeFileSync(path.join(root, 'ok'), 'db-1\n');
  const answer = await readConfig({ given: 'whodisk.yml', cwd: root, homeDirectory: root, isSelfContained: true });
  expect(answer.kind === 'problems' && answer.problems.map(({ path: at }) => at)).toEqual([
    'inventories[0]',
    'inventories[1]',
    'groups.a.inventories[0]',
  ]);
  writeFileSync(path.join(root, 'whodisk.yml'), 'inventories: [ok, ./ok, "~/ok"]\n');
  expect(
    await readConfig({ given: 'whodisk.yml', cwd: root, homeDirectory: root, isSelfContained: true }),
  ).toMatchObject({ kind: 'config' });
});
