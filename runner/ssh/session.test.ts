import type { Socket } from 'node:net';
import type { AuthContext } from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { contextFor, exchangeWith, targetAt, until } from '../../test/faults/exchange.ts';
import { startFullBacklog } from '../../test/faults/full-backlog.ts';
import { makeKeyPair } from '../../test/faults/key-pair.ts';
import {
  flood,
  knownHostsLine,
  makeHostKey,
  type SshServer,
  type SshServerOptions,
  startSshServer,
} from '../../test/faults/ssh-server.ts';
import * as faults from '../../test/faults/tcp-server.ts';
import { fanout } from '../fleet/fanout.ts';
import type { Outcome } from '../transport.ts';
import { createTurns } from './turns.ts';

const servers: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function sshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const server = await startSshServer(options);
  servers.push(server);
  return server;
}

async function tcpServer(onConnection: Parameters<typeof faults.startTcpServer>[0]): Promise<faults.FaultServer> {
  const server = await faults.startTcpServer(onConnection);
  servers.push(server);
  return server;
}

const phaseAndKind = ({ failure }: Outcome) => failure && { phase: failure.phase, kind: failure.kind };

describe('an exchange', () => {
  test('sends the input, hears the answer and closes the connection', async () => {
    const server = await sshServer();
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(outcome.failure).toBeUndefined();
    expect(outcome).toMatchObject({
      stdout: 'echo DONE\n',
      address: '127.0.0.1',
      port: server.port,
      bytesReceived: 10,
    });
    await until(() => server.open() === 0, 'the end of the connection');
  });

  test('keeps stdin open until the answer is whole, then closes it', async () => {
    let closedAtAnswer: number | undefined;
    const server: SshServer = await sshServer({
      onExec: (channel) => {
        setTimeout(() => {
          closedAtAnswer = server.stdinClosed();
          channel.write('DONE\n');
        }, 300);
      },
    });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(outcome.failure).toBeUndefined();
    expect(closedAtAnswer).toBe(0);
    await until(() => server.stdinClosed() === 1, 'the end of stdin');
  });

  test('sends an input that is larger than the window', async () => {
    const server = await sshServer({ onExec: (channel) => channel.on('data', () => {}) });
    const input = `${'x'.repeat(5 * 1024 * 1024)}\n`;
    const running = exchangeWith(targetAt(server.port), await contextFor(server.knownHosts), {
      input,
      deadlineMs: 4000,
    });
    await until(() => server.stdin().length === input.length, 'the whole input', 3500);
    expect(phaseAndKind(await running)).toEqual({ phase: 'deadline', kind: 'suspected-hung' });
  });

  test('is a success when the answer is whole, whatever the exit is', async () => {
    const server = await sshServer({
      onExec: (channel) => {
        channel.write('DONE');
        channel.exit('KILL', false, 'gone');
        channel.end();
      },
    });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(outcome.failure).toBeUndefined();
  });

  test('a bug in onOutput rejects, and the connection is closed all the same', async () => {
    const server = await sshServer();
    const onOutput = () => {
      throw new RangeError('a bug');
    };
    const running = exchangeWith(targetAt(server.port), await contextFor(server.knownHosts), { onOutput });
    await expect(running).rejects.toThrow('a bug');
    await until(() => server.open() === 0, 'the end of the connection');
  });
});

