import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { logTo } from '../../test/log-to.ts';
import { must, type StoreSite, storeSite } from '../../test/store/embedded.ts';
import type { ReadEc2 } from '../config/ec2-source.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import { type ConfigFiles, packagedFiles } from './config-files.ts';
import { publishConfig } from './publish-config.ts';
import { createStoredConfig } from './stored-config.ts';

// Many small files: a busy disk is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 });

let site: StoreSite;
let store: Store;
let folder = '';
let said: string[] = [];
let keys = '';
let files: () => Promise<ConfigFiles>;
let ec2: ReadEc2;
beforeEach(async () => {
  site = storeSite();
  store = await site.open();
  folder = mkdtempSync(path.join(tmpdir(), 'whodisk-publish-'));
  said = [];
  keys = '';
  files = packagedFiles(folder);
  ec2 = async () => ({ kind: 'unavailable', message: 'nobody should have asked' });
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await site.end();
});

const write = (name: string, content: string | Uint8Array): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
};
const publish = () => publishConfig({ files, readEc2: (source) => ec2(source), store, log: logTo(said) });
const stored = () =>
  createStoredConfig({
    store,
    clockMs: () => 0,
    log: logTo([]),
    useKnownHosts: async (text) => {
      keys = text;
    },
  })();
const EC2_DB: ReadEc2 = async ({ where }) => ({
  kind: 'inventory',
  inventory: {
    hosts: new Map([
      ['i-0000000a', { name: 'i-0000000a', settings: { address: '10.0.0.7', hostKeyAlias: 'i-0000000a' }, where }],
    ]),
    groups: new Map([['db', ['i-0000000a']]]),
  },
});

describe('publishing the configuration', () => {
  test('brings whodisk.yml with its inventories, EC2 and known_hosts to whoever reads the table', async () => {
    write(
      'whodisk.yml',
      'inventories: [inventories/web.ini]\nec2: [{tags: {Role: db}, group: db}]\nidentityFiles: [~/.ssh/fleet]\n',
    );
    write('inventories/web.ini', '[web]\nweb-1 ansible_host=10.0.0.8\n');
    write('known_hosts', 'i-0000000a ssh-ed25519 AAAA\n');
    ec2 = EC2_DB;
    expect(await publish()).toBe('published');
    const config = await stored();
    if ('problem' in config) throw new Error(config.problem);
    expect([...config.inventory.hosts.keys()]).toEqual(['web-1', 'i-0000000a']);
    expect(config.inventory.groups).toEqual(
      new Map([
        ['web', ['web-1']],
        ['db', ['i-0000000a']],
      ]),
    );
    expect(config.file).toBe('whodisk.yml');
    expect(config.defaults).toEqual({});
    expect(keys).toBe('i-0000000a ssh-ed25519 AAAA\n');
    expect(said).toEqual([expect.stringContaining('identityFiles'), 'info the configuration is published {"hosts":2}']);
  });

  test('says nothing while nothing changes, but that it looked', async () => {
    write('whodisk.yml', 'hosts: {a: }\n');
    await publish();
    const before = must(await store.configStamp());
    said = [];
    expect(await publish()).toBe('unchanged');
    expect(said).toEqual([]);
    expect(must(await store.configStamp())?.checkedAtMs).toBeGreaterThanOrEqual(before?.checkedAtMs ?? 0);
    write('whodisk.yml', 'hosts: {a: , b: }\n');
    expect(await publish()).toBe('published');
  });

  test.each([
    ['hosts: [a]', 'whodisk.yml:1:1: hosts: give a mapping'],
    ['inventories: [nowhere]', 'there is no such file'],
    ['inventories: [/proc/self/environ]', 'lies beside this file'],
    ['tell: {ops: {slack: {file: ops}}}', 'give env: NAME'],
    ['schedules: {s: {cron: "0 3 * * *", targets: ["@nobody"], tell: []}}', 'There is no group'],
  ])('of %s publishes what is wrong, and no sweep begins', async (text, words) => {
    write('whodisk.yml', 'hosts: {a: }\n');
    await publish();
    write('whodisk.yml', text);
    expect(await publish()).toBe('unusable');
    expect(await stored()).toEqual({ problem: expect.stringContaining(words) });
    expect(said.at(-1)).toMatch(/^error no sweep begins/);
    said = [];
    expect(await publish()).toBe('unusable');
    expect(said).toEqual([]);
  });

  test('without whodisk.yml, or with a known_hosts that is no text, says so', async () => {
    await publish();
    expect(await stored()).toEqual({ problem: 'whodisk.yml cannot be used: whodisk.yml: there is no such file.' });
    write('whodisk.yml', 'hosts: {a: }\n');
    write('known_hosts', Uint8Array.of(0xff));
    await publish();
    expect(await stored()).toEqual({ problem: expect.stringMatching(/^known_hosts.*UTF-8/) });
  });

  test('leaves the last one where the files cannot be had', async () => {
    write('whodisk.yml', 'hosts: {a: }\n');
    await publish();
    files = async () => ({ kind: 'unavailable', message: 'S3 refuses to read s3://bucket/.' });
    expect(await publish()).toBe('stale');
    expect(await stored()).toMatchObject({ file: 'whodisk.yml' });
    expect(said.at(-1)).toMatch(/^error .*S3 refuses/);
  });

  test('leaves the last one where EC2 does not answer, and does not say that it looked', async () => {
    write('whodisk.yml', 'ec2: [{tags: {Role: db}}]\n');
    ec2 = EC2_DB;
    await publish();
    const before = must(await store.configStamp());
    ec2 = async () => ({ kind: 'unavailable', message: 'EC2 is asked too often.' });
    expect(await publish()).toBe('stale');
    expect(must(await store.configStamp())).toEqual(before);
    expect(said.at(-1)).toMatch(/^error .*EC2 is asked too often/);
  });

  test('stops everything at once where enabled is false, EC2 or not', async () => {
    write('whodisk.yml', 'enabled: false\nec2: [{tags: {Role: db}}]\n');
    expect(await publish()).toBe('published');
    expect(await stored()).toMatchObject({
      disabled: 'Every sweep is stopped: enabled is false in whodisk.yml line 1.',
    });
  });

  test('what the place of the files is wrong about is published, too', async () => {
    files = async () => ({ kind: 'problem', problem: 's3://bucket/: there is nothing: put whodisk.yml there.' });
    expect(await publish()).toBe('unusable');
    expect(await stored()).toEqual({ problem: 's3://bucket/: there is nothing: put whodisk.yml there.' });
  });

  test('into a table that takes nothing is said in the log', async () => {
    write('whodisk.yml', 'hosts: {a: }\n');
    const refusing = {
      putConfig: async () => new StoreProblem('denied', 'AWS refuses the use of the table', 'see the role'),
    };
    const outcome = await publishConfig({ files, readEc2: ec2, store: refusing, log: logTo(said) });
    expect(outcome).toBe('stale');
    expect(said).toEqual([expect.stringMatching(/^error .*AWS refuses.*see the role/)]);
  });
});
