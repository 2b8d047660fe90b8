/** Alertmanager itself: an alert fires, the host that it names is swept, and the culprit is in the channel. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { type Receiver, startReceiver } from '../serve/receiver.ts';
import { type RecordedFleet, recordedFleet } from '../serve/recorded-fleet.ts';
import { endedSweep, type ServeProcess, startServe, until } from '../serve/serve-process.ts';
import { freePort } from './sshd.ts';

const need = needs('prometheus-alertmanager');

describe.skipIf(need.skip)('Alertmanager', () => {
  let fleet: RecordedFleet;
  let receiver: Receiver;
  let serve: ServeProcess;
  let alertmanager: ChildProcess;
  let url: string;
  let said = '';

  beforeAll(async () => {
    receiver = await startReceiver();
    fleet = await recordedFleet({
      hosts: 4,
      more: `
tell: { ops: { slack: { env: OPS_WEBHOOK } } }
alerts: { tell: [ops] }
`,
    });
    serve = await startServe({ folder: fleet.folder, env: { OPS_WEBHOOK: `${receiver.origin}/services/ops` } });
    const folder = join(fleet.folder, 'alertmanager');
    mkdirSync(folder);
    writeFileSync(join(folder, 'token'), serve.token);
    chmodSync(join(folder, 'token'), 0o600);
    writeFileSync(
      join(folder, 'alertmanager.yml'),
      `route: { receiver: whodisk, group_by: [alertname], group_wait: 1s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: whodisk
    webhook_configs:
      - url: ${serve.url}/hooks/alertmanager
        send_resolved: false
        http_config: { authorization: { credentials_file: ${folder}/token } }
`,
    );
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    alertmanager = spawn(
      '/usr/bin/prometheus-alertmanager',
      [
        `--config.file=${folder}/alertmanager.yml`,
        `--storage.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    alertmanager.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const ready = async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.status;
    await until(ready, (status) => status === 200);
  }, 60_000);

  afterAll(async () => {
    alertmanager?.kill();
    await serve?.end('SIGTERM');
    await receiver?.stop();
    await fleet?.remove();
  });

  const says = (words: string): Promise<boolean> =>
    until(
      async () => said.includes(words),
      (isSaid) => isSaid,
    );

  async function fire(alertname: string, ...instances: string[]): Promise<void> {
    const alerts = instances.map((instance) => ({ labels: { alertname, instance, job: 'node' } }));
    const answer = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    expect(answer.status).toBe(200);
  }

  async function alertSweeps(): Promise<{ id: string; trigger: string; by: string; asked: string[] }[]> {
    const { sweeps } = (await (await serve.request('/v1/sweeps')).json()) as never;
    return sweeps;
  }

  test('has the hosts of one group swept together, and the culprit told', async () => {
    await fire('DiskSaturated', 'host-1:9100', 'host-2:9100', 'nowhere:9100');
    const { json } = await receiver.message('/services/ops');
    expect(JSON.stringify(json)).toContain('logtest.py');
    expect(JSON.stringify(json)).toContain('Alert DiskSaturated');
    const [sweep, ...others] = await alertSweeps();
    expect(others).toEqual([]);
    expect(sweep).toMatchObject({ trigger: 'alert', by: 'alert DiskSaturated' });
    expect([...(sweep?.asked ?? [])].sort()).toEqual(['host-1', 'host-2']);
    await endedSweep(serve, sweep?.id ?? '');
    // Taken: Alertmanager does not try again.
    expect(said).not.toMatch(/level=(?:error|warn)/u);
  }, 60_000);

  test('that comes again soon has only hosts swept that are not quiet', async () => {
    await fire('DiskSlow', 'host-2:9100', 'host-3:9100');
    await until(alertSweeps, ({ length }) => length === 2);
    const [sweep] = await alertSweeps();
    expect(sweep?.asked).toEqual(['host-3']);
    await receiver.message('/services/ops', 1);
  }, 60_000);

  test('comes again by itself where nothing could be swept', async () => {
    await serve.end('SIGTERM');
    await fire('DiskHung', 'host-4:9100');
    await says('connection refused');
    const port = new URL(serve.url).port;
    serve = await startServe({
      folder: fleet.folder,
      args: ['--listen', `127.0.0.1:${port}`],
      env: { OPS_WEBHOOK: `${receiver.origin}/services/ops` },
    });
    await until(alertSweeps, ({ length }) => length === 3);
    expect((await alertSweeps())[0]?.asked).toEqual(['host-4']);
    await receiver.message('/services/ops', 2);
  }, 90_000);
});
