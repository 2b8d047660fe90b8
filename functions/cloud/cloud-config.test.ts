import { describe, expect, test } from 'vitest';
import type { Config } from '../config/read-config.ts';
import { cloudConfigOf } from './cloud-config.ts';

const config = (more: Partial<Config> = {}): Config => ({
  defaults: {},
  retentionDays: 30,
  tell: new Map(),
  schedules: [],
  alerts: { label: 'instance', hosts: new Map(), quietMinutes: 10, tell: [] },
  inventory: { hosts: new Map(), groups: new Map() },
  ...more,
});
const hosts = (settings: object) => ({
  hosts: new Map([['a', { name: 'a', settings, where: 'whodisk.yml line 1' }]]),
  groups: new Map([['g', ['a']]]),
});

describe('in the cloud', () => {
  test('a configuration without anything of a laptop is what it is', () => {
    const given = config({
      windowSeconds: 7,
      defaults: { user: 'ops' },
      inventory: hosts({ port: 2222, hostKeys: ['k'] }),
    });
    expect(cloudConfigOf(given)).toEqual({ kind: 'config', config: given, notes: [] });
  });

  test('key files do not count, wherever they are named, and that is said once', () => {
    const given = config({
      defaults: { identityFiles: ['/k'], user: 'ops' },
      inventory: hosts({ identityFiles: ['/h'], identitiesOnly: true, port: 22 }),
    });
    expect(cloudConfigOf(given)).toEqual({
      kind: 'config',
      config: config({ defaults: { user: 'ops' }, inventory: hosts({ port: 22 }) }),
      notes: [expect.stringContaining('identityFiles')],
    });
  });

  test('host keys are strict, and the store is that of the deployment', () => {
    expect(cloudConfigOf(config({ hostKeyPolicy: 'accept-new', store: 'none' }))).toEqual({
      kind: 'config',
      config: config(),
      notes: [expect.stringContaining('strict')],
    });
    expect(cloudConfigOf(config({ hostKeyPolicy: 'strict' }))).toMatchObject({ notes: [] });
  });

  test('a secret in a file is a problem that names each of them, and nothing of where they are', () => {
    const given = config({
      slack: { signingSecret: { file: '/secret/place' }, responseOrigins: [], allow: [] },
      tell: new Map([
        ['ops', { kind: 'slack', webhook: { env: 'OPS' } }],
        ['tickets', { kind: 'url', url: 'https://tickets.example.com', secret: { file: '/secret/place' } }],
      ]),
    });
    const read = cloudConfigOf(given);
    expect(read).toEqual({
      kind: 'problem',
      problem: expect.stringMatching(/slack\.signingSecret, tell\.tickets,.* env: NAME/),
    });
    expect(JSON.stringify(read)).not.toContain('/secret/place');
  });
});
