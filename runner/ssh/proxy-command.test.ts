import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contextFor, exchangeWith, targetAt, until } from '../../test/faults/exchange.ts';
import { type SshServer, type SshServerOptions, startSshServer } from '../../test/faults/ssh-server.ts';
import * as faults from '../../test/faults/tcp-server.ts';
import type { Destination } from './destination.ts';
import { startProxyCommand } from './proxy-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'whodisk-proxy-'));
const netcat = join(folder, 'netcat.mjs');
beforeAll(() => {
  writeFileSync(
    netcat,
    `import { connect } from 'node:net';
     const socket = connect({ port: Number(process.argv[2]), host: '127.0.0.1', noDelay: true });
     process.stdin.pipe(socket).pipe(process.stdout);
     socket.on('error', () => {});
     socket.on('close', () => process.exit(0));`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function sshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const server = await startSshServer(options);
  stops.push(server.stop);
  return server;
}

const through = (command: string, port = 22): Destination =>
  targetAt(port, 'root', '127.0.0.1', { kind: 'command', command });
const netcatTo = (port: number): string => `'${process.execPath}' '${netcat}' ${port}`;

/** A word that only the processes of one test have in their command lines. */
const marker = (): string => `98765.${randomInt(1_000_000_000)}`;

/** By /proc, which only Linux has. */
function alive(word: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
      } catch {
        return false; // gone in between
      }
    });
}

describe('a ProxyCommand', () => {
  test('carries a whole exchange, and its process ends with it', async () => {
    const server = await sshServer();
    const word = marker();
    const command = `${netcatTo(server.port)} ${word}`;
    const outcome = await exchangeWith(through(command, server.port), await contextFor(server.knownHosts));
    expect(outcome.failure).toBeUndefined();
    expect(outcome.stdout).toBe('echo DONE\n');
    await until(() => alive(word).length === 0, 'the end of the command');
  });

  test('carries more than a pipe holds in both directions', async () => {
    const answer = 'y'.repeat(200_000);
    const server = await sshServer({
      onExec: (channel) => channel.once('data', () => channel.write(`${answer}DONE`)),
    });
    const input = `${'x'.repeat(300_000)}\n`;
    const destination = through(netcatTo(server.port), server.port);
    const outcome = await exchangeWith(destination, await contextFor(server.knownHosts), { input });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.stdout).toBe(`${answer}DONE`);
    await until(() => server.stdin().length >= input.length, 'the input');
  });

  test.each([
    ['exits', 'sh -c "echo no such instance >&2; exit 3"', 'ended with status 3', 'said: no such instance'],
    ['does not exist', '/no/such/command', 'ended with status 127', 'not found'],
    ['is killed', "sh -c 'kill -9 $$'", 'was ended by SIGKILL', 'before the host answered'],
    ['ends without a word', 'true', 'ended with status 0', 'Try it by hand'],
    ['says something else first', "sh -c 'echo hello'", 'ended with status 0', 'before the host greeted'],
  ])('that %s before the host greets is told with its status and its words', async (_, command, how, says) => {
    const outcome = await exchangeWith(through(command), await contextFor(''));
    expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'proxy-command-failed' });
    expect(outcome.failure?.message).toContain(how);
    expect(outcome.failure?.message).toContain(says);
    expect(outcome.elapsedMs).toBeLessThan(3000);
  });

  test('of whose words only the last two hundred characters are shown, in one line', async () => {
    const command = `sh -c 'yes many words | head -c 1000000 >&2; echo >&2; printf "last\\r\\nwords\\n" >&2'`;
    const { failure } = await exchangeWith(through(command), await contextFor(''));
    expect(failure?.message).toContain('last; words.');
    expect(failure?.message).not.toMatch(/[\r\n]/);
    expect(failure?.message.length).toBeLessThan(600);
  });

  test('that tells of a server that is full is tried again, and one that does not is not', async () => {
    const count = join(folder, 'count');
    const counting = (words: string) => `sh -c 'echo x >>${count}; echo "${words}" >&2; exit 255'`;
    const runs = async (words: string): Promise<number> => {
      writeFileSync(count, '');
      await exchangeWith(through(counting(words)), await contextFor(''), { deadlineMs: 3000 });
      return readFileSync(count, 'utf8').length / 2;
    };
    expect(await runs('kex_exchange_identification: Connection closed by remote host')).toBeGreaterThan(1);
    expect(await runs('Permission denied (publickey).')).toBe(1);
    // What ssh -J says where the jump host refuses the log-in, here with more words between than a message shows.
    const behind = `${'a warning '.repeat(30)}\nkex_exchange_identification: Connection closed by remote host`;
    for (const refusal of [
      'me@gate: Permission denied (publickey).',
      'Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures',
      'Host key verification failed.',
      'Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-dss',
    ]) {
      expect(await runs(`${refusal}\n${behind}`)).toBe(1);
    }
  });

  test('that stays silent ends within the deadline', async () => {
    const word = marker();
    const outcome = await exchangeWith(through(`sleep ${word}`), await contextFor(''), { deadlineMs: 700 });
    expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'handshake-timeout' });
    expect(outcome.failure?.message).toContain('ProxyCommand');
    expect(outcome.elapsedMs).toBeLessThan(1700);
    await until(() => alive(word).length === 0, 'the end of the command');
  });

  test('that ends in mid-session loses the host, with its last words', async () => {
    const server = await sshServer({ onExec: () => {} });
    const pidFile = join(folder, 'pid');
    const command = `sh -c 'echo $$ >${pidFile}; ${netcatTo(server.port).replaceAll("'", '"')}; echo tunnel broke >&2; exit 9'`;
    const running = exchangeWith(through(command, server.port), await contextFor(server.knownHosts));
    await until(() => server.stdin().length > 0, 'the command on the host');
    server.cut();
    const outcome = await running;
    expect(outcome.failure).toMatchObject({ phase: 'sample', kind: 'connection-lost' });
    expect(outcome.failure?.message).toMatch(/its ProxyCommand ended with status 9 and said: .*tunnel broke/);
  });

  test('does not get a terminal to ask a person on', async () => {
    const outcome = await exchangeWith(through(`sh -c 'cat </dev/tty >&2; exit 4'`), await contextFor(''));
    expect(outcome.failure?.message).toMatch(/ended with status 4 .*said: .*tty/);
  });
});

