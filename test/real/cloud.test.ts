/**
 * The whole way in the cloud on real parts: requests, rules and messages as AWS hands them over go through the functions as they are
 * deployed, from their zips, to a real sshd and a disk that is really saturated, and come back as a ranking and as messages in a channel.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newToken } from '../../functions/auth/token.ts';
import { type Cloud, startCloud, TABLE } from '../cloud/cloud-site.ts';
import { GATEWAY_ORIGIN } from '../cloud/http-event.ts';
import { LOCAL_AWS } from '../cloud/local-aws.ts';
import { type MadePackage, makePackage } from '../cloud/make-package.ts';
import { refusedBy } from '../infra/permitted.ts';
import { type Lab, openLab } from '../lab/session.ts';
import { createSlowDisk, SLOW_DISK_NEEDS, type SlowDisk } from '../lab/slow-disk.ts';
import { untilBusy, watchDisk } from '../lab/watch-disk.ts';
import { rotatingLogger } from '../lab/workloads.ts';
import { needs } from '../needs.ts';
import { type Receiver, startReceiver } from '../serve/receiver.ts';
import { endedSweep } from '../serve/serve-process.ts';
import { type SlackSite, slashCommand } from '../serve/slack-request.ts';
import { makeCertificate } from '../tls-certificate.ts';
import { freePort, SSHD_NEEDS, type Sshd, startSshd } from './sshd.ts';
import { runWhodisk } from './whodisk-command.ts';

const need = needs(...SLOW_DISK_NEEDS, ...SSHD_NEEDS, 'openssl', 'unzip');
const MIB = 1024 * 1024;
const SIGNING_SECRET = 'of-the-signing-kind';
const WEBHOOK_PATH = '/services/T000/B000/hunter2';
const LEAST_BUSY_PERCENT = 95;

describe.skipIf(need.skip)('the cloud, with a disk that a rotating logger saturates', () => {
  const token = newToken();
  let packaged: MadePackage;
  let lab: Lab;
  let disk: SlowDisk;
  let sshd: Sshd;
  let receiver: Receiver;
  let cloud: Cloud;
  let slack: SlackSite;
  let logFile: string;
  let configText: string;

  beforeAll(async () => {
    packaged = await makePackage();
    lab = openLab();
    disk = createSlowDisk(lab, { bytesPerSecond: 20 * MIB });
    sshd = await startSshd();
    const certificate = makeCertificate('IP:127.0.0.1');
    receiver = await startReceiver(certificate);
    const authorities = join(lab.folder, 'authorities.pem');
    writeFileSync(authorities, certificate.cert);
    // Whom a certificate is trusted from is all that is different for the functions, beside where AWS is.
    cloud = await startCloud({ package: packaged, visibilitySeconds: 60, env: { NODE_EXTRA_CA_CERTS: authorities } });
    cloud.secrets.put('ApiTokenSecret', token);
    cloud.secrets.put('SshKeySecret', readFileSync(sshd.identity, 'utf8'));
    const secrets = { SIGNING_SECRET, OPS_WEBHOOK: receiver.origin + WEBHOOK_PATH };
    cloud.secrets.put('Secrets', JSON.stringify(secrets));
    configText = configOf(sshd, await freePort(), receiver.origin);
    const who = { team: 'T012AB3CD', channel: 'C012AB3CD', user: 'U012AB3CD' };
    slack = {
      url: 'https://whodisk.example',
      signingSecret: SIGNING_SECRET,
      ...who,
      responseUrl: `${receiver.origin}/response/1`,
      send: ({ pathname }, request) => cloud.request(pathname, request),
    };
    logFile = join(disk.mountpoint, 'logtest.txt');
    await rotatingLogger(lab, logFile, 300 * MIB);
    await untilBusy(disk.device);
  }, 180_000);

  afterAll(async () => {
    await cloud?.end();
    await receiver?.stop();
    lab?.close();
    await sshd?.stop();
    packaged?.remove();
  });

  const request = (path: string, body?: object): Promise<Response> =>
    cloud.request(path, {
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });

  async function swept(targets: readonly string[]): Promise<{ id: string; sweep: Record<string, unknown> }> {
    const asked = await request('/v1/sweeps', { targets });
    expect(asked.status).toBe(202);
    const id = String(asked.headers.get('location')).split('/').at(-1) ?? '';
    return { id, sweep: await endedSweep({ request: (path) => request(path) }, id) };
  }

  /** With the premise checked: that the disk was busy all the time. */
  async function whileBusy<T>(act: () => Promise<T>): Promise<T> {
    const watch = watchDisk(disk.device);
    const done = await act();
    expect(watch.stop().meanBusyPercent).toBeGreaterThanOrEqual(LEAST_BUSY_PERCENT);
    return done;
  }

  const hostOf = async (id: string, host: string): Promise<Record<string, unknown>> =>
    (await (await request(`/v1/sweeps/${id}/hosts/${host}`)).json()) as Record<string, unknown>;

  test('begins no sweep until a configuration is published, and takes one from the bucket without a deploy', async () => {
    expect((await request('/v1/sweeps', { targets: ['@db'] })).status).toBe(503);
    await cloud.bucket.put('whodisk.yml', configText);
    await cloud.bucket.put('known_hosts', `${sshd.hostKeyLine}\n`);
    await cloud.invoke('config');
    await expect
      .poll(async () => (await request('/v1/sweeps', { targets: ['nobody'] })).status, { timeout: 5000, interval: 500 })
      .toBe(422);
  });

  test('refuses whoever has no token', async () => {
    expect((await cloud.request('/v1/sweeps')).status).toBe(401);
  });

  test('names the culprit to who asks by the API, and says what could not be reached', async () => {
    const { id, sweep } = await whileBusy(() => swept(['@db']));
    expect(sweep).toMatchObject({ status: 'complete', trigger: 'api', targets: 2, swept: 1, notSwept: 1 });

    const ranking = (await (await request(`/v1/sweeps/${id}/ranking`)).json()) as { rows: { host: string }[] };
    expect(ranking.rows.map(({ host }) => host)).toEqual(['db-1', 'db-2']);
    const host = await hostOf(id, 'db-1');
    expect(host['verdict']).toBe('saturated');
    const saturated = (host['disks'] as { device: string }[]).find(({ device }) => device === disk.device);
    expect(saturated).toMatchObject({ verdict: 'saturated', culprits: [{ files: [{ path: logFile }] }] });
    expect(await hostOf(id, 'db-2')).toMatchObject({
      status: 'not-swept',
      failure: { phase: 'connect', kind: 'refused' },
    });
  });

  test('shows in a browser, to whoever signs in with a token, what a sweep that they start there finds', async () => {
    const open = (path: string, form?: Record<string, string>, cookie = ''): Promise<Response> =>
      cloud.request(path, {
        headers: {
          cookie,
          ...(form && { 'content-type': 'application/x-www-form-urlencoded', origin: GATEWAY_ORIGIN }),
        },
        ...(form && { body: new URLSearchParams(form).toString() }),
      });
    const to = (answer: Response, path: string): string => {
      expect(answer.status).toBe(303);
      const { pathname, search } = new URL(answer.headers.get('location') ?? '', GATEWAY_ORIGIN + path);
      return pathname + search;
    };
    const led = to(await open('/sweeps/new'), '/sweeps/new');
    expect(led).toBe('/sign-in?next=sweeps%2Fnew');
    expect((await open('/sign-in', { token: newToken() })).status).toBe(403);
    const signedIn = await open('/sign-in', { token, next: 'sweeps/new' });
    expect(to(signedIn, '/sign-in')).toBe('/sweeps/new');
    const [cookie = ''] = (signedIn.headers.getSetCookie()[0] ?? '').split(';');
    expect(signedIn.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-whodisk=.*; HttpOnly; Secure/)]);
    const read = async (path: string): Promise<string> => {
      const answer = await open(path, undefined, cookie);
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      return await answer.text();
    };

    const html = await read('/sweeps/new');
    expect(html).toContain('@db');
    expect((await open('/sweeps/new', { targets: '@db' }, cookie)).status).toBe(403);
    const form = { form: /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '', targets: '@db' };
    const sweepPath = await whileBusy(async () => {
      const path = to(await open('/sweeps/new', form, cookie), '/sweeps/new');
      await endedSweep({ request: (asked) => request(asked) }, path.split('/').at(-1) ?? '');
      return path;
    });
    const style = /<link rel="stylesheet" href="\.\.(\/page-\w+\.css)"/.exec(await read(sweepPath))?.[1] ?? '';
    expect((await open(style)).headers.get('content-type')).toContain('text/css');
    expect(await (await open(style)).text()).toContain('{');
    for (const path of [sweepPath, `${sweepPath}/hosts/db-1`]) expect(await read(path)).toContain('logtest.txt');
    for (const path of ['/', '/sweeps', '/hosts/db-1', '/diff']) expect(await read(path)).toContain('db');
    const { records } = (await (await request('/v1/audit')).json()) as { records: { by: object; asked?: string[] }[] };
    expect(records).toContainEqual(
      expect.objectContaining({ event: 'asked', by: expect.objectContaining({ token: 'secret' }) }),
    );

    const out = { form: /name="form" value="([^"]+)"/.exec(await read('/sweeps'))?.[1] ?? '' };
    expect(to(await open('/sign-out', out, cookie), '/sign-out')).toBe('/sign-in');
    expect((await open(sweepPath, undefined, cookie)).status).toBe(303);
  });

  test('answers a slash command at once, and then in the channel with the culprit', async () => {
    const { raw } = await whileBusy(async () => {
      const acknowledged = await slashCommand(slack, '@db');
      expect(acknowledged.status).toBe(200);
      expect(await acknowledged.text()).toContain('@db');
      return await receiver.message('/response/1');
    });
    expect(raw).toContain('db-1');
    expect(raw).toContain('logtest.txt');
    expect(raw).toContain('db-2');
    expect(receiver.received.filter(({ path }) => path === '/response/1')).toHaveLength(1);
  });

  test('does nothing for a slash command that somebody else has signed', async () => {
    expect((await slashCommand({ ...slack, signingSecret: 'guessed' }, '@db')).status).toBe(401);
  });

  test('sweeps once for a schedule that fires twice in a minute, and tells the channel what is new', async () => {
    const event = { schedule: 'nightly', scheduledTime: new Date().toISOString() };
    const { raw } = await whileBusy(async () => {
      await Promise.all([cloud.invoke('schedule', event), cloud.invoke('schedule', event)]);
      return await receiver.message(WEBHOOK_PATH);
    });
    expect(raw).toContain('logtest.txt');
    const { sweeps } = (await (await request('/v1/sweeps')).json()) as { sweeps: { trigger: string }[] };
    expect(sweeps.filter(({ trigger }) => trigger === 'schedule')).toHaveLength(1);
    expect(receiver.received.filter(({ path }) => path === WEBHOOK_PATH)).toHaveLength(1);
  });

  test('is read by the command line of a laptop', async () => {
    const env = { ...LOCAL_AWS, AWS_ENDPOINT_URL_DYNAMODB: cloud.dynamoDb.endpoint };
    const whodisk = (...args: string[]) => runWhodisk([...args, '--store', `dynamodb:${TABLE}`], { env });
    const history = await whodisk('history');
    expect(history).toMatchObject({ code: 0 });
    for (const trigger of ['api', 'chat', 'schedule']) expect(history.stdout).toContain(trigger);
    const explained = await whodisk('explain', 'db-1');
    expect(explained).toMatchObject({ code: 0 });
    expect(explained.stdout).toContain(logFile);
    const difference = await whodisk('diff');
    expect(difference).toMatchObject({ code: 0 });
    expect(difference.stdout).toContain('1 unchanged');
    expect(difference.stdout).toContain('db-2: not swept now (refused)');
  });

  test('fails each host once with a sentence where the secret of the key is denied, and logs in nowhere', async () => {
    // A worker that is warm has read it a moment ago.
    await cloud.lambda('worker').end();
    cloud.secrets.deny('SshKeySecret', true);
    const asked = () => cloud.secrets.asked.filter((name) => name === 'SshKeySecret').length;
    const [before, log] = [asked(), sshd.log()];
    const { id, sweep } = await swept(['@db']);
    cloud.secrets.deny('SshKeySecret', false);
    expect(sweep).toMatchObject({ status: 'complete', swept: 0, notSwept: 2 });
    for (const name of ['db-1', 'db-2']) {
      const { failure } = (await hostOf(id, name)) as { failure: { message: string } };
      expect(failure.message).toContain('SshKeySecret');
      expect(failure.message).not.toContain('PRIVATE KEY');
    }
    expect(sshd.log()).toBe(log);
    expect(asked() - before).toBe(1);
  });

  test('leaves no message behind, and no secret in any log', async () => {
    const names = ['api', 'chat', 'schedule', 'config', 'plan', 'worker', 'finish', 'deadletter', 'watchdog'];
    await cloud.invoke('watchdog');
    const said = names.map((name) => cloud.lambda(name).output()).join('');
    expect(said).toContain('a sweep has ended');
    const keyLine = readFileSync(sshd.identity, 'utf8').split('\n')[2] ?? '';
    for (const secret of [token, SIGNING_SECRET, 'hunter2', keyLine]) expect(said).not.toContain(secret);
    expect(cloud.lambda('deadletter').used().invocations).toBe(0);
    for (const [name, { ended }] of cloud.sources)
      expect({ name, ...ended }).toMatchObject({ name, failed: 0, crashed: 0 });
  });

  test('has asked nothing of the table that the roles of the template do not allow', async () => {
    const asked = (await cloud.dynamoDb.requests()).filter(({ by }) => by !== LOCAL_AWS.AWS_ACCESS_KEY_ID);
    const names = ['api', 'chat', 'config', 'finish', 'plan', 'schedule', 'watchdog', 'worker'];
    expect([...new Set(asked.map(({ by }) => by))].sort()).toEqual(names);
    expect(refusedBy(packaged.template, asked)).toEqual([]);
  });
});

function configOf(sshd: Sshd, closedPort: number, origin: string): string {
  const key = sshd.hostKeyLine.split(' ').slice(1).join(' ');
  return `user: root
publicUrl: https://whodisk.example
hosts:
  db-1: { address: 127.0.0.1, port: ${sshd.port} }
  db-2: { address: 127.0.0.1, port: ${closedPort}, hostKeys: ['${key}'] }
  secret-1: { address: 127.0.0.1, port: ${sshd.port}, user: nobody, hostKeys: ['${key}'] }
groups:
  db: [db-1, db-2]
slack:
  signingSecret: { env: SIGNING_SECRET }
  responseOrigins: ['${origin}']
  allow:
    - { team: T012AB3CD, channels: [C012AB3CD], targets: ['@db'] }
tell:
  ops: { slack: { env: OPS_WEBHOOK } }
schedules:
  nightly: { cron: 0 3 * * *, targets: ['@db'], tell: [ops] }
`;
}
