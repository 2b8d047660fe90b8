import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contextFor, exchangeWith, targetAt, until } from '../../test/faults/exchange.ts';
import { makeKeyPair } from '../../test/faults/key-pair.ts';
import { knownHostsLine, makeHostKey } from '../../test/faults/ssh-server.ts';
import { type HostAnswer, type LoopbackHosts, startLoopbackHosts } from './loopback-hosts.ts';

let hosts: LoopbackHosts;
let closed: string[];
const saying =
  (word: string): HostAnswer =>
  ({ stream, command }) => {
    stream.on('data', (chunk: Buffer) => stream.write(`${word} got ${command} ${chunk.toString()}`));
    stream.on('close', () => closed.push(word));
  };
beforeEach(async () => {
  closed = [];
  hosts = await startLoopbackHosts([
    saying('one'),
    saying('two'),
    ({ stderr, end }) => {
      stderr.write('no\n');
      end(7);
    },
  ]);
});
afterEach(() => hosts.stop());

const knownHosts = (): string => hosts.ports.map((port) => `[127.0.0.1]:${port} ${hosts.hostKey}`).join('\n');
const target = (index: number, user = hosts.user) => targetAt(hosts.ports[index] ?? 0, user);

describe('hosts of this process', () => {
  test('each answer on a port of its own, and hear when the other side has gone', async () => {
    const context = await contextFor(knownHosts(), [hosts.clientKey]);
    const [one, two] = await Promise.all([0, 1].map((index) => exchangeWith(target(index), context)));
    expect([one?.stdout, two?.stdout]).toEqual(['one got /bin/sh echo DONE\n', 'two got /bin/sh echo DONE\n']);
    expect(new Set(hosts.ports).size).toBe(3);
    await until(() => closed.length === 2, 'the end of both', 20_000);
  });

  test('can end a command with a status of its own', async () => {
    const outcome = await exchangeWith(target(2), await contextFor(knownHosts(), [hosts.clientKey]));
    expect(outcome).toMatchObject({ exit: { code: 7 }, stderr: 'no\n' });
  });

  test.each([
    ['with another key', () => [makeKeyPair().private], undefined],
    ['as another user', () => [hosts.clientKey], 'root'],
  ])('let nobody in %s', async (_, keys, user) => {
    const outcome = await exchangeWith(target(0, user), await contextFor(knownHosts(), keys()));
    expect(outcome.failure).toMatchObject({ phase: 'auth', kind: 'auth-refused' });
    expect(outcome.stdout).toBe('');
  });

  test('have a key that is checked like that of any host', async () => {
    const other = makeHostKey();
    const known = knownHostsLine(`[127.0.0.1]:${hosts.ports[0]}`, other);
    const outcome = await exchangeWith(target(0), await contextFor(known, [hosts.clientKey]));
    expect(outcome.failure).toMatchObject({ kind: 'hostkey-changed' });
  });

  test('are gone once they are stopped, and what is under way is broken', async () => {
    const context = await contextFor(knownHosts(), [hosts.clientKey]);
    const waiting = exchangeWith(target(0), context, { done: 'never', deadlineMs: 30_000 });
    setTimeout(() => void hosts.stop(), 300);
    expect((await waiting).failure).toMatchObject({ kind: 'connection-lost' });
    const after = await exchangeWith(target(1), context);
    expect(after.failure).toMatchObject({ kind: 'refused' });
  });

  describe('with limits', () => {
    let limited: LoopbackHosts;
    const strangers: Socket[] = [];
    beforeEach(async () => {
      limited = await startLoopbackHosts([saying('limited')], { loginMs: 1500, connections: 3 });
    });
    afterEach(async () => {
      for (const stranger of strangers.splice(0)) stranger.destroy();
      await limited.stop();
    });
    const stranger = (words: string): { ended: Promise<void>; isEnded: () => boolean } => {
      const socket = connect(limited.ports[0] ?? 0, '127.0.0.1');
      strangers.push(socket);
      let isEnded = false;
      socket.on('error', () => {});
      socket.resume();
      if (words !== '') socket.write(words);
      const ended = new Promise<void>((resolve) => {
        socket.on('close', () => {
          isEnded = true;
          resolve();
        });
      });
      return { ended, isEnded: () => isEnded };
    };
    const known = (): string => `[127.0.0.1]:${limited.ports[0]} ${limited.hostKey}`;
    const ask = async (deadlineMs: number, done = 'DONE') => {
      const context = await contextFor(known(), [limited.clientKey]);
      return exchangeWith(targetAt(limited.ports[0] ?? 0, limited.user), context, { done, deadlineMs });
    };

    test.each([
      ['nothing', ''],
      ['their version and no more', 'SSH-2.0-stranger\r\n'],
    ])('close on those who say %s, and not on who is known', async (_, words) => {
      const waiting = ask(4000, 'never');
      await stranger(words).ended;
      expect((await waiting).failure).toMatchObject({ kind: 'deadline-exceeded' });
    });

    test('let only so many be connected at a time, and others in once those have gone', async () => {
      const three = [stranger(''), stranger(''), stranger('')];
      await stranger('').ended;
      expect(three.filter(({ isEnded }) => isEnded())).toHaveLength(0);
      await Promise.all(three.map(({ ended }) => ended));
      expect((await ask(20_000)).stdout).toContain('limited got');
    });
  });
});