describe('what answers on the port', () => {
  test('nothing: refused, with the way to another port', async () => {
    const server = await tcpServer(faults.silent);
    await server.stop();
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''));
    expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'refused' });
    expect(outcome.failure?.message).toContain(`127.0.0.1 port ${server.port}`);
  });

  test('silence ends as a handshake that timed out, within the deadline', async () => {
    const server = await tcpServer(faults.silent);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''), { deadlineMs: 700 });
    expect(phaseAndKind(outcome)).toEqual({ phase: 'connect', kind: 'handshake-timeout' });
    expect(outcome.failure?.message).toContain('sent nothing');
    expect(outcome.elapsedMs).toBeLessThan(1700);
    await until(() => server.open() === 0, 'the end of the connection');
  });

  test.each([
    ['lines', faults.endlessBanner],
    ['one line', faults.endlessLine],
  ])('an endless greeting of %s is cut off after 4 KiB', async (_, behaviour) => {
    const server = await tcpServer(behaviour);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'connect', kind: 'not-ssh' });
    expect(outcome.elapsedMs).toBeLessThan(3000);
    await until(() => server.open() === 0, 'the end of the connection');
  });

  test('a web server is called one', async () => {
    const server = await tcpServer(faults.webServer);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'connect', kind: 'not-ssh' });
    expect(outcome.failure?.message).toContain('a web server');
    expect(server.connections()).toBe(1);
  });

  test('a server that stalls in the key exchange ends within the deadline', async () => {
    const server = await tcpServer(faults.stallsInKeyExchange);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''), { deadlineMs: 700 });
    expect(phaseAndKind(outcome)).toEqual({ phase: 'connect', kind: 'handshake-timeout' });
    expect(outcome.failure?.message).toContain('key exchange');
    expect(outcome.elapsedMs).toBeLessThan(1700);
    await until(() => server.open() === 0, 'the end of the connection');
  });

  test('a reset before the log-in is tried once more, and not again', async () => {
    const server = await tcpServer(faults.resets);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'connect', kind: 'reset' });
    expect(server.connections()).toBe(2);
  });

  test('bytes that are no SSH packet are a broken protocol, told once', async () => {
    const server = await tcpServer(faults.garbles);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'connect', kind: 'protocol-error' });
    expect(server.connections()).toBe(1);
  });

  test('a full server is tried again until it lets us in', async () => {
    const real = await sshServer();
    const door = await tcpServer((socket, nth) => {
      if (nth <= 3) {
        faults.full(socket);
        return;
      }
      faults.slowWay(socket, real.port, 0);
    });
    const known = real.knownHosts.replaceAll(`:${real.port} `, `:${door.port} `);
    const outcome = await exchangeWith(targetAt(door.port), await contextFor(known), { deadlineMs: 10_000 });
    expect(outcome.failure).toBeUndefined();
    expect(door.connections()).toBe(4);
  });

  test('a server that stays full is said to be full, within the deadline', async () => {
    const server = await tcpServer(faults.full);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''), { deadlineMs: 2000 });
    expect(phaseAndKind(outcome)).toEqual({ phase: 'connect', kind: 'reset' });
    expect(outcome.failure?.message).toContain('MaxStartups');
    expect(server.connections()).toBeGreaterThan(1);
    expect(outcome.elapsedMs).toBeLessThan(3000);
  });

  test('a server that locks us out for failed log-ins is left alone', async () => {
    const server = await tcpServer(faults.lockedOut);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''));
    expect(outcome.failure?.message).toContain('PerSourcePenalties');
    expect(server.connections()).toBe(1);
  });

  test.each([
    ['kex', { kex: ['diffie-hellman-group14-sha1'] }, 'diffie-hellman-group14-sha1'],
    ['cipher', { cipher: ['aes256-cbc'] }, 'aes256-cbc'],
    ['hmac', { hmac: ['hmac-sha1'], cipher: ['aes128-ctr'] }, 'hmac-sha1'],
    ['serverHostKey', { serverHostKey: ['ssh-rsa'] }, 'ssh-rsa'],
  ] as const)('old algorithms only (%s) are named and never taken', async (_, algorithms, name) => {
    const hostKeys = [makeHostKey('rsa')];
    const server = await sshServer({ hostKeys, algorithms: structuredClone(algorithms) as never });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'connect', kind: 'no-common-algorithm' });
    expect(outcome.failure?.message).toContain(`it offers ${name}; whodisk takes `);
    expect(server.authAttempts()).toBe(0);
  });

  test.each([
    ['kex', { kex: ['ecdh-sha2-nistp256'] }, { kex: ['curve25519-sha256'] }],
    ['cipher', { cipher: ['aes128-ctr'] }, { cipher: ['aes256-gcm@openssh.com'] }],
    ['mac', { hmac: ['hmac-sha2-256'], cipher: ['aes128-ctr'] }, { mac: ['hmac-sha2-512'] }],
    ['hostKey', {}, { hostKey: ['rsa-sha2-512'] }],
  ] as const)('what ssh_config takes away of ours (%s) is not offered', async (_, algorithms, narrowed) => {
    const server = await sshServer({ algorithms: structuredClone(algorithms) as never });
    const context = await contextFor(server.knownHosts);
    const open = await exchangeWith(targetAt(server.port), context);
    expect(open.failure).toBeUndefined();
    const closed = await exchangeWith({ ...targetAt(server.port), algorithms: narrowed }, context);
    expect(phaseAndKind(closed)).toEqual({ phase: 'connect', kind: 'no-common-algorithm' });
    const [only] = Object.values(narrowed).flat();
    expect(closed.failure?.message).toContain(`; whodisk takes ${only}`);
  });
});

