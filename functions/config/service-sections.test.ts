import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from './read-config.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'whodisk-service-config-'));
  mkdirSync(path.join(root, 'home'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function read(text: string) {
  writeFileSync(path.join(root, 'whodisk.yml'), text);
  return await readConfig({ cwd: root, homeDirectory: path.join(root, 'home') });
}
async function configOf(text: string) {
  const answer = await read(text);
  if (answer.kind === 'problems') throw new Error(JSON.stringify(answer.problems));
  return answer.config;
}
async function problemsOf(text: string): Promise<string[]> {
  const answer = await read(text);
  return answer.kind === 'config'
    ? []
    : answer.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const WHOLE = `
publicUrl: https://whodisk.example.com/
hosts: {db-1: , db-2: , web-1: }
groups: {db: ['db-[1-2]']}
slack:
  signingSecret: {env: SLACK_SIGNING_SECRET}
  responseOrigins: [https://hooks.slack.com:443, 'http://127.0.0.1:8080']
  allow:
    - {team: T012AB3CD, channels: [C012AB3CD], targets: ['@db']}
    - {team: T012AB3CD, users: [U012AB3CD, W012AB3CD], targets: ['@all', web-1]}
tell:
  ops: {slack: {file: secrets/ops}}
  tickets: {url: 'https://tickets.example.com/in?x=1', secret: {file: ~/tickets}}
schedules:
  nightly: {cron: '0 3 * * *', timeZone: Europe/Berlin, targets: ['db-[1-2]'], windowSeconds: 10, watch: busy, tell: [ops, tickets]}
  hourly: {cron: 0 * * * *, targets: [WEB-1], tell: []}
alerts:
  label: node
  hosts: {'10.0.0.7:9100': db-1, old name: web-1}
  quietMinutes: 5
  windowSeconds: 8
  tell: [ops]
`;

const SERVICE = {
  publicUrl: 'https://whodisk.example.com',
  slack: {
    signingSecret: { env: 'SLACK_SIGNING_SECRET' },
    responseOrigins: ['https://hooks.slack.com', 'http://127.0.0.1:8080'],
    allow: [
      { team: 'T012AB3CD', channels: ['C012AB3CD'], targets: ['@db'] },
      { team: 'T012AB3CD', users: ['U012AB3CD', 'W012AB3CD'], targets: ['@all', 'web-1'] },
    ],
  },
  alerts: {
    label: 'node',
    hosts: new Map([
      ['10.0.0.7:9100', 'db-1'],
      ['old name', 'web-1'],
    ]),
    quietMinutes: 5,
    windowSeconds: 8,
    tell: ['ops'],
  },
};

describe('the sections for the service', () => {
  test('are all taken, secrets with paths as seen from whodisk.yml', async () => {
    const config = await configOf(WHOLE);
    expect(config).toMatchObject(SERVICE);
    expect(config.tell).toEqual(
      new Map([
        ['ops', { kind: 'slack', webhook: { file: path.join(root, 'secrets/ops') } }],
        [
          'tickets',
          {
            kind: 'url',
            url: 'https://tickets.example.com/in?x=1',
            secret: { file: path.join(root, 'home/tickets') },
          },
        ],
      ]),
    );
    expect(config.schedules).toEqual([
      {
        name: 'nightly',
        cron: '0 3 * * *',
        timeZone: 'Europe/Berlin',
        targets: ['db-[1-2]'],
        windowSeconds: 10,
        watch: 'busy',
        tell: ['ops', 'tickets'],
      },
      { name: 'hourly', cron: '0 * * * *', timeZone: 'UTC', targets: ['WEB-1'], watch: 'saturated', tell: [] },
    ]);
  });

  test('have defaults', async () => {
    const config = await configOf('slack: {signingSecret: {file: s}, allow: []}\nalerts: {}\n');
    expect(config.slack?.responseOrigins).toEqual(['https://hooks.slack.com']);
    expect(config.alerts).toEqual({ label: 'instance', hosts: new Map(), quietMinutes: 10, tell: [] });
    expect(config).not.toHaveProperty('publicUrl');
  });

  test('stay readable where every sweep is stopped', async () => {
    const config = await configOf(`enabled: false\ninventories: [nowhere]\n${WHOLE}`);
    expect(config).toMatchObject({ ...SERVICE, disabled: expect.stringContaining('enabled is false') });
    expect(config.schedules).toHaveLength(2);
  });

  test('name what is there: destinations, hosts and groups, by path, line and column', async () => {
    const text = `
hosts: {db-1: }
groups: {db: [db-1]}
slack:
  signingSecret: {env: S}
  allow: [{team: T012AB3CD, targets: ['@dbs']}]
tell: {ops: {slack: {env: W}}}
schedules:
  a: {cron: 0 * * * *, targets: [db-2, db, nothing, ops@db-1, 'db-[1-3]'], tell: [opps]}
alerts:
  hosts: {x: '@db', y: db-11}
  tell: [nobody]
`;
    expect(await problemsOf(text)).toEqual([
      '6:39 slack.allow[0].targets[0]: There is no group "dbs". Did you mean @db?',
      '9:34 schedules.a.targets[0]: the inventory has no host "db-2". Did you mean db-1?',
      '9:40 schedules.a.targets[1]: the inventory has no host "db". Did you mean @db?',
      '9:44 schedules.a.targets[2]: the inventory has no host "nothing". Describe it under hosts, or list its file under inventories.',
      '9:53 schedules.a.targets[3]: the inventory has no host "ops@db-1". Describe it under hosts, or list its file under inventories.',
      '9:63 schedules.a.targets[4]: the inventory has no host "db-2". Did you mean db-1?',
      '9:83 schedules.a.tell[0]: tell has no "opps". Did you mean ops?',
      '11:11 alerts.hosts.x: give the name of one host, as the inventory has it.',
      '11:21 alerts.hosts.y: the inventory has no host "db-11". Did you mean db-1?',
      '12:10 alerts.tell[0]: tell has no "nobody". Known are ops.',
    ]);
  });

  test('leave time after a window', async () => {
    const text =
      'deadlineSeconds: 8\nhosts: {a: }\nschedules: {s: {cron: 0 * * * *, targets: [a], windowSeconds: 8, tell: []}}\nalerts: {windowSeconds: 9}\n';
    expect(await problemsOf(text)).toEqual([
      expect.stringContaining('schedules.s.windowSeconds: deadlineSeconds is 8'),
      expect.stringContaining('alerts.windowSeconds: deadlineSeconds is 8'),
    ]);
  });

  test.each([
    ['publicUrl: http://whodisk.example.com', 'publicUrl: give an https URL'],
    ['publicUrl: https://whodisk.example.com/?a', 'publicUrl: give an https URL'],
    ['tell: {a: {url: "http://example.com/", secret: {env: A}}}', 'tell.a.url: give an https URL'],
    ['tell: {a: {url: "http://localhost/", secret: {env: A}}}', 'tell.a.url: give an https URL'],
    ['tell: {a: {url: "https://u:p@example.com/", secret: {env: A}}}', 'tell.a.url: give an https URL'],
    ['tell: {a: {url: "http://169.254.169.254/", secret: {env: A}}}', 'tell.a.url: give an https URL'],
    ['tell: {a: {url: "file:///etc/passwd", secret: {env: A}}}', 'tell.a.url: give an https URL'],
    ['tell: {a: {url: "https://example.com/"}}', 'tell.a: url and secret belong together'],
    ['tell: {a: {slack: {env: A}, secret: {env: A}}}', 'tell.a: url and secret belong together'],
    ['tell: {a: {}}', 'tell.a: give slack (where the webhook is) or url and secret.'],
    ['tell: {a: {slack: https://hooks.slack.com/hunter2}}', 'tell.a.slack: give a mapping'],
    ['tell: {a: {slack: {env: "A B"}}}', 'tell.a.slack.env: give the name of an environment variable.'],
    ['tell: {a: {slack: {env: A, file: B}}}', 'tell.a.slack: give env: NAME or file: PATH'],
    ['tell: {a: {slack: {envs: A}}}', 'tell.a.slack.envs: there is no such setting. Did you mean env?'],
    ['tell: {"a b": {slack: {env: A}}}', 'give a short name'],
    [
      'slack: {signingSecret: {env: A}, allow: [{team: acme, targets: ["@all"]}]}',
      "slack.allow[0].team: give Slack's id, such as T012AB3CD",
    ],
    [
      'slack: {signingSecret: {env: A}, allow: [{team: T012AB3CD, targets: []}]}',
      'slack.allow[0].targets: give a target',
    ],
    [
      'slack: {signingSecret: {env: A}, allow: [{team: T012AB3CD, user: U1, targets: ["@all"]}]}',
      'slack.allow[0].user: there is no such setting. Did you mean users?',
    ],
    [
      'slack: {signingSecret: {env: A}, allow: [], responseOrigins: ["https://hooks.slack.com/x"]}',
      'slack.responseOrigins[0]: give scheme://host[:port]',
    ],
    [
      'slack: {signingSecret: {env: A}, allow: [], responseOrigins: ["http://localhost:1"]}',
      'slack.responseOrigins[0]: give scheme://host[:port]',
    ],
    ['slack: {allow: []}', 'slack.signingSecret: give a mapping'],
    ['schedules: {a: {cron: "0 0 3 * * *", targets: ["@all"], tell: []}}', 'schedules.a.cron: give five fields'],
    [
      'schedules: {a: {cron: "0 3 * * *", timeZone: Berlin, targets: ["@all"], tell: []}}',
      'schedules.a.timeZone: give a time zone',
    ],
    [
      'schedules: {a: {cron: "0 3 * * *", timeZone: "+01:00", targets: ["@all"], tell: []}}',
      'schedules.a.timeZone: give a time zone',
    ],
    [
      'schedules: {a: {cron: "0 3 * * *", watch: hung, targets: ["@all"], tell: []}}',
      'schedules.a.watch: give one of saturated, busy.',
    ],
    [
      'schedules: {a: {crons: "0 3 * * *", targets: ["@all"], tell: []}}',
      'schedules.a.crons: there is no such setting. Did you mean cron?',
    ],
    ['alerts: {quiet: 3}', 'alerts.quiet: there is no such setting. Did you mean quietMinutes?'],
    ['alerts: {quietMinutes: -1}', 'alerts.quietMinutes: give a whole number from 0 to 1440.'],
    ['scheduless: {}', 'scheduless: there is no such setting. Did you mean schedules?'],
  ])('are refused where they mean nothing, or too much: %s', async (text, expected) => {
    const problems = (await problemsOf(`${text}\n`)).join('\n');
    expect(problems).toContain(expected);
    expect(problems).not.toContain('hunter2');
  });
});
