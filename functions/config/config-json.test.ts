import { describe, expect, test } from 'vitest';
import { configOfJson, jsonOfConfig } from './config-json.ts';
import type { Config } from './read-config.ts';

const WHOLE: Config = {
  file: 'whodisk.yml',
  disabled: 'Every sweep is stopped.',
  defaults: { user: 'ops', privilege: 'root', jump: [] },
  hostKeyPolicy: 'accept-new',
  windowSeconds: 5,
  deadlineSeconds: 15,
  forks: 256,
  store: 'dynamodb:whodisk',
  retentionDays: 30,
  publicUrl: 'https://whodisk.example.com',
  slack: {
    signingSecret: { env: 'SLACK' },
    responseOrigins: ['https://hooks.slack.com'],
    allow: [
      { team: 'T1', channels: ['C1'], users: ['U1'], targets: ['@db'] },
      { team: 'T2', targets: ['@all'] },
    ],
  },
  tell: new Map([
    ['ops', { kind: 'slack', webhook: { env: 'OPS' } }],
    ['tickets', { kind: 'url', url: 'https://tickets.example.com/', secret: { file: '/etc/secret' } }],
  ]),
  schedules: [
    {
      name: 'nightly',
      cron: '0 3 * * *',
      timeZone: 'UTC',
      targets: ['@db'],
      windowSeconds: 10,
      watch: 'busy',
      tell: ['ops'],
    },
    { name: 'hourly', cron: '0 * * * *', timeZone: 'Europe/Berlin', targets: ['web'], watch: 'saturated', tell: [] },
  ],
  alerts: {
    label: 'instance',
    hosts: new Map([['__proto__', 'db-1']]),
    quietMinutes: 10,
    windowSeconds: 8,
    tell: ['tickets'],
  },
  inventory: {
    hosts: new Map([
      ['b', { name: 'b', settings: {}, problem: 'it has no address', where: 'whodisk.yml line 3' }],
      [
        '__proto__',
        {
          name: '__proto__',
          settings: {
            address: '10.0.0.7',
            user: 'ops',
            port: 2222,
            jump: ['bastion'],
            proxyCommand: 'nc %h %p',
            identityFiles: ['/k'],
            identitiesOnly: true,
            hostKeys: ['ssh-ed25519 AAAA'],
            hostKeyAlias: 'i-0000000a',
            privilege: 'user',
          },
          where: 'hosts.ini line 1',
        },
      ],
      ['2', { name: '2', settings: {}, where: '' }],
    ]),
    groups: new Map([
      ['z', ['2', 'b']],
      ['constructor', []],
    ]),
  },
};

const throughJson = (config: Config): unknown => JSON.parse(JSON.stringify(jsonOfConfig(config)));

test('a configuration comes back from JSON as it was, its order too', () => {
  const back = configOfJson(throughJson(WHOLE));
  expect(back).toEqual(WHOLE);
  if ('problem' in back) throw new Error(back.problem);
  expect([...back.inventory.hosts.keys()]).toEqual(['b', '__proto__', '2']);
  expect([...back.inventory.groups.keys()]).toEqual(['z', 'constructor']);
});

test('what a configuration does not say it does not say afterwards', () => {
  const bare: Config = {
    defaults: {},
    retentionDays: 30,
    tell: new Map(),
    schedules: [],
    alerts: { label: 'instance', hosts: new Map(), quietMinutes: 10, tell: [] },
    inventory: { hosts: new Map(), groups: new Map() },
  };
  expect(Object.keys(configOfJson(throughJson(bare))).sort()).toEqual(Object.keys(bare).sort());
});

test('ten thousand hosts come back whole', () => {
  const names = Array.from({ length: 10_000 }, (_, n) => `db-${n}.example.net`);
  const hosts = new Map(names.map((name) => [name, { name, settings: { port: 22 }, where: 'hosts line 1' }]));
  const config = { ...WHOLE, inventory: { hosts, groups: new Map([['db', names]]) } };
  expect(configOfJson(throughJson(config))).toEqual(config);
});

describe('what is no configuration is a problem that says where', () => {
  test.each([
    [undefined, /^it: /],
    [[], /^it: /],
    [{ ...jsonOfConfig(WHOLE), retentionDays: '30' }, /^retentionDays: /],
    [
      { ...jsonOfConfig(WHOLE), hosts: [{ name: 'a', settings: { port: 'x' }, where: '' }] },
      /^hosts\.0\.settings\.port: /,
    ],
    [{ ...jsonOfConfig(WHOLE), groups: [['a', [1]]] }, /^groups\.0\.1\.0: /],
    [{ ...jsonOfConfig(WHOLE), tell: [['a', { kind: 'mail' }]] }, /^tell\.0\.1\.kind: /],
  ])('%#', (json, words) => {
    expect(configOfJson(json)).toEqual({ problem: expect.stringMatching(words) });
  });
});
