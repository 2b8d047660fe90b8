import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { contextFor, exchangeWith, targetAt, until } from '../../test/faults/exchange.ts';
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
import type { Outcome } from '../transport.ts';
import type { SshContext } from './context.ts';
import type { Destination } from './destination.ts';
import { createTurns } from './turns.ts';

const stops: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function sshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const server = await startSshServer(options);
  stops.push(server.stop);
  return server;
}

/** A host called db1, which only the jump host finds. */
async function behind(
  jumpOptions: Partial<SshServerOptions> = {},
  hostOptions: SshServerOptions = {},
): Promise<{ jump: SshServer; host: SshServer }> {
  const host = await sshServer(hostOptions);
  const jump = await sshServer({ onForward: () => ({ to: host.port }), ...jumpOptions });
  return { jump, host };
}

async function contextOf(...servers: SshServer[]): Promise<SshContext> {
  const last = servers.at(-1);
  const named = servers.map(({ knownHosts }) => knownHosts).join('\n');
  const db1 = last?.knownHosts.replaceAll(/\[127\.0\.0\.1\]:\d+/g, 'db1') ?? '';
  const context = await contextFor(`${named}\n${db1}`);
  stops.push(context.close);
  return context;
}

const hopAt = (jump: SshServer, changes: Partial<Destination> = {}): Destination => ({
  ...targetAt(jump.port, 'admin'),
  ...changes,
});
const db1 = (hop: Destination): Destination => targetAt(22, 'root', 'db1', { kind: 'jump', hop });
const kindOf = ({ failure }: Outcome) => failure?.kind;

describe('behind a jump host', () => {
  test('a host is reached by a name that only the jump host knows, and its address is not invented', async () => {
    const asked: [string, number][] = [];
    const host = await sshServer();
    const jump = await sshServer({
      onForward: (name, port) => {
        asked.push([name, port]);
        return { to: host.port };
      },
    });
    const outcome = await exchangeWith(db1(hopAt(jump)), await contextOf(jump, host));
    expect(outcome.failure).toBeUndefined();
    expect(outcome.stdout).toBe('echo DONE\n');
    expect(outcome).not.toHaveProperty('address');
    expect(asked).toEqual([['db1', 22]]);
  });

  test('a hundred hosts share one connection and one log-in, each gives its channel back, and close() ends it', async () => {
    const { jump, host } = await behind();
    const context = await contextOf(jump, host);
    const all = await Promise.all(
      Array.from({ length: 100 }, () => exchangeWith(db1(hopAt(jump)), context, { deadlineMs: 15_000 })),
    );
    expect(all.map(kindOf)).toEqual(Array(100).fill(undefined));
    expect(jump.connections()).toBe(1);
    await until(() => jump.forwards.open() === 0, 'the end of the forwards');
    expect(jump.open()).toBe(1);
    context.close();
    await until(() => jump.open() === 0, 'the end of the connection');
    const late = await exchangeWith(db1(hopAt(jump)), context);
    expect(kindOf(late)).toBe('interrupted');
  });

  test('several hops are passed in turn, each with its own host key, over one connection each', async () => {
    const host = await sshServer();
    const second = await sshServer({ onForward: () => ({ to: host.port }) });
    const first = await sshServer({ onForward: () => 'open' });
    const hop = hopAt(second, { via: { kind: 'jump', hop: hopAt(first) } });
    const context = await contextOf(first, second, host);
    const all = await Promise.all(Array.from({ length: 5 }, () => exchangeWith(db1(hop), context)));
    expect(all.map(kindOf)).toEqual(Array(5).fill(undefined));
    expect([first.connections(), second.connections()]).toEqual([1, 1]);
    context.close();
    await until(() => first.open() === 0 && second.open() === 0, 'the end of both');
  });

  test('an input larger than the window arrives', async () => {
    const { jump, host } = await behind({}, { onExec: (channel) => channel.on('data', () => {}) });
    const input = `${'x'.repeat(5 * 1024 * 1024)}\n`;
    const running = exchangeWith(db1(hopAt(jump)), await contextOf(jump, host), { input, deadlineMs: 4000 });
    await until(() => host.stdin().length === input.length, 'the whole input', 3500);
    expect(kindOf(await running)).toBe('suspected-hung');
  });

  test('one that floods and one that hangs do not harm the others, and both channels are given back', async () => {
    const good = await sshServer({ onExec: (channel) => setTimeout(() => channel.write('DONE'), 300) });
    const flooding = await sshServer({ onExec: (channel) => flood(channel) });
    const hung = await sshServer({ onExec: () => {} });
    const jump = await sshServer({ onForward: () => 'open' });
    const context = await contextFor([good, flooding, hung, jump].map(({ knownHosts }) => knownHosts).join('\n'));
    stops.push(context.close);
    const to = ({ port }: SshServer) =>
      exchangeWith(targetAt(port, 'root', '127.0.0.1', { kind: 'jump', hop: hopAt(jump) }), context, {
        deadlineMs: 3000,
      });
    const all = await Promise.all([to(hung), to(flooding), ...Array.from({ length: 8 }, () => to(good))]);
    expect(all.map(kindOf)).toEqual(['suspected-hung', 'output-cap', ...Array(8).fill(undefined)]);
    expect(all[0]).toMatchObject({ address: '127.0.0.1' });
    await until(() => jump.forwards.open() === 0, 'the end of the channels');
    expect(jump.connections()).toBe(1);
  });

  test('one that says nothing does not keep its turn', async () => {
    const mute = await faults.startTcpServer(faults.silent);
    stops.push(mute.stop);
    const host = await sshServer();
    const jump = await sshServer({ onForward: (name) => ({ to: name === 'db1' ? host.port : mute.port }) });
    const context = { ...(await contextOf(jump, host)), turns: createTurns(1) };
    const stalling = exchangeWith({ ...db1(hopAt(jump)), host: 'mute' }, context, { deadlineMs: 2500 });
    await until(() => mute.connections() === 1, 'the forward');
    const outcome = await exchangeWith(db1(hopAt(jump)), context);
    expect(outcome.failure).toBeUndefined();
    expect(outcome.elapsedMs).toBeLessThan(1500);
    expect(kindOf(await stalling)).toBe('handshake-timeout');
  });

  test('the host key of the host itself is what counts, and the mend goes through the jump host', async () => {
    const { jump, host } = await behind();
    const context = await contextFor(jump.knownHosts);
    stops.push(context.close);
    const outcome = await exchangeWith(db1(hopAt(jump)), context);
    expect(outcome.failure).toMatchObject({ phase: 'hostkey', kind: 'hostkey-unknown' });
    expect(outcome.failure?.message).toContain(`ssh -J admin@127.0.0.1:${jump.port} root@db1`);
    expect(host.authAttempts()).toBe(0);
  });
});