describe('the way there', () => {
  test('SYNs that are dropped end as a connection that timed out, within the deadline', async () => {
    const server = await startFullBacklog();
    servers.push(server);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(''), { deadlineMs: 800 });
    expect(phaseAndKind(outcome)).toEqual({ phase: 'connect', kind: 'connect-timeout' });
    expect(outcome.elapsedMs).toBeLessThan(1800);
  });

  test('a host that drops SYNs keeps nobody from their turn for long', async () => {
    const dead = await startFullBacklog();
    servers.push(dead);
    const live = await sshServer();
    const context = { ...(await contextFor(live.knownHosts)), turns: createTurns(1) };
    const dropping = exchangeWith(targetAt(dead.port), context, { deadlineMs: 2500 });
    const outcome = await exchangeWith(targetAt(live.port), context);
    expect(outcome.failure).toBeUndefined();
    expect(outcome.elapsedMs).toBeLessThan(1500);
    expect(phaseAndKind(await dropping)).toEqual({ phase: 'connect', kind: 'connect-timeout' });
  });

  test.each([
    ['says nothing does not keep its turn', faults.silent],
    [
      'greets line by line, and never as SSH, does not keep it either',
      (socket: Socket) => void socket.write('hello\r\n'),
    ],
  ])('one that takes the connection and %s', async (_, behaviour) => {
    const mute = await tcpServer(behaviour);
    const live = await sshServer();
    const context = { ...(await contextFor(live.knownHosts)), turns: createTurns(1) };
    const stalling = exchangeWith(targetAt(mute.port), context, { deadlineMs: 2500 });
    const outcome = await exchangeWith(targetAt(live.port), context);
    expect(outcome.failure).toBeUndefined();
    expect(outcome.elapsedMs).toBeLessThan(1500);
    expect(phaseAndKind(await stalling)).toEqual({ phase: 'connect', kind: 'handshake-timeout' });
  });

  test('a long way with small pieces only takes longer', async () => {
    const real = await sshServer();
    const door = await tcpServer((socket) => faults.slowWay(socket, real.port, 100));
    const known = real.knownHosts.replaceAll(`:${real.port} `, `:${door.port} `);
    const outcome = await exchangeWith(targetAt(door.port), await contextFor(known));
    expect(outcome.failure).toBeUndefined();
    expect(outcome.stdout).toBe('echo DONE\n');
  });

  test('an address that cannot be reached, or a name that has none, says so', async () => {
    const context = await contextFor('');
    const unreachable = await exchangeWith(targetAt(22, 'root', '255.255.255.255'), context);
    expect(phaseAndKind(unreachable)).toEqual({ phase: 'connect', kind: 'unreachable' });
    const failure = { phase: 'resolve', kind: 'name-not-found', message: 'no' } as const;
    const nameless = await exchangeWith(targetAt(22, 'root', 'db1'), {
      ...context,
      resolve: async () => ({ failure }),
    });
    expect(nameless.failure).toEqual(failure);
  });

  test('the second address of a name is tried where the first is closed', async () => {
    const server = await sshServer();
    const context = await contextFor(server.knownHosts.replace('[127.0.0.1]', '[db1]'));
    const resolve = async () => ({ addresses: ['127.0.0.2', '127.0.0.1'] });
    const outcome = await exchangeWith(targetAt(server.port, 'root', 'db1'), { ...context, resolve });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.address).toBe('127.0.0.1');
  });
});

