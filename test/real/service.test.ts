/** The whole way on real parts: request, plan, worker, sshd, a disk that is really saturated, store, ranking, and a message in the channel. */
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, openLab } from '../lab/session.ts';
import { createSlowDisk, SLOW_DISK_NEEDS, type SlowDisk } from '../lab/slow-disk.ts';
import { untilBusy, watchDisk } from '../lab/watch-disk.ts';
import { rotatingLogger } from '../lab/workloads.ts';
import { needs } from '../needs.ts';
import { type Receiver, startReceiver } from '../serve/receiver.ts';
import { endedSweep, type ServeProcess, startServe } from '../serve/serve-process.ts';
import { pressButton, type SlackSite, slashCommand } from '../serve/slack-request.ts';
import { freePort, SSHD_NEEDS, type Sshd, startSshd } from './sshd.ts';

const need = needs(...SLOW_DISK_NEEDS, ...SSHD_NEEDS);
const MIB = 1024 * 1024;
const SECRET = 'of-the-signing-kind';
const LEAST_BUSY_PERCENT = 95;

describe.skipIf(need.skip)('the service, with a disk that a rotating logger saturates', () => {
  let lab: Lab;
  let disk: SlowDisk;
  let sshd: Sshd;
  let receiver: Receiver;
  let serve: ServeProcess;
  let slack: SlackSite;
  let logFile: string;

  beforeAll(async () => {
    lab = openLab();
    disk = createSlowDisk(lab, { bytesPerSecond: 20 * MIB });
    sshd = await startSshd();
    receiver = await startReceiver();
    copyFileSync(sshd.identity, join(lab.folder, 'id'));
    chmodSync(join(lab.folder, 'id'), 0o600);
    const key = sshd.hostKeyLine.split(' ').slice(1).join(' ');
    writeFileSync(
      join(lab.folder, 'whodisk.yml'),
      `user: root
identityFiles: [id]
publicUrl: https://whodisk.example
hosts:
  db-1: { address: 127.0.0.1, port: ${sshd.port}, hostKeys: ['${key}'] }
  db-2: { address: 127.0.0.1, port: ${await freePort()}, hostKeys: ['${key}'] }
  secret-1: { address: 127.0.0.1, port: ${sshd.port}, user: nobody, hostKeys: ['${key}'] }
groups:
  db: [db-1, db-2]
slack:
  signingSecret: { env: SIGNING_SECRET }
  responseOrigins: ['${receiver.origin}']
  allow:
    - { team: T012AB3CD, channels: [C012AB3CD], targets: ['@db'] }
`,
      { mode: 0o600 },
    );
    serve = await startServe({ folder: lab.folder, env: { SIGNING_SECRET: SECRET } });
    const who = { team: 'T012AB3CD', channel: 'C012AB3CD', user: 'U012AB3CD' };
    slack = { url: serve.url, signingSecret: SECRET, ...who, responseUrl: `${receiver.origin}/response/1` };
    logFile = join(disk.mountpoint, 'logtest.txt');
    await rotatingLogger(lab, logFile, 300 * MIB);
    await untilBusy(disk.device);
  }, 120_000);

  afterAll(async () => {
    await serve?.end('SIGTERM');
    await receiver?.stop();
    lab?.close();
    await sshd?.stop();
  });

  test('names the culprit to who asks by the API, and says what could not be reached', async () => {
    const watch = watchDisk(disk.device);
    const asked = await serve.request('/v1/sweeps', { body: { targets: ['@db'] } });
    expect(asked.status).toBe(202);
    const location = String(asked.headers.get('location'));
    const id = location.split('/').at(-1) ?? '';
    const sweep = await endedSweep(serve, id);
    const premise = watch.stop();
    expect(premise.meanBusyPercent).toBeGreaterThanOrEqual(LEAST_BUSY_PERCENT);
    expect(sweep).toMatchObject({ status: 'complete', trigger: 'api', targets: 2, swept: 1, notSwept: 1 });

    const ranking = await (await serve.request(`${location}/ranking`)).json();
    expect(JSON.stringify(ranking)).toContain('"host":"db-1"');
    const finding = await serve.request(`${location}/hosts/db-1`);
    const host = (await finding.json()) as { verdict: string; disks: Record<string, unknown>[] };
    expect(host.verdict).toBe('saturated');
    const saturated = host.disks.find(({ device }) => device === disk.device);
    expect(saturated).toMatchObject({ verdict: 'saturated', culprits: [{ files: [{ path: logFile }] }] });
    const lost = (await (await serve.request(`${location}/hosts/db-2`)).json()) as object;
    expect(lost).toMatchObject({ status: 'not-swept', failure: { phase: 'connect', kind: 'refused' } });
  });

  test('answers in the channel with the culprit, and again when the button is pressed', async () => {
    const began = performance.now();
    const acknowledged = await slashCommand(slack, '@db');
    expect(acknowledged.status).toBe(200);
    expect(performance.now() - began).toBeLessThan(3000);
    expect(await acknowledged.text()).toContain('@db');

    const { json, raw } = await receiver.message('/response/1');
    expect(raw).toContain('db-1');
    expect(raw).toContain('logtest.txt');
    expect(raw).toContain('db-2');
    expect(receiver.received.filter(({ path }) => path === '/response/1')).toHaveLength(1);
    const buttons = buttonsIn(json);
    expect(buttons.map(({ text }) => text.text)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/details/iu),
        expect.stringMatching(/again/iu),
        expect.stringMatching(/open/iu),
      ]),
    );

    const again = buttons.find(({ text }) => /again/iu.test(text.text));
    const pressed = await pressButton(
      { ...slack, responseUrl: `${receiver.origin}/response/2` },
      {
        action_id: String(again?.action_id),
        ...(again?.value !== undefined && { value: again.value }),
      },
    );
    expect(pressed.status).toBe(200);
    const second = await receiver.message('/response/2', 0);
    const messages = [second, ...receiver.received.filter(({ path }) => path === '/response/2')];
    expect(messages.length).toBeGreaterThan(0);
    await expect
      .poll(
        () => receiver.received.some(({ path, raw: text }) => path === '/response/2' && text.includes('logtest.txt')),
        { timeout: 30_000 },
      )
      .toBe(true);
  });

  test('lets nobody sweep in chat what the channel may not, and keeps a record of who asked', async () => {
    const refused = await slashCommand(slack, 'secret-1');
    expect(refused.status).toBe(200);
    expect(await refused.text()).not.toContain('Sweeping');
    const audit = await (await serve.request('/v1/audit')).json();
    const events = JSON.stringify(audit);
    expect(events).toContain('"refused"');
    expect(events).toContain('"chat"');
    expect(events).toContain('"ended"');
  });
});

interface Button {
  readonly text: { readonly text: string };
  readonly action_id?: string;
  readonly value?: string;
}

function buttonsIn(message: unknown): Button[] {
  const { blocks = [] } = message as { blocks?: { type: string; elements?: (Button & { type: string })[] }[] };
  return blocks
    .flatMap(({ type, elements = [] }) => (type === 'actions' ? elements : []))
    .filter(({ type }) => type === 'button');
}