describe.skipIf(process.platform !== 'linux')('no process is left behind by a ProxyCommand that', () => {
  const COMMANDS: [string, (word: string) => string][] = [
    ['sleeps', (word) => `sleep ${word}`],
    ['ignores SIGTERM and SIGHUP', (word) => `sh -c 'trap "" TERM HUP; while :; do sleep ${word}; done'`],
    ['forks', (word) => `sh -c 'sleep ${word} & sleep ${word} & wait'`],
    ['forks and goes', (word) => `sh -c 'sleep ${word} & exit 0'`],
    ['is stopped', (word) => `sh -c 'kill -STOP $$; : ${word}'`],
  ];

  test.each(COMMANDS)('%s, at the deadline', async (_, commandOf) => {
    const word = marker();
    await exchangeWith(through(commandOf(word)), await contextFor(''), { deadlineMs: 600 });
    await until(() => alive(word).length === 0, 'the end of the group', 2000);
  });

  test.each(COMMANDS)('%s, on an interrupt', async (_, commandOf) => {
    const word = marker();
    const abort = new AbortController();
    const running = exchangeWith(through(commandOf(word)), await contextFor(''), { signal: abort.signal });
    await until(() => alive(word).length > 0, 'the command');
    abort.abort();
    const outcome = await running;
    expect(['interrupted', 'proxy-command-failed']).toContain(outcome.failure?.kind);
    await until(() => alive(word).length === 0, 'the end of the group', 2000);
  });

  test.each(COMMANDS)('%s, when the process leaves at once', async (_, commandOf) => {
    const word = marker();
    const module = fileURLToPath(new URL('./proxy-command.ts', import.meta.url));
    const runner = fileURLToPath(new URL('../../scripts/run-ts.js', import.meta.url));
    const script = join(folder, 'leaves.ts');
    writeFileSync(
      script,
      `import { startProxyCommand } from ${JSON.stringify(module)};
       startProxyCommand(${JSON.stringify(commandOf(word))});
       setTimeout(() => process.exit(0), 300);`,
    );
    const left = await new Promise((resolve) =>
      execFile(process.execPath, [runner, script], (error, _stdout, stderr) => resolve(error ? stderr : 'left')),
    );
    expect(left).toBe('left');
    await until(() => alive(word).length === 0, 'the end of the group', 2000);
  });
});

test('thirty hosts behind commands of their own take turns, and all are reached', async () => {
  const server = await sshServer();
  const context = await contextFor(server.knownHosts);
  const word = marker();
  const destination = through(`${netcatTo(server.port)} ${word}`, server.port);
  const all = await Promise.all(
    Array.from({ length: 30 }, () => exchangeWith(destination, context, { deadlineMs: 20_000 })),
  );
  expect(all.filter(({ failure }) => failure !== undefined)).toEqual([]);
  await until(() => alive(word).length === 0, 'the end of all commands');
}, 30_000);

test('a host that is not SSH behind a command is called what it is', async () => {
  const web = await faults.startTcpServer(faults.webServer);
  stops.push(web.stop);
  const outcome = await exchangeWith(through(netcatTo(web.port)), await contextFor(''));
  expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'not-ssh' });
});

test('a wire that is finished sends what was written before it goes', async () => {
  const out = join(folder, 'out');
  const wire = startProxyCommand(`sh -c 'cat >${out}'`);
  wire.stream.resume();
  wire.stream.write('goodbye');
  wire.finish();
  await until(() => wire.isGone(), 'the end of the wire');
  expect(readFileSync(out, 'utf8')).toBe('goodbye');
});