describe('the host key, before any authentication', () => {
  const cases: [string, (port: number, key: string) => string, string, string][] = [
    ['unknown', () => '', 'hostkey-unknown', 'ssh-keyscan -p '],
    ['changed', (port) => knownHostsLine(`[127.0.0.1]:${port}`, makeHostKey()), 'hostkey-changed', 'ssh-keygen -R '],
    ['revoked', (port, key) => `@revoked ${knownHostsLine(`[127.0.0.1]:${port}`, key)}`, 'hostkey-revoked', 'revoked'],
    [
      'revoked and trusted',
      (port, key) => {
        const line = knownHostsLine(`[127.0.0.1]:${port}`, key);
        return `${line}\n@revoked * ${line.split(' ').slice(1).join(' ')}`;
      },
      'hostkey-revoked',
      'revoked',
    ],
    [
      'known through an authority alone',
      (_, key) => `@cert-authority * ${knownHostsLine('', key).trim()}`,
      'hostkey-certificate',
      'certificates are not supported',
    ],
  ];
  test.each(cases)('%s: refused with what mends it, and no key of ours is offered', async (_, known, kind, says) => {
    const key = makeHostKey();
    const server = await sshServer({ hostKeys: [key] });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(known(server.port, key)));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'hostkey', kind });
    expect(outcome.failure?.message).toContain(says);
    expect(server.authAttempts()).toBe(0);
    expect(server.connections()).toBe(1);
    await until(() => server.open() === 0, 'the end of the connection');
  });

  test('a verifier that throws refuses the host', async () => {
    const server = await sshServer();
    const context = await contextFor(server.knownHosts);
    const [file] = context.knownHosts.files;
    if (file === undefined) throw new Error('no file');
    const entry = [...file.byName.values()][0]?.[0];
    if (entry === undefined) throw new Error('no entry');
    Object.defineProperty(entry.key.blob, 'equals', {
      value: () => {
        throw new Error('the verifier broke');
      },
    });
    const outcome = await exchangeWith(targetAt(server.port), context);
    expect(phaseAndKind(outcome)).toEqual({ phase: 'hostkey', kind: 'internal' });
    expect(outcome.failure?.message).toContain('the verifier broke');
    expect(server.authAttempts()).toBe(0);
  });

  test.each(['ed25519', 'ecdsa', 'rsa'] as const)(
    'of several host keys the stored one (%s) is asked for',
    async (type) => {
      const keys = { ed25519: makeHostKey('ed25519'), ecdsa: makeHostKey('ecdsa'), rsa: makeHostKey('rsa') };
      const server = await sshServer({ hostKeys: Object.values(keys) });
      const known = knownHostsLine(`[127.0.0.1]:${server.port}`, keys[type]);
      const outcome = await exchangeWith(targetAt(server.port), await contextFor(known));
      expect(outcome.failure).toBeUndefined();
    },
  );
});

describe('authentication', () => {
  const refuse = (context: AuthContext) => context.reject(['publickey', 'password']);

  test('a refusal is final: each key is offered once, over one connection', async () => {
    const server = await sshServer({ onAuth: refuse });
    const keys = [1, 2].map(() => makeKeyPair().private);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts, keys));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'auth', kind: 'auth-refused' });
    expect(server.authAttempts()).toBe(2);
    expect(server.connections()).toBe(1);
    expect(outcome.failure?.message).toMatch(/SHA256:\S{43} \(\/keys\/id0\), SHA256:\S{43} \(\/keys\/id1\)/);
    expect(outcome.failure?.message).toContain('publickey, password');
    expect(outcome.failure?.message).toContain(`ssh-copy-id -i /keys/id0 -p ${server.port} root@127.0.0.1`);
  });

  test('a server that takes no keys is not offered the others', async () => {
    const server = await sshServer({ onAuth: (context) => context.reject(['password']) });
    const keys = [1, 2, 3].map(() => makeKeyPair().private);
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts, keys));
    expect(outcome.failure?.message).toContain('takes no keys, only password');
    expect(server.authAttempts()).toBe(1);
  });

  test('an RSA key signs with SHA-2', async () => {
    const algorithms: unknown[] = [];
    const server = await sshServer({
      onAuth: (context) => {
        if (context.method !== 'publickey') return context.reject(['publickey']);
        if (context.signature !== undefined) algorithms.push(Reflect.get(context, 'hashAlgo'));
        context.accept();
      },
    });
    const rsa = makeKeyPair('rsa').private;
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts, [rsa]));
    expect(outcome.failure).toBeUndefined();
    expect(algorithms).toEqual(['sha256']);
  });

  test('a server that never answers the log-in ends within the deadline', async () => {
    const server = await sshServer({ onAuth: () => {} });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts), { deadlineMs: 700 });
    expect(phaseAndKind(outcome)).toEqual({ phase: 'auth', kind: 'handshake-timeout' });
    expect(outcome.elapsedMs).toBeLessThan(1700);
    await until(() => server.open() === 0, 'the end of the connection');
  });

  test('a connection that is cut during the log-in is not tried again', async () => {
    const server: SshServer = await sshServer({
      onAuth: () => {
        void server.stop();
      },
    });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'auth', kind: 'reset' });
    expect(server.connections()).toBe(1);
  });

  test('without any key nothing is dialled', async () => {
    const server = await sshServer();
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts, []));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'auth', kind: 'no-identity' });
    expect(server.connections()).toBe(0);
  });
});

