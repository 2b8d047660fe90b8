import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../test/faults/exchange.ts';
import { createResolver, parseHosts, parseSearch } from './resolve.ts';

let folder = '';
const closers: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-dns-'));
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(folder, { recursive: true });
});

/** A name server that answers A questions from a table, says NXDOMAIN to others, or nothing at all. */
async function nameServer(table: Record<string, string> | 'silent', delayMs = 0): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    if (table === 'silent') return;
    let name = '';
    let at = 12;
    while (query[at]) {
      const length = query[at] ?? 0;
      name += `${name && '.'}${query.toString('latin1', at + 1, at + 1 + length)}`;
      at += 1 + length;
    }
    const isA = query.readUInt16BE(at + 1) === 1;
    const ip = table[name];
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(ip === undefined ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(ip !== undefined && isA ? 1 : 0, 6);
    header.fill(0, 8);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...(ip ?? '0.0.0.0').split('.').map(Number)]);
    const parts = [header, query.subarray(12, at + 5), ...(ip !== undefined && isA ? [record] : [])];
    setTimeout(() => socket.send(Buffer.concat(parts), port, address), delayMs);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closers.push(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

async function resolver(
  servers: string[],
  options: { hosts?: string; conf?: string; limitMs?: number; getent?: string } = {},
) {
  const hostsFile = join(folder, 'hosts');
  const resolvConf = join(folder, 'resolv.conf');
  writeFileSync(hostsFile, options.hosts ?? '');
  writeFileSync(resolvConf, options.conf ?? '');
  const { limitMs = 2000, getent } = options;
  return createResolver({ servers, hostsFile, resolvConf, limitMs, ...(getent !== undefined && { getent }) });
}

/** A program in the place of getent(1). */
function getentThat(script: string): string {
  const path = join(folder, 'getent');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('an address is itself, and no server is asked', async () => {
  const resolve = await resolver([await nameServer('silent')]);
  expect(await resolve('10.0.0.1')).toEqual({ addresses: ['10.0.0.1'] });
  expect(await resolve('::1')).toEqual({ addresses: ['::1'] });
});

test('/etc/hosts comes first, in any case, and localhost is always this machine', async () => {
  const resolve = await resolver([await nameServer('silent')], { hosts: '::7 db1\n10.0.0.7 DB1 db1.example # x\n' });
  expect(await resolve('db1')).toEqual({ addresses: ['10.0.0.7', '::7'] });
  expect(await resolve('localhost')).toEqual({ addresses: ['127.0.0.1', '::1'] });
});

test('a name server is asked, with the search domains', async () => {
  const server = await nameServer({ 'db1.corp.example': '10.1.2.3', 'db2.example': '10.1.2.4' });
  const resolve = await resolver([server], { conf: 'search corp.example\n' });
  expect(await resolve('db1')).toEqual({ addresses: ['10.1.2.3'] });
  expect(await resolve('db2.example')).toEqual({ addresses: ['10.1.2.4'] });
  expect(await resolve('db2.example.')).toEqual({ addresses: ['10.1.2.4'] });
});

test('a name that nobody knows is not found', async () => {
  const resolve = await resolver([await nameServer({})]);
  const { failure } = (await resolve('no-such-host.invalid')) as { failure: { kind: string; phase: string } };
  expect(failure).toMatchObject({ phase: 'resolve', kind: 'name-not-found' });
});

test('a name server that never answers ends within the limit', async () => {
  const resolve = await resolver([await nameServer('silent')], { limitMs: 600 });
  const started = performance.now();
  expect(await resolve('db1.example')).toMatchObject({ failure: { phase: 'resolve', kind: 'resolver-timeout' } });
  expect(performance.now() - started).toBeLessThan(1600);
});

describe('what no name server knows', () => {
  test('the databases of this machine may know, and are asked outside of this process', async () => {
    const getent = getentThat(
      '[ "$*" = "ahosts box.local" ] && printf "::5 STREAM box\\n10.0.0.5 STREAM\\n10.0.0.5 RAW\\n"',
    );
    const resolve = await resolver([await nameServer('silent')], { getent });
    expect(await resolve('box.local')).toEqual({ addresses: ['10.0.0.5', '::5'] });
    expect(await resolve('box.local', 6)).toEqual({ addresses: ['::5'] });
    expect(await resolve('other.local')).toMatchObject({ failure: { kind: 'name-not-found' } });
  });

  test('nothing of them outlives the limit, not even a process that waits for a silent server', async () => {
    const pidFile = join(folder, 'pid');
    const getent = getentThat(`echo $$ > ${pidFile}; exec sleep 60`);
    const resolve = await resolver([await nameServer('silent')], { getent, limitMs: 500 });
    expect(await resolve('box.local')).toMatchObject({ failure: { kind: 'resolver-timeout' } });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await until(() => !isAlive(pid), 'the end of getent', 1500);
  });

  test('is asked of getaddrinfo itself where there is no getent', async () => {
    const resolve = await resolver([await nameServer({})], { getent: join(folder, 'no-such-program') });
    expect(await resolve('no-such-host.invalid')).toMatchObject({ failure: { phase: 'resolve' } });
  });

  test('is not called unknown where the name server itself is in trouble', async () => {
    // Nothing listens there: an ICMP refusal, at once.
    const resolve = await resolver(['127.0.0.1:1'], { getent: getentThat('exit 2') });
    expect(await resolve('db1.example')).toMatchObject({ failure: { kind: 'resolver-timeout' } });
  });
});

test('names are looked up side by side', async () => {
  const table = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`h${index}.example`, '10.0.0.1']));
  const resolve = await resolver([await nameServer(table, 200)], { limitMs: 5000 });
  const started = performance.now();
  await Promise.all(Object.keys(table).map(async (name) => expect(await resolve(name)).toHaveProperty('addresses')));
  // One after the other takes 8 s, two at a time 4 s.
  expect(performance.now() - started).toBeLessThan(3000);
});

test('the files are read as their manuals say', () => {
  expect([...parseHosts('127.0.0.1 a A b\n#10.0.0.1 c\nnonsense d\n10.0.0.2 a')]).toEqual([
    ['a', ['127.0.0.1', '10.0.0.2']],
    ['b', ['127.0.0.1']],
  ]);
  expect(parseSearch('domain one\nsearch two. three\noptions rotate ndots:2')).toEqual({
    domains: ['two', 'three'],
    ndots: 2,
  });
});