describe('a jump host that fails', () => {
  test.each<[string, Partial<SshServerOptions>, (port: number) => string | undefined, string, string, number]>([
    ['is not known', {}, () => '', 'hostkey', 'ssh-keyscan -p ', 0],
    [
      'shows another key',
      {},
      (port) => knownHostsLine(`[127.0.0.1]:${port}`, makeHostKey()),
      'hostkey',
      'ssh-keygen -R',
      0,
    ],
    [
      'lets us not in',
      { onAuth: (attempt) => attempt.reject(['publickey']) },
      () => undefined,
      'auth',
      'ssh-copy-id',
      1,
    ],
  ])(
    'because it %s fails all hosts behind it with its name and its mend, after one dial',
    async (_, options, known, phase, mend, attempts) => {
      const { jump, host } = await behind(options);
      const context = await contextFor(known(jump.port) ?? jump.knownHosts);
      stops.push(context.close);
      const one = () => exchangeWith(db1(hopAt(jump)), context);
      const all = [...(await Promise.all(Array.from({ length: 20 }, one))), await one()];
      for (const { failure } of all) {
        expect(failure).toMatchObject({ phase, kind: 'jump-failed' });
        expect(failure?.message).toContain(`The jump host admin@127.0.0.1 port ${jump.port} failed: `);
        expect(failure?.message).toContain(mend);
      }
      expect(jump.connections()).toBe(1);
      expect(jump.authAttempts()).toBe(attempts);
      expect(host.connections()).toBe(0);
    },
  );

  test('because nothing listens there says so once for a chain of hops', async () => {
    const { jump, host } = await behind();
    const context = await contextOf(jump, host);
    await jump.stop();
    const hop = hopAt(jump, { host: '127.0.0.2', via: { kind: 'jump', hop: hopAt(jump) } });
    const outcome = await exchangeWith(db1(hop), context);
    expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'jump-failed' });
    expect(outcome.failure?.message.match(/The jump host/g)).toHaveLength(1);
  });

  test('because it says nothing is told before its hosts run out of time', async () => {
    const mute = await faults.startTcpServer(faults.silent);
    stops.push(mute.stop);
    const context = await contextFor('');
    stops.push(context.close);
    const one = () => exchangeWith(db1(targetAt(mute.port)), context, { deadlineMs: 1000 });
    for (const outcome of await Promise.all([one(), one(), one()])) {
      expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'jump-failed' });
      expect(outcome.failure?.message).toContain('sent nothing');
      expect(outcome.elapsedMs).toBeLessThan(2000);
    }
    expect(mute.connections()).toBe(1);
  });

  test('because its pins cannot be read is refused before it is dialled', async () => {
    const { jump, host } = await behind();
    const outcome = await exchangeWith(db1(hopAt(jump, { pins: ['ssh-ed25519 AAAA'] })), await contextOf(jump, host));
    expect(outcome.failure).toMatchObject({ phase: 'hostkey', kind: 'jump-failed' });
    expect(jump.connections()).toBe(0);
  });
});

