import { EventEmitter } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { reportSchema } from '../../runner/report.ts';
import { makeKeyPair } from '../../test/faults/key-pair.ts';
import { main } from './main.ts';
import type { Streams } from './streams.ts';

const home = mkdtempSync(join(tmpdir(), 'whodisk-home-'));
afterAll(() => rmSync(home, { recursive: true }));
const env = { HOME: home, PATH: process.env['PATH'] };

interface Stage {
  readonly streams: Streams & EventEmitter;
  readonly exits: number[];
  out(): string;
  err(): string;
}

function stage(options: { platform?: string; isTTY?: boolean; stdout?: Writable } = {}): Stage {
  const exits: number[] = [];
  const texts = { out: '', err: '' };
  const keep = (name: 'out' | 'err'): PassThrough => {
    const stream = new PassThrough();
    stream.on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
    return stream;
  };
  const stdout = Object.assign(options.stdout ?? keep('out'), { isTTY: options.isTTY ?? false, columns: 100 });
  const parts = {
    stdin: new PassThrough(),
    stdout,
    stderr: Object.assign(keep('err'), { isTTY: false }),
    platform: options.platform ?? 'linux',
    exit: (status: number) => exits.push(status),
  };
  return { streams: Object.assign(new EventEmitter(), parts), exits, out: () => texts.out, err: () => texts.err };
}

async function run(argv: string[], options: Parameters<typeof stage>[0] = {}, more: NodeJS.ProcessEnv = {}) {
  const { streams, ...rest } = stage(options);
  const status = await main(argv, { ...env, ...more }, streams);
  await new Promise(setImmediate);
  return { status, out: rest.out(), err: rest.err() };
}

test('process itself is what main takes', () => {
  const fits: Streams = process;
  expect(fits).toBe(process);
});

test('the schema is the JSON Schema of the report', async () => {
  const { status, out, err } = await run(['schema']);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const schema = JSON.parse(out);
  expect(schema.required).toEqual(['schemaVersion', 'sweep', 'hosts', 'patterns']);
  expect(JSON.stringify(schema)).toContain('unexplainedShare');
});

test('a usage error goes to stderr alone, exit 2', async () => {
  expect(await run(['--frks', '3'])).toMatchObject({ status: 2, out: '', err: expect.stringContaining('--forks') });
});

test('elsewhere than on Linux this machine cannot be read: exit 2 with the next command', async () => {
  const { status, out, err } = await run([], { platform: 'darwin' });
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain('this machine runs darwin');
  expect(err).toContain('whodisk [user@]host');
});