describe('a host after it let us in', () => {
  test('that says nothing more is suspected to hang', async () => {
    const server = await sshServer({ onExec: () => {} });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts), { deadlineMs: 800 });
    expect(phaseAndKind(outcome)).toEqual({ phase: 'deadline', kind: 'suspected-hung' });
    expect(outcome.elapsedMs).toBeLessThan(1800);
    await until(() => server.open() === 0, 'the end of the connection');
  });

  test('but only just before the deadline is slow: it had no time to be silent in', async () => {
    const server = await sshServer({
      onAuth: (context) => {
        if (context.method !== 'publickey') context.reject(['publickey']);
        else if (context.signature === undefined) context.accept();
        else setTimeout(() => context.accept(), 2400);
      },
      onExec: () => {},
    });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts), {
      deadlineMs: 3000,
    });
    expect(phaseAndKind(outcome)).toEqual({ phase: 'deadline', kind: 'deadline-exceeded' });
    expect(outcome.failure?.message).toMatch(/let us in only 0\.\d s before the end of its 3 s$/);
  });

  test('that freezes before the command starts is suspected to hang', async () => {
    const server = await sshServer({ onReady: (socket) => socket.pause() });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts), { deadlineMs: 800 });
    expect(phaseAndKind(outcome)).toEqual({ phase: 'deadline', kind: 'suspected-hung' });
  });

  test.each(['stdout', 'stderr'] as const)(
    'that hangs after a word on %s ends at the deadline, not earlier as a success',
    async (stream) => {
      const server = await sshServer({
        onExec: (channel) => void (stream === 'stdout' ? channel : channel.stderr).write('*** Welcome ***\n'),
      });
      const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts), {
        deadlineMs: 800,
      });
      // What a word is worth, and whether the host hangs, is for those to say who can read it (visit.ts).
      expect(outcome.failure).toMatchObject({
        phase: 'deadline',
        message: expect.stringContaining('was not done within 0.8 s'),
      });
      expect(outcome.bytesReceived).toBe(16);
      await until(() => server.open() === 0, 'the end of the connection');
    },
  );

  test('that sends one byte a second has until the deadline and no longer', async () => {
    const server = await sshServer({
      onExec: (channel) => {
        const timer = setInterval(() => channel.write('x'), 250);
        channel.on('close', () => clearInterval(timer));
      },
    });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts), {
      deadlineMs: 1200,
    });
    expect(phaseAndKind(outcome)).toEqual({ phase: 'deadline', kind: 'deadline-exceeded' });
    expect(outcome.elapsedMs).toBeLessThan(2200);
    expect(outcome.stdout).toMatch(/^x+$/);
  });

  test('that floods stdout is cut off at the cap', async () => {
    const server = await sshServer({ onExec: (channel) => flood(channel) });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'sample', kind: 'output-cap' });
    expect(outcome.stdout.length).toBeLessThanOrEqual(256 * 1024);
    await until(() => server.open() === 0, 'the end of the connection');
  });

  test('that says much on stderr is still heard on stdout, and only the first of it is kept', async () => {
    const server = await sshServer({
      onExec: (channel) => {
        channel.stderr.write('E'.repeat(3 * 1024 * 1024), () => channel.write('DONE'));
      },
    });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(outcome.failure).toBeUndefined();
    expect(outcome.stderr).toBe('E'.repeat(4096));
  });

  test('that floods stderr is cut off', async () => {
    const server = await sshServer({ onExec: (channel) => flood(channel.stderr) });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'sample', kind: 'output-cap' });
    expect(outcome.stderr.length).toBe(4096);
  });

  test.each(['refuse-channel', 'refuse-exec'] as const)('that runs no command (%s) says so', async (sessions) => {
    const server = await sshServer({ sessions });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'exec', kind: 'exec-refused' });
    await until(() => server.open() === 0, 'the end of the connection');
  });

  test('that ends without a status, with one, by a signal: ended early, and how', async () => {
    const outcomes: Outcome[] = [];
    for (const how of ['none', 'status', 'signal']) {
      const server = await sshServer({
        onExec: (channel) => {
          channel.write('half an ans');
          channel.stderr.write('no such thing\n');
          if (how === 'status') channel.exit(127);
          if (how === 'signal') channel.exit('KILL', false, '');
          channel.close();
        },
      });
      outcomes.push(await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts)));
    }
    expect(outcomes.map(phaseAndKind)).toEqual(Array(3).fill({ phase: 'sample', kind: 'ended-early' }));
    expect(outcomes.map(({ exit }) => exit)).toEqual([undefined, { code: 127 }, { signal: 'SIGKILL' }]);
    expect(outcomes[1]?.stderr).toBe('no such thing\n');
  });

  test('whose connection breaks is lost', async () => {
    const server = await sshServer({
      onReady: (socket) => setTimeout(() => socket.resetAndDestroy(), 200),
      onExec: (channel) => channel.write('half'),
    });
    const outcome = await exchangeWith(targetAt(server.port), await contextFor(server.knownHosts));
    expect(phaseAndKind(outcome)).toEqual({ phase: 'sample', kind: 'connection-lost' });
  });
});