describe('a jump host that connects no further', () => {
  test.each([
    [1, 'open failed', 'jump-failed', 'AllowTcpForwarding'],
    [2, 'Connection refused', 'refused', 'Nothing listens on db1 port 22 through the jump host admin@'],
    [2, 'Connection timed out', 'connect-timeout', 'No answer from db1'],
    [2, 'No route to host', 'unreachable', 'No route to host'],
    [2, 'Temporary failure in name resolution', 'name-not-found', 'finds no address for db1'],
    [2, '', 'unreachable', 'No way to db1'],
    [3, 'unknown', 'jump-failed', 'does not forward'],
    [4, 'no', 'jump-failed', 'no resources'],
  ])('reason %d (%s) is a failure of the host: %s', async (reason, words, kind, says) => {
    const { jump, host } = await behind({ onForward: () => ({ reason, words }) });
    const outcome = await exchangeWith(db1(hopAt(jump)), await contextOf(jump, host));
    expect(outcome.failure).toMatchObject({ phase: 'connect', kind });
    expect(outcome.failure?.message).toContain(says);
    expect(jump.forwards.asked()).toBe(1);
  });

  test('its words are cut and kept in one line', async () => {
    const { jump, host } = await behind({ onForward: () => ({ reason: 2, words: `a\nb${'x'.repeat(5000)}` }) });
    const { failure } = await exchangeWith(db1(hopAt(jump)), await contextOf(jump, host));
    expect(failure?.message).toContain('(a bxxx');
    expect(failure?.message.length).toBeLessThan(500);
  });

  test('and never says so: within ConnectTimeout, and a late channel is closed', async () => {
    const { jump, host } = await behind({ onForward: () => 'never-answered' });
    const outcome = await exchangeWith({ ...db1(hopAt(jump)), connectTimeoutMs: 400 }, await contextOf(jump, host));
    expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'connect-timeout' });
    expect(outcome.failure?.message).toContain('within 0.4 s');
    expect(outcome.elapsedMs).toBeLessThan(1400);
  });

  test('for seventy hosts that are down still does for the one that is up', async () => {
    const host = await sshServer();
    const jump = await sshServer({
      onForward: (name) => (name === 'db1' ? { to: host.port } : 'never-answered'),
    });
    const context = await contextOf(jump, host);
    const down = Array.from({ length: 70 }, (_, index) =>
      exchangeWith({ ...db1(hopAt(jump)), host: `down${index}` }, context, { deadlineMs: 3000 }),
    );
    const up = await exchangeWith(db1(hopAt(jump)), context, { deadlineMs: 3000 });
    expect(up.failure).toBeUndefined();
    expect((await Promise.all(down)).map(kindOf)).toEqual(Array(70).fill('connect-timeout'));
  });
});

