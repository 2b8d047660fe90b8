/** `whodisk serve` as a process of its own: it starts, is asked, breaks, is mended, and ends. */
import { spawn } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { type RecordedFleet, recordedFleet } from '../serve/recorded-fleet.ts';
import { endedSweep, type ServeProcess, startServe, until } from '../serve/serve-process.ts';
import { runWhodisk, type Said, WHODISK } from './whodisk-command.ts';

const need = needs('linux');
/** What was read counts for two seconds; asking again and again would end at the limit on sweeps. */
const untilReadAnew = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2200));

describe.skipIf(need.skip)('whodisk serve', () => {
  let fleet: RecordedFleet;
  const running: ServeProcess[] = [];
  beforeAll(async () => {
    fleet = await recordedFleet({ hosts: 6, answerAfterMs: 1500 });
  });
  afterEach(async () => {
    for (const serve of running.splice(0)) await serve.end('SIGKILL');
  });
  afterAll(() => fleet?.remove());

  async function start(options: { folder?: string; args?: readonly string[] } = {}): Promise<ServeProcess> {
    const serve = await startServe({ folder: fleet.folder, ...options });
    running.push(serve);
    return serve;
  }
  const whodisk = (...args: string[]): Promise<Said> =>
    runWhodisk([...args, '--state', join(fleet.folder, 'state')], { cwd: fleet.folder });

  it('tells where it listens, takes the token of its file, which nobody else can read, and no other', async () => {
    const serve = await start();
    expect(serve.url).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/);
    expect(statSync(join(fleet.folder, 'state', 'token')).mode & 0o777).toBe(0o600);
    expect((await serve.request('/healthz')).status).toBe(200);
    expect((await serve.request('/v1/sweeps')).status).toBe(200);
    const stranger = await fetch(`${serve.url}/v1/sweeps`);
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('www-authenticate')).toContain('Bearer');
    const nowhere = await serve.request('/nowhere');
    expect(nowhere.status).toBe(404);
    expect(nowhere.headers.get('content-type')).toContain('application/problem+json');
    expect((await serve.request('/chat/slack', { body: {} })).status).toBe(404);
    expect(await serve.end('SIGTERM')).toBe(0);
    expect(serve.stderr()).not.toContain(serve.token);
  });

  it('knows a token from when it is made until it is revoked, and the audit tells of both', async () => {
    const serve = await start();
    const made = await whodisk('token', 'create', '--scope', 'read', '--name', 'grafana');
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^whodisk_[\w-]{43}\n$/);
    expect(made.stderr).not.toContain(made.stdout.trim());
    const headers = { authorization: `Bearer ${made.stdout.trim()}` };
    const status = async (path: string, body?: unknown): Promise<number> =>
      (await serve.request(path, { headers, ...(body !== undefined && { body }) })).status;
    expect(await status('/v1/sweeps')).toBe(200);
    expect(await status('/v1/sweeps', { targets: ['host-1'] })).toBe(403);
    expect((await whodisk('token', 'list')).stdout).toMatch(/^\w{26} grafana: scope read, made .*, in use\n$/);
    expect((await whodisk('token', 'revoke', 'grafana')).code).toBe(0);
    expect(await status('/v1/sweeps')).toBe(401);
    expect((await whodisk('token', 'revoke', 'nobody')).code).toBe(2);

    const lines = (await whodisk('audit')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['token-revoked', 'refused', 'token-created']);
    const { records } = JSON.parse((await whodisk('audit', '--json')).stdout) as { records: object[] };
    expect(records[0]).toMatchObject({ event: 'token-revoked', token: 'grafana', scope: 'read', by: { kind: 'cli' } });
  });

  it('sees what another one on the same store does, and its command line the same', async () => {
    const [one, other] = [await start(), await start()];
    const asked = await one.request('/v1/sweeps', { body: { targets: ['host-1'], windowSeconds: 1 } });
    expect(asked.status).toBe(202);
    const id = String(asked.headers.get('location')).split('/').at(-1) ?? '';
    expect(await endedSweep(other, id)).toMatchObject({ status: 'complete', swept: 1 });
    expect((await whodisk('history', '--json')).stdout).toContain(id);
    expect((await whodisk('audit')).stdout).toMatch(new RegExp(`ended ${id}: complete, 1 swept`));
    expect(await one.end('SIGTERM')).toBe(0);
    expect((await other.request('/healthz')).status).toBe(200);
    expect(await endedSweep(other, id)).toMatchObject({ status: 'complete' });
  });

  it('ends on SIGTERM in mid-sweep with 0, and the next one does the rest', async () => {
    const slow = await recordedFleet({ hosts: 6, answerAfterMs: 1500, more: 'forks: 2' });
    try {
      const first = await start({ folder: slow.folder });
      const asked = await first.request('/v1/sweeps', { body: { targets: ['@fleet'], windowSeconds: 1 } });
      const id = String(asked.headers.get('location')).split('/').at(-1) ?? '';
      await until(
        async () => (await (await first.request(`/v1/sweeps/${id}`)).json()) as { status: string },
        ({ status }) => status === 'running',
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await first.end('SIGTERM')).toBe(0);
      const second = await start({ folder: slow.folder });
      expect(await endedSweep(second, id)).toMatchObject({ status: 'complete', targets: 6, swept: 6, notSwept: 0 });
      expect(second.stderr()).toContain('a sweep goes on that was begun before');
    } finally {
      for (const serve of running.splice(0)) await serve.end('SIGKILL');
      await slow.remove();
    }
  });

  it('ends on SIGINT with 130', async () => {
    const serve = await start();
    expect(await serve.end('SIGINT')).toBe(130);
  });

  it('leaves at once on a second signal, whatever is under way', async () => {
    const slow = await recordedFleet({ hosts: 1, answerAfterMs: 30_000 });
    try {
      const serve = await start({ folder: slow.folder });
      await serve.request('/v1/sweeps', { body: { targets: ['@fleet'] } });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const first = serve.end('SIGTERM');
      await until(
        async () => serve.stderr(),
        (said) => said.includes('the service ends'),
      );
      const second = performance.now();
      expect(await serve.end('SIGTERM')).toBe(143);
      expect(await first).toBe(143);
      expect(performance.now() - second).toBeLessThan(3000);
    } finally {
      await slow.remove();
    }
  });

  it('begins no sweep while whodisk.yml is broken, says where, and goes on once it is mended', async () => {
    const folder = fleet.folder;
    const other = join(folder, 'other.yml');
    const good = 'hosts:\n  nobody: { address: 127.0.0.1, port: 1 }\n';
    writeFileSync(other, good);
    const serve = await start({ args: ['-c', 'other.yml'] });
    const ask = (): Promise<Response> => serve.request('/v1/sweeps', { body: { targets: ['nobody'] } });
    expect((await ask()).status).toBe(202);
    writeFileSync(other, `${good}surprise: true\n`);
    await untilReadAnew();
    const refused = await ask();
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain('other.yml:3:1');
    expect((await serve.request('/v1/sweeps')).status).toBe(200);
    expect(serve.stderr()).toContain('other.yml:3:1');
    writeFileSync(other, good);
    await untilReadAnew();
    expect((await ask()).status).toBe(202);
  });

  it('does not start on a port that is in use, without a store, or with a whodisk.yml that is broken: what, where, what to do', async () => {
    const serve = await start();
    const taken = await whodisk('serve', '--listen', new URL(serve.url).host);
    expect(taken.code).toBe(1);
    expect(taken.stdout).toBe('');
    expect(taken.stderr).toMatch(
      /^whodisk: the service does not start: cannot listen on 127\.0\.0\.1:\d+: .*\n {2}.*--listen/,
    );
    const none = await whodisk('serve', '--listen', '127.0.0.1:0', '--store', 'none');
    expect(none).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('the store is none') });
    writeFileSync(join(fleet.folder, 'broken.yml'), 'hsots: {}\n');
    const broken = await whodisk('serve', '--listen', '127.0.0.1:0', '-c', 'broken.yml');
    expect(broken).toMatchObject({ code: 2, stderr: expect.stringMatching(/broken\.yml:1:1.*hosts/) });
    const open = join(fleet.folder, 'open-token');
    writeFileSync(open, 'x', { mode: 0o644 });
    const exposed = await whodisk('serve', '--listen', '127.0.0.1:0', '--token-file', open);
    expect(exposed).toMatchObject({ code: 1, stderr: expect.stringContaining('open to others') });
  });

  it('greets a person with the address, the token file, and a line to try that works', async () => {
    const words = ['serve', '--listen', '127.0.0.1:0', '--state', join(fleet.folder, 'state')];
    const child = spawn(process.execPath, [WHODISK, ...words], {
      cwd: fleet.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      const text = await until(
        async () => said,
        (sofar) => sofar.includes('Ctrl-C ends it.'),
      );
      expect(text).toMatch(
        /^whodisk listens on http:\/\/127\.0\.0\.1:\d+\nIt sweeps the \d+ hosts? of whodisk\.yml\.\n/,
      );
      expect(text).toContain(`whodisk token create --scope run --name NAME --state ${join(fleet.folder, 'state')}\n`);
      const line = /^ +(curl .*\/v1\/sweeps)$/m.exec(text)?.[1] ?? '';
      const curl = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'inherit'] });
      let answer = '';
      curl.stdout.on('data', (chunk: Buffer) => {
        answer += chunk.toString();
      });
      await new Promise((resolve) => curl.once('close', resolve));
      expect(JSON.parse(answer)).toHaveProperty('sweeps');
    } finally {
      child.kill('SIGKILL');
    }
  });
});
