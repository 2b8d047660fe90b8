import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contextFor, exchangeWith, targetAt } from '../../test/faults/exchange.ts';
import {
  knownHostsLine,
  makeHostKey,
  type SshServer,
  type SshServerOptions,
  startSshServer,
} from '../../test/faults/ssh-server.ts';
import { slowWay, startTcpServer } from '../../test/faults/tcp-server.ts';
import type { SshContext } from './context.ts';
import { openPins } from './pins.ts';

let folder = '';
let pinsFile = '';
const stops: (() => void | Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-pins-'));
  pinsFile = join(folder, 'known_hosts');
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  rmSync(folder, { recursive: true });
});

async function sshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const server = await startSshServer(options);
  stops.push(server.stop);
  return server;
}

async function contextOf(known = '', hostKeys: SshContext['hostKeys'] = 'accept-new'): Promise<SshContext> {
  const context = await contextFor(known, undefined, { hostKeys, pins: await openPins(pinsFile) });
  stops.push(context.close);
  return context;
}

const nameOf = ({ port }: SshServer): string => `[127.0.0.1]:${port}`;
const keyOf = (line: string): string => line.split(' ').slice(1).join(' ');

describe('accept-new', () => {
  test('takes the key of a host that nobody knows, keeps it in one line of a file of its own, and knows it from then on', async () => {
    const server = await sshServer();
    const first = await exchangeWith(targetAt(server.port), await contextOf());
    expect(first.failure).toBeUndefined();
    expect(readFileSync(pinsFile, 'utf8')).toBe(`${server.knownHosts}\n`);
    expect(statSync(pinsFile).mode & 0o777).toBe(0o600);
    // Strict mode reads it too, and a second sweep adds nothing.
    for (const hostKeys of ['strict', 'accept-new'] as const) {
      const again = await exchangeWith(targetAt(server.port), await contextOf('', hostKeys));
      expect(again.failure).toBeUndefined();
    }
    expect(readFileSync(pinsFile, 'utf8').split('\n')).toHaveLength(2);
  });

  test('keeps one line where many ask for one host at once, and one for each of many hosts', async () => {
    const servers = await Promise.all(Array.from({ length: 8 }, () => sshServer()));
    const context = await contextOf();
    const all = await Promise.all(
      servers.flatMap(({ port }) => [1, 2, 3].map(() => exchangeWith(targetAt(port), context))),
    );
    expect(all.filter(({ failure }) => failure !== undefined)).toEqual([]);
    const lines = readFileSync(pinsFile, 'utf8').trimEnd().split('\n');
    expect(lines.sort()).toEqual(servers.map(({ knownHosts }) => knownHosts).sort());
  });

  test('refuses a key that is not the one it took, in a later sweep and in the same one', async () => {
    const keys = [makeHostKey(), makeHostKey()];
    const first = await sshServer({ hostKeys: keys.slice(0, 1) });
    const second = await sshServer({ hostKeys: keys.slice(1) });
    const door = await startTcpServer((socket, nth) => slowWay(socket, nth === 1 ? first.port : second.port, 0));
    stops.push(door.stop);
    const context = await contextOf();
    expect((await exchangeWith(targetAt(door.port), context)).failure).toBeUndefined();
    const sameSweep = await exchangeWith(targetAt(door.port), context);
    expect(sameSweep.failure).toMatchObject({ phase: 'hostkey', kind: 'hostkey-changed' });
    expect(sameSweep.failure?.message).toContain('earlier in this very sweep');
    const later = await exchangeWith(targetAt(door.port), await contextOf());
    expect(later.failure).toMatchObject({ phase: 'hostkey', kind: 'hostkey-changed' });
    expect(later.failure?.message).toContain(`${pinsFile} line 1`);
    expect(second.authAttempts()).toBe(0);
    expect(readFileSync(pinsFile, 'utf8').trimEnd().split('\n')).toHaveLength(1);
  });

  test('lets one of two win that show different keys for one name in the same moment', async () => {
    const servers = await Promise.all([sshServer(), sshServer()]);
    const door = await startTcpServer((socket, nth) => slowWay(socket, servers[nth % 2]?.port ?? 0, 20));
    stops.push(door.stop);
    const context = await contextOf();
    const both = await Promise.all([1, 2].map(() => exchangeWith(targetAt(door.port), context)));
    expect(both.map(({ failure }) => failure?.kind).sort()).toEqual(['hostkey-changed', undefined]);
    expect(readFileSync(pinsFile, 'utf8').trimEnd().split('\n')).toHaveLength(1);
    // The one that lost heard neither a name nor a key of ours.
    expect(servers.map((server) => server.authAttempts()).sort()).toEqual([0, expect.any(Number)]);
  });

  test('of two sweeps at once that see different keys for one name the first wins, and the other leaves no line behind', async () => {
    const servers = await Promise.all([sshServer(), sshServer()]);
    const door = await startTcpServer((socket, nth) => slowWay(socket, servers[nth % 2]?.port ?? 0, 20));
    stops.push(door.stop);
    // Each has read the pins before the other has added to them.
    const contexts = [await contextOf(), await contextOf()];
    const both = await Promise.all(contexts.map((context) => exchangeWith(targetAt(door.port), context)));
    expect(both.map(({ failure }) => failure?.kind).sort()).toEqual(['hostkey-changed', undefined]);
    const lost = both.find(({ failure }) => failure !== undefined);
    expect(lost?.failure?.message).toContain(`to another sweep just now (${pinsFile} line 1)`);
    expect(readFileSync(pinsFile, 'utf8').trimEnd().split('\n')).toHaveLength(1);
    expect(servers.map((server) => server.authAttempts()).sort()).toEqual([0, expect.any(Number)]);
  });

  test('two sweeps at once that see the same keys keep each of them once', async () => {
    const servers = await Promise.all(Array.from({ length: 10 }, () => sshServer()));
    const contexts = [await contextOf(), await contextOf()];
    const all = await Promise.all(
      servers.flatMap(({ port }) => contexts.map((context) => exchangeWith(targetAt(port), context))),
    );
    expect(all.filter(({ failure }) => failure !== undefined)).toEqual([]);
    const lines = readFileSync(pinsFile, 'utf8').trimEnd().split('\n');
    expect(lines.sort()).toEqual(servers.map(({ knownHosts }) => knownHosts).sort());
    expect(existsSync(`${pinsFile}.lock`)).toBe(false);
  });

  test('a lock that a killed sweep has left behind is taken over', async () => {
    const server = await sshServer();
    writeFileSync(`${pinsFile}.lock`, '');
    const outcome = await exchangeWith(targetAt(server.port), await contextOf());
    expect(outcome.failure).toBeUndefined();
    expect(readFileSync(pinsFile, 'utf8')).toBe(`${server.knownHosts}\n`);
    expect(existsSync(`${pinsFile}.lock`)).toBe(false);
  });

  test.each<[string, (server: SshServer) => string, string]>([
    ['changed', (server) => knownHostsLine(nameOf(server), makeHostKey()), 'hostkey-changed'],
    ['revoked', (server) => `@revoked * ${keyOf(server.knownHosts)}`, 'hostkey-revoked'],
    [
      'known by an authority alone',
      () => `@cert-authority * ${keyOf(knownHostsLine('x', makeHostKey()))}`,
      'hostkey-certificate',
    ],
  ])('never takes a key that is %s', async (_, known, kind) => {
    const server = await sshServer();
    const outcome = await exchangeWith(targetAt(server.port), await contextOf(known(server)));
    expect(outcome.failure).toMatchObject({ phase: 'hostkey', kind });
    expect(server.authAttempts()).toBe(0);
    expect(() => statSync(pinsFile)).toThrow();
  });

  test('keeps nothing for a host that shows a key which it cannot prove to hold', async () => {
    const server = await sshServer({ holdsOtherKeys: true });
    const outcome = await exchangeWith(targetAt(server.port), await contextOf());
    expect(outcome.failure).toMatchObject({ phase: 'hostkey', kind: 'protocol-error' });
    expect(outcome.failure?.message).toMatch(/signature/i);
    expect(server.authAttempts()).toBe(0);
    expect(() => statSync(pinsFile)).toThrow();
  });

  test('does not let itself be let in unasked while the key is not yet kept', async () => {
    const server = await sshServer({ letsInUnasked: true });
    const pins = await openPins(pinsFile);
    const slow = { ...pins, keep: () => new Promise<never>(() => {}) };
    const context = await contextFor('', undefined, { hostKeys: 'accept-new', pins: slow });
    const outcome = await exchangeWith(targetAt(server.port), context);
    expect(outcome.failure).toMatchObject({ phase: 'auth', kind: 'protocol-error' });
    expect(outcome.failure?.message).toContain('let us in before we asked');
    expect(server.stdin()).toBe('');
  });

  test('refuses the host where the key cannot be kept, and says why', async () => {
    const server = await sshServer();
    const elsewhere = join(folder, 'none', 'known_hosts');
    const noFolder = await contextFor('', undefined, { hostKeys: 'accept-new', pins: await openPins(elsewhere) });
    const outcome = await exchangeWith(targetAt(server.port), noFolder);
    expect(outcome.failure).toMatchObject({ phase: 'hostkey', kind: 'hostkey-unknown' });
    expect(outcome.failure?.message).toContain('ENOENT');
    expect(outcome.failure?.message).toContain(elsewhere);
    expect(server.authAttempts()).toBe(0);
  });

  test('takes nothing while its file cannot be read: the host may be in it', async () => {
    const server = await sshServer();
    const pins = await openPins(folder); // a folder is no file
    expect(pins.problems[0]).toContain('cannot be read');
    const context = await contextFor('', undefined, { hostKeys: 'accept-new', pins });
    const outcome = await exchangeWith(targetAt(server.port), context);
    expect(outcome.failure?.message).toContain('cannot be kept');
    expect(server.authAttempts()).toBe(0);
  });

  test.each(['db*', 'a,b', '!db1', '|1|x', '# db1', '@revoked', 'a\nb'])(
    'never writes the alias %j, which would mean other hosts',
    async (hostKeyAlias) => {
      const server = await sshServer();
      const outcome = await exchangeWith({ ...targetAt(server.port), hostKeyAlias }, await contextOf());
      expect(outcome.failure).toMatchObject({ phase: 'hostkey', kind: 'hostkey-unknown' });
      expect(() => statSync(pinsFile)).toThrow();
    },
  );

  test('begins a line of its own in a file whose last one was never ended', async () => {
    const server = await sshServer();
    writeFileSync(pinsFile, 'other ssh-ed25519 AAAA');
    chmodSync(pinsFile, 0o600);
    expect((await exchangeWith(targetAt(server.port), await contextOf())).failure).toBeUndefined();
    expect(readFileSync(pinsFile, 'utf8')).toBe(`other ssh-ed25519 AAAA\n${server.knownHosts}\n`);
  });

  test('holds for a jump host as for any other', async () => {
    const host = await sshServer();
    const jump = await sshServer({ onForward: () => ({ to: host.port }) });
    const destination = targetAt(22, 'root', 'db1', { kind: 'jump', hop: targetAt(jump.port) });
    expect((await exchangeWith(destination, await contextOf('', 'strict'))).failure).toMatchObject({
      phase: 'hostkey',
      kind: 'jump-failed',
      message: expect.stringContaining('--host-keys accept-new'),
    });
    expect((await exchangeWith(destination, await contextOf())).failure).toBeUndefined();
    const lines = readFileSync(pinsFile, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([nameOf(jump), 'db1']);
  });
});

describe('a key that the inventory pins', () => {
  test('is taken, whatever known_hosts says', async () => {
    const server = await sshServer();
    const context = await contextOf(knownHostsLine(nameOf(server), makeHostKey()), 'strict');
    const pins = [keyOf(server.knownHosts)];
    expect((await exchangeWith({ ...targetAt(server.port), pins }, context)).failure).toBeUndefined();
  });

  test.each(['strict', 'accept-new'] as const)('is the only one that is taken, with %s', async (hostKeys) => {
    const server = await sshServer();
    const pins = [keyOf(knownHostsLine('x', makeHostKey()))];
    const context = await contextOf(server.knownHosts, hostKeys);
    const outcome = await exchangeWith({ ...targetAt(server.port), pins }, context);
    expect(outcome.failure).toMatchObject({ phase: 'hostkey', kind: 'hostkey-changed' });
    expect(outcome.failure?.message).toContain('pinned in the inventory');
    expect(outcome.failure?.message).not.toContain('ssh-keygen -R');
    expect(server.authAttempts()).toBe(0);
  });

  test('does not outrank a revocation', async () => {
    const server = await sshServer();
    const context = await contextOf(`@revoked * ${keyOf(server.knownHosts)}`);
    const outcome = await exchangeWith({ ...targetAt(server.port), pins: [keyOf(server.knownHosts)] }, context);
    expect(outcome.failure?.kind).toBe('hostkey-revoked');
  });

  test.each(['', 'ssh-ed25519', 'ssh-ed25519 AAAA', 'db1 ssh-ed25519 AAAA', 'x y\n* z'])(
    'and cannot be read (%j) fails that host before it is dialled',
    async (pin) => {
      const server = await sshServer();
      const pins = [keyOf(server.knownHosts), pin];
      const outcome = await exchangeWith({ ...targetAt(server.port), pins }, await contextOf(server.knownHosts));
      expect(outcome.failure).toMatchObject({ phase: 'hostkey', kind: 'unsupported-setting' });
      expect(outcome.failure?.message).toContain('number 2');
      expect(server.connections()).toBe(0);
    },
  );
});

describe('the files and the name of one host', () => {
  test('known_hosts files of its own take the place of those of the sweep, and may be missing', async () => {
    const server = await sshServer();
    const own = join(folder, 'own');
    writeFileSync(own, `${server.knownHosts}\n`);
    const context = await contextOf('', 'strict');
    const knownHostsFiles = [join(folder, 'none'), own];
    expect((await exchangeWith({ ...targetAt(server.port), knownHostsFiles }, context)).failure).toBeUndefined();
    const outcome = await exchangeWith(
      { ...targetAt(server.port), knownHostsFiles: [join(folder, 'none')] },
      await contextOf(server.knownHosts, 'strict'),
    );
    expect(outcome.failure?.kind).toBe('hostkey-unknown');
    expect(outcome.failure?.message).toContain(`>> ${join(folder, 'none')}`);
  });

  test('a known_hosts file that is a pipe fails the hosts that name it, before they are dialled, and no others', async () => {
    const server = await sshServer();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const context = await contextOf(server.knownHosts, 'accept-new');
    const [blocked, other] = await Promise.all([
      exchangeWith({ ...targetAt(server.port), knownHostsFiles: [pipe] }, context),
      exchangeWith(targetAt(server.port), context),
    ]);
    expect(blocked.failure).toMatchObject({ phase: 'hostkey', kind: 'unsupported-setting' });
    expect(blocked.failure?.message).toContain(`${pipe} is no file but a pipe`);
    expect(other.failure).toBeUndefined();
    expect(server.connections()).toBe(1);
  });

  test('HostKeyAlias is looked up by itself, in lower case and without the port', async () => {
    const server = await sshServer();
    const context = await contextOf(`prod-db ${keyOf(server.knownHosts)}`, 'strict');
    const aliased = { ...targetAt(server.port), hostKeyAlias: 'Prod-DB' };
    expect((await exchangeWith(aliased, context)).failure).toBeUndefined();
    const other = await exchangeWith({ ...aliased, hostKeyAlias: 'test-db' }, context);
    expect(other.failure?.kind).toBe('hostkey-unknown');
    expect(other.failure?.message).toContain('with test-db in place of the name');
  });
});

test('addresses of another family than AddressFamily asks for are not dialled', async () => {
  const server = await sshServer();
  const context = await contextOf(server.knownHosts, 'strict');
  const outcome = await exchangeWith({ ...targetAt(server.port), addressFamily: 6 }, context);
  expect(outcome.failure).toMatchObject({ phase: 'resolve', kind: 'name-not-found' });
  expect(outcome.failure?.message).toContain('no IPv6 address');
  expect((await exchangeWith({ ...targetAt(server.port), addressFamily: 4 }, context)).failure).toBeUndefined();
  expect(server.connections()).toBe(1);
});