describe('a connection to a jump host that', () => {
  test('breaks loses the hosts under way, by its name; later ones dial it once more, and not again', async () => {
    const { jump, host } = await behind({}, { onExec: () => {} });
    const context = await contextOf(jump, host);
    const one = () => exchangeWith(db1(hopAt(jump)), context, { deadlineMs: 10_000 });
    for (let round = 1; round <= 2; round++) {
      const running = Promise.all([one(), one(), one()]);
      await until(() => host.stdin().length >= 30 * round, 'the commands');
      jump.cut();
      for (const outcome of await running) {
        expect(outcome.failure).toMatchObject({ phase: 'sample', kind: 'connection-lost' });
        expect(outcome.failure?.message).toContain(`jump host admin@127.0.0.1 port ${jump.port}`);
        expect(outcome.elapsedMs).toBeLessThan(8000);
      }
      expect(jump.connections()).toBe(round);
    }
    const after = await one();
    expect(after.failure).toMatchObject({ phase: 'connect', kind: 'jump-failed' });
    expect(after.failure?.message).toContain('lost 2 times');
    expect(jump.connections()).toBe(2);
  });

  test('breaks before its hosts have begun to log in is dialled again for them', async () => {
    const host = await sshServer();
    let forwards = 0;
    const jump: SshServer = await sshServer({
      onForward: () => {
        if (++forwards > 3) return { to: host.port };
        jump.cut();
        return 'never-answered';
      },
    });
    const context = await contextOf(jump, host);
    const all = await Promise.all([1, 2, 3].map(() => exchangeWith(db1(hopAt(jump)), context)));
    expect(all.map(kindOf)).toEqual([undefined, undefined, undefined]);
    expect(jump.connections()).toBe(2);
  });

  test('freezes costs each host its deadline and no more', async () => {
    const { jump, host } = await behind({ onReady: (socket) => void socket.pause() });
    const context = await contextOf(jump, host);
    const all = await Promise.all(
      Array.from({ length: 100 }, () => exchangeWith(db1(hopAt(jump)), context, { deadlineMs: 2000 })),
    );
    for (const outcome of all) {
      expect(outcome.failure?.phase).toBe('connect');
      expect(outcome.failure?.message).toContain('the jump host admin@');
      expect(outcome.elapsedMs).toBeLessThan(3000);
    }
  });

  test('freezes is what is blamed at an earlier deadline too; a host that hangs behind a healthy one is blamed itself', async () => {
    const sockets: Socket[] = [];
    const freezing = await behind({ onReady: (socket) => sockets.push(socket) }, { onExec: () => {} });
    const frozen = await behind({ onReady: (socket) => void socket.pause() });
    const healthy = await behind({}, { onExec: () => {} });
    const exchange = async ({ jump, host }: typeof frozen) =>
      exchangeWith(db1(hopAt(jump)), await contextOf(jump, host), { deadlineMs: 6500 });
    const running = Promise.all([freezing, frozen, healthy].map(exchange));
    await until(() => freezing.host.stdin().length > 0, 'the command');
    for (const socket of sockets) socket.pause();
    const [lost, neverOpened, hung] = await running;
    const jumpOf = ({ jump }: typeof frozen) => `jump host admin@127.0.0.1 port ${jump.port} fell silent`;
    expect(lost?.failure).toMatchObject({ phase: 'sample', kind: 'connection-lost' });
    expect(lost?.failure?.message).toContain(jumpOf(freezing));
    expect(neverOpened?.failure).toMatchObject({ phase: 'connect', kind: 'jump-failed' });
    expect(neverOpened?.failure?.message).toContain(jumpOf(frozen));
    expect(hung?.failure).toMatchObject({ phase: 'deadline', kind: 'suspected-hung' });
  }, 15_000);

  test('an interrupt ends its hosts at once; close() leaves nothing open', async () => {
    const { jump, host } = await behind({}, { onExec: () => {} });
    const context = await contextOf(jump, host);
    const abort = new AbortController();
    const running = [1, 2, 3].map(() => exchangeWith(db1(hopAt(jump)), context, { signal: abort.signal }));
    await until(() => host.stdin().length >= 30, 'the commands');
    abort.abort();
    context.close();
    for (const outcome of await Promise.all(running)) expect(kindOf(outcome)).toBe('interrupted');
    await until(() => jump.open() === 0 && host.open() === 0, 'the end of all connections');
  });

  test('is being dialled when the sweep ends is not dialled to its end', async () => {
    const mute = await faults.startTcpServer(faults.silent);
    stops.push(mute.stop);
    const context = await contextFor('');
    const abort = new AbortController();
    const running = exchangeWith(db1(targetAt(mute.port)), context, { signal: abort.signal });
    await until(() => mute.connections() === 1, 'the dial');
    abort.abort();
    context.close();
    expect(kindOf(await running)).toBe('interrupted');
    await until(() => mute.open() === 0, 'the end of the dial', 1000);
  });
});

test('hops that differ in anything are different connections', async () => {
  const { jump, host } = await behind();
  const context = await contextOf(jump, host);
  await exchangeWith(db1(hopAt(jump)), context);
  await exchangeWith(db1(hopAt(jump, { user: 'other' })), context);
  await exchangeWith(db1(hopAt(jump)), context);
  expect(jump.connections()).toBe(2);
});

test('a jump host without a key to log in with is not dialled', async () => {
  const { jump, host } = await behind();
  const context = await contextOf(jump, host);
  const key = makeKeyPair().private;
  const withKey = await contextFor('', [key]);
  const identitySets: SshContext['identitySets'] = {
    of: async (wish) =>
      (wish.identityFiles ?? []).length > 0 ? withKey.identitySets.of({}) : { files: [], problems: [] },
  };
  const destination = { ...db1(hopAt(jump)), identityFiles: ['/keys/db1'] };
  const outcome = await exchangeWith(destination, { ...context, identitySets });
  expect(outcome.failure).toMatchObject({ phase: 'auth', kind: 'jump-failed' });
  expect(jump.connections()).toBe(0);
});