test.each([
  ['before it begins', 0],
  ['in the handshake', 5],
  ['in the session', 400],
])('an interrupt %s ends the exchange at once', async (_, afterMs) => {
  const server = await sshServer({ onExec: () => {} });
  const abort = new AbortController();
  const context = await contextFor(server.knownHosts);
  if (afterMs === 0) abort.abort();
  const running = exchangeWith(targetAt(server.port), context, { signal: abort.signal });
  setTimeout(() => abort.abort(), afterMs);
  const outcome = await running;
  expect(outcome.failure?.kind).toBe('interrupted');
  expect(outcome.elapsedMs).toBeLessThan(1400);
  await until(() => server.open() === 0, 'the end of the connection');
});

test('among 20 hosts one hung, one flooding and one silent: the others are unharmed and come first', async () => {
  const good = await sshServer({ onExec: (channel) => setTimeout(() => channel.write('DONE'), 200) });
  const hung = await sshServer({ onExec: () => {} });
  const flooding = await sshServer({ onExec: (channel) => flood(channel) });
  const mute = await tcpServer(faults.silent);
  const context = await contextFor([good, hung, flooding].map(({ knownHosts }) => knownHosts).join('\n'));
  const ports = [hung.port, flooding.port, mute.port, ...Array<number>(17).fill(good.port)];

  const finished: { port: number; outcome: Outcome }[] = [];
  const visit = async (port: number, signal: AbortSignal) => ({
    port,
    outcome: (await exchangeWith(targetAt(port), context, { deadlineMs: 3000, signal })) as Outcome,
  });
  const never = (): never => {
    throw new Error('no bug and no interrupt here');
  };
  const options = { width: 20, signal: new AbortController().signal, onBug: never, onUnvisited: never };
  for await (const result of fanout(ports, visit, options)) finished.push(result);

  const kinds = (port: number) =>
    finished.filter((each) => each.port === port).map(({ outcome }) => outcome.failure?.kind);
  expect(finished).toHaveLength(20);
  expect(kinds(good.port)).toEqual(Array(17).fill(undefined));
  expect(kinds(hung.port)).toEqual(['suspected-hung']);
  expect(kinds(flooding.port)).toEqual(['output-cap']);
  expect(kinds(mute.port)).toEqual(['handshake-timeout']);
  expect(new Set(finished.slice(-2).map(({ port }) => port))).toEqual(new Set([hung.port, mute.port]));
});