test('all targets that cannot be parsed are listed before anything is dialled, exit 2', async () => {
  const { status, err } = await run(['ok-host', 'a b', 'x:99999', '\u001b[2Jy']);
  expect(status).toBe(2);
  expect(err.match(/^whodisk: /gm)).toHaveLength(3);
  expect(err.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('a key or known_hosts file that is named but unusable stops the sweep, exit 2, with what to do', async () => {
  const open = join(home, 'open-key');
  writeFileSync(open, makeKeyPair().private);
  chmodSync(open, 0o644);
  const publicKey = join(home, 'id.pub');
  writeFileSync(
    publicKey,
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHrXb1bGx3v0V0iQ1jWcVd9i3Cq3QhVY6nZqz8oKx3Zl me@here\n',
    { mode: 0o600 },
  );
  const missing = await run([
    '--identity',
    join(home, 'none'),
    '--identity',
    open,
    '--identity',
    publicKey,
    '127.0.0.1',
  ]);
  expect(missing.status).toBe(2);
  expect(missing.err).toMatch(/--identity: .*none does not exist/);
  expect(missing.err).toMatch(/chmod 600/);
  expect(missing.err).toMatch(/public key/);
  const hosts = await run(['--known-hosts', join(home, 'none'), '127.0.0.1']);
  expect(hosts).toMatchObject({ status: 2, err: expect.stringMatching(/--known-hosts: .*no such file/) });
});

test('hosts that cannot be reached are results, not errors of the command: exit 4', async () => {
  const { status, out } = await run(['--json', '127.0.0.1:1', 'root@127.0.0.1:1']);
  expect(status).toBe(4);
  const report = reportSchema.parse(JSON.parse(out));
  expect(report.hosts.map(({ host, status: state }) => [host, state])).toContainEqual(['127.0.0.1:1', 'not-swept']);
});

describe.skipIf(process.platform !== 'linux')('this machine, for real', () => {
  vi.setConfig({ testTimeout: 30_000 });

  test('--json is one valid document with one host', async () => {
    const { status, out, err } = await run(['-w', '1', '--json']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const report = reportSchema.parse(JSON.parse(out));
    expect(report.sweep).toMatchObject({ status: 'complete', targets: 1, swept: 1, windowSeconds: 1 });
    expect(report.hosts[0]?.disks.length).toBeGreaterThan(0);
  });

  test('--ndjson is a line for the host without a rank, then one for the sweep', async () => {
    const { out } = await run(['-w', '1', '--ndjson']);
    const [host, sweep, ...more] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(more).toEqual([]);
    expect(host).toMatchObject({ type: 'host', status: 'swept' });
    expect(host).not.toHaveProperty('rank');
    expect(sweep).toMatchObject({ type: 'sweep', ranking: [host.host] });
  });

  test('a pipe gets plain text, a terminal the answer with colour, NO_COLOR none, a forced pipe some', async () => {
    const [pipe, terminal, grey, forced] = await Promise.all([
      run(['-w', '1']),
      run(['-w', '1'], { isTTY: true }),
      run(['-w', '1'], { isTTY: true }, { NO_COLOR: '1', FORCE_COLOR: '1' }),
      run(['-w', '1'], {}, { FORCE_COLOR: '1' }),
    ]);
    expect(pipe.out).toMatch(/^sweep [0-9A-Z]{26}: complete, 1 target/);
    expect(pipe.out).not.toContain('\u001b');
    expect(terminal.out).toContain('\u001b[1m');
    expect(terminal.out).not.toMatch(/^sweep /);
    expect(grey.out).not.toContain('\u001b');
    expect(forced.out).toMatch(/^sweep [\s\S]*\u001b\[/);
  });

  test('the first SIGINT prints what is known within a second and exits 130', async () => {
    const { streams, out, exits } = stage();
    const running = main(['-w', '60', '--json'], env, streams);
    await vi.waitFor(() => expect(streams.listenerCount('SIGINT')).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const interruptedAt = performance.now();
    streams.emit('SIGINT');
    expect(await running).toBe(130);
    expect(performance.now() - interruptedAt).toBeLessThan(1000);
    const report = reportSchema.parse(JSON.parse(out()));
    expect(report.sweep.status).toBe('interrupted');
    expect(report.hosts).toHaveLength(1);
    expect(streams.listenerCount('SIGINT')).toBe(0);
    expect(exits).toEqual([]);
  });

  test('a SIGINT ends it while it waits for an inventory on stdin, too', async () => {
    const { streams, out } = stage();
    const running = main(['-i', '-'], env, streams);
    await vi.waitFor(() => expect(streams.listenerCount('SIGINT')).toBe(1));
    streams.emit('SIGINT');
    expect(await running).toBe(130);
    expect(out()).toBe('');
  });

  test('a second SIGINT leaves at once, though nobody takes the results', async () => {
    const blocked = new Writable({ highWaterMark: 1, write: () => {} });
    const { streams, exits } = stage({ stdout: blocked });
    const running = main(['-w', '60', '--json'], env, streams);
    await vi.waitFor(() => expect(streams.listenerCount('SIGINT')).toBe(1));
    streams.emit('SIGINT');
    streams.emit('SIGINT');
    expect(await running).toBe(130);
    expect(exits).toEqual([130]);
  });

  test('a reader that goes away ends it quietly; a full disk does not', async () => {
    const failing = (code: string): Writable =>
      new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(`write ${code}`), { code })) });
    const gone = await run(['-w', '1', '--plain'], { stdout: failing('EPIPE') });
    expect(gone).toMatchObject({ status: 0, err: '' });
    const full = await run(['-w', '1', '--plain'], { stdout: failing('ENOSPC') });
    expect(full).toMatchObject({ status: 1, err: expect.stringContaining('cannot be written: write ENOSPC') });
  });
});
