import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { SshContext } from '../../runner/ssh/context.ts';
import { openPins } from '../../runner/ssh/pins.ts';
import { exchangeWith, until } from '../faults/exchange.ts';
import { needs } from '../needs.ts';
import { contextOf, countsIn, destinationOf, through } from './routes.ts';
import { childrenOf, freePort, makeKey, SSHD_NEEDS, type Sshd, type SshdOptions, startSshd } from './sshd.ts';

const need = needs(...SSHD_NEEDS, 'passwd');

const running: Sshd[] = [];
const contexts: SshContext[] = [];
afterEach(async () => {
  for (const context of contexts.splice(0)) context.close();
  await Promise.all(running.splice(0).map((sshd) => sshd.stop()));
});

async function sshd(options: SshdOptions = {}): Promise<Sshd> {
  const started = await startSshd(options);
  running.push(started);
  return started;
}

async function contextFor(...args: Parameters<typeof contextOf>): Promise<SshContext> {
  const context = await contextOf(...args);
  contexts.push(context);
  return context;
}

/** A bastion and a host behind it whose user has /bin/sh; '127.*' is one sshd. */
async function pair(options: SshdOptions = {}): Promise<{ bastion: Sshd; host: Sshd; context: SshContext }> {
  const bastion = await sshd(options);
  const host = await sshd({ user: {}, listenAddress: '0.0.0.0', extraConfig: 'MaxStartups 200' });
  return { bastion, host, context: await contextFor([bastion, host]) };
}

const SLEEP = { input: 'echo begun; sleep 30; echo DONE\n', deadlineMs: 12_000 };

describe.skipIf(need.skip)('over real bastions', () => {
  // Again: a hop that takes longer than our goodbye lasts (250 ms, wire.ts), as on a busy machine, is cut off, which it logs as a reset.
  test('two hops to a third: each shows its own key and takes its own, and nothing stays open', {
    retry: 2,
  }, async () => {
    const before = openSockets();
    const [first, second, host] = [await sshd(), await sshd(), await sshd({ user: {} })];
    const context = await contextFor([first, second, host]);
    const hops = through(destinationOf(second, through(destinationOf(first))));
    const outcome = await exchangeWith(destinationOf(host, hops), context, { input: 'id -un; echo DONE\n' });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.stdout).toBe(`${host.user}\nDONE\n`);
    expect([first, second, host].map((each) => countsIn(each).logins)).toEqual([1, 1, 1]);
    context.close();
    await until(() => openSockets() <= before, 'the end of the sockets');
    await until(() => /Disconnected|Connection closed/.test(first.log()), 'the end of the session');
    expect(first.log()).not.toContain('Connection reset');
  });

  test('fifty hosts behind one make one log-in there', { timeout: 60_000 }, async () => {
    const { bastion, host, context } = await pair();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        exchangeWith(
          { ...destinationOf(host, through(destinationOf(bastion))), host: `127.0.1.${index + 1}` },
          context,
          {
            deadlineMs: 40_000,
          },
        ),
      ),
    );
    expect(outcomes.map(({ failure }) => failure)).toEqual(Array(50).fill(undefined));
    expect(new Set(outcomes.map(({ address }) => address)).size).toBe(50);
    expect(countsIn(bastion)).toEqual({ logins: 1, connections: 1 });
    expect(countsIn(host).logins).toBe(50);
  });

  test.each([
    ['AllowTcpForwarding no', 'AllowTcpForwarding'],
    ['PermitOpen 192.0.2.1:22', 'PermitOpen'],
  ])('one with %s says what to allow', async (extraConfig, says) => {
    const { bastion, host, context } = await pair({ extraConfig });
    const outcome = await exchangeWith(destinationOf(host, through(destinationOf(bastion))), context);
    expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'jump-failed' });
    expect(outcome.failure?.message).toContain(says);
    expect(countsIn(host).connections).toBe(0);
  });

  test('what the bastion cannot reach is told in its own words', async () => {
    const { bastion, host, context } = await pair();
    const behind = destinationOf(host, through(destinationOf(bastion)));
    const closed = await exchangeWith({ ...behind, port: await freePort() }, context);
    expect(closed.failure).toMatchObject({ phase: 'connect', kind: 'refused' });
    expect(closed.failure?.message).toContain('Connection refused');
    const nameless = await exchangeWith({ ...behind, host: 'no-such-name.invalid' }, context);
    expect(nameless.failure).toMatchObject({ phase: 'connect', kind: 'name-not-found' });
    expect(nameless.failure?.message).toContain(
      `the jump host root@127.0.0.1 port ${bastion.port}`.replace('the', 'The'),
    );
    expect(countsIn(bastion).logins).toBe(1);
  });

  test('one that does not take our key, or shows another, is dialled once for all hosts behind it', async () => {
    const { bastion, host, context } = await pair();
    const other = `${bastion.folder}/other`;
    makeKey(other);
    const wrong = through(destinationOf(bastion, undefined, { identityFiles: [other] }));
    const pinned = through(
      destinationOf(bastion, undefined, {
        pins: [readFileSync(`${other}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')],
      }),
    );
    for (const [via, phase] of [
      [wrong, 'auth'],
      [pinned, 'hostkey'],
    ] as const) {
      const before = countsIn(bastion).connections;
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => exchangeWith(destinationOf(host, via), context)),
      );
      for (const { failure } of outcomes) expect(failure).toMatchObject({ phase, kind: 'jump-failed' });
      expect(countsIn(bastion).connections - before).toBe(1);
    }
    expect(countsIn(bastion).logins).toBe(0);
  });

  test('one whose session is killed in mid-sweep loses the hosts under way and is dialled once more', async () => {
    const { bastion, host, context } = await pair();
    const behind = destinationOf(host, through(destinationOf(bastion)));
    const begun: string[] = [];
    const onOutput = (chunk: Buffer): boolean => {
      begun.push(chunk.toString());
      return false;
    };
    const sweep = Array.from({ length: 5 }, () => exchangeWith(behind, context, { ...SLEEP, onOutput }));
    await until(() => begun.length === 5, 'the commands', 8000);
    for (const pid of childrenOf(bastion.pid)) process.kill(pid, 'SIGKILL');
    for (const outcome of await Promise.all(sweep)) {
      expect(outcome.failure).toMatchObject({ phase: 'sample', kind: 'connection-lost' });
      expect(outcome.failure?.message).toContain(`jump host root@127.0.0.1 port ${bastion.port}`);
      expect(outcome.elapsedMs).toBeLessThan(11_000);
    }
    const later = await Promise.all(Array.from({ length: 5 }, () => exchangeWith(behind, context)));
    expect(later.map(({ failure }) => failure)).toEqual(Array(5).fill(undefined));
    expect(countsIn(bastion).logins).toBe(2);
  });

  test('one that freezes costs each host its deadline at most; a longer one hears which machine froze', {
    timeout: 60_000,
  }, async () => {
    const { bastion, host, context } = await pair();
    const before = openSockets();
    const behind = destinationOf(host, through(destinationOf(bastion)));
    expect((await exchangeWith(behind, context)).failure).toBeUndefined();
    const stopped = [bastion.pid, ...childrenOf(bastion.pid)];
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    try {
      const short = Array.from({ length: 5 }, () => exchangeWith(behind, context, { deadlineMs: 2000 }));
      const long = Array.from({ length: 5 }, () => exchangeWith(behind, context, { deadlineMs: 12_000 }));
      for (const outcome of await Promise.all(short)) {
        expect(outcome.failure?.phase).toBe('connect');
        expect(outcome.elapsedMs).toBeLessThan(3000);
      }
      for (const outcome of await Promise.all(long)) {
        expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'jump-failed' });
        expect(outcome.failure?.message).toContain(`ump host root@127.0.0.1 port ${bastion.port}`);
        expect(outcome.elapsedMs).toBeLessThan(13_000);
      }
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
    }
    context.close();
    await until(() => openSockets() <= before, 'the end of the sockets');
  });

  test('an interrupt ends everything at once', async () => {
    const { bastion, host, context } = await pair();
    const abort = new AbortController();
    let begun = false;
    const onOutput = (): boolean => {
      begun = true;
      return false;
    };
    const behind = destinationOf(host, through(destinationOf(bastion)));
    const exchange = exchangeWith(behind, context, { ...SLEEP, onOutput, signal: abort.signal });
    await until(() => begun, 'the command', 8000);
    abort.abort();
    context.close();
    expect((await exchange).failure?.kind).toBe('interrupted');
    await until(() => childrenOf(bastion.pid).length === 0, 'the end of the session on the bastion');
  });
});

describe.skipIf(need.skip)('a ProxyCommand of the real ssh', () => {
  const commandFor = (bastion: Sshd, host: Sshd, more = ''): string =>
    `ssh -F none -i ${bastion.identity} -o UserKnownHostsFile=${bastion.knownHosts} -o BatchMode=yes ${more} -p ${bastion.port} -W 127.0.0.1:${host.port} ${bastion.user}@127.0.0.1`;

  test('-W carries the log-in, and ends with it', async () => {
    const { bastion, host, context } = await pair();
    const command = commandFor(bastion, host);
    const outcome = await exchangeWith(destinationOf(host, { kind: 'command', command }), context);
    expect(outcome.failure).toBeUndefined();
    await until(() => childrenOf(bastion.pid).length === 0, 'the end of ssh');
    await until(() => !someProcess(command.slice(-40)), 'the end of its process');
  });

  test('that is let in nowhere is told in its own words, and not tried again', async () => {
    const { bastion, host, context } = await pair();
    const other = `${bastion.folder}/other`;
    makeKey(other);
    const command = commandFor({ ...bastion, identity: other }, host, '-o IdentitiesOnly=yes');
    const outcome = await exchangeWith(destinationOf(host, { kind: 'command', command }), context);
    expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'proxy-command-failed' });
    expect(outcome.failure?.message).toContain('status 255');
    expect(outcome.failure?.message).toContain('Permission denied (publickey)');
    expect(countsIn(bastion).connections).toBe(1);
  });

  test('to a bastion with MaxStartups 2:100:2 gets twenty hosts through, by and by', { timeout: 60_000 }, async () => {
    const { bastion, host, context } = await pair({ extraConfig: 'MaxStartups 2:100:2' });
    const via = { kind: 'command', command: commandFor(bastion, host) } as const;
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => exchangeWith(destinationOf(host, via), context, { deadlineMs: 40_000 })),
    );
    expect(outcomes.map(({ failure }) => failure)).toEqual(Array(20).fill(undefined));
  });
});

describe.skipIf(need.skip)('accept-new', () => {
  test('takes bastion and host the first time, knows them the second, and refuses the host once it was reinstalled', async () => {
    const { bastion, host } = await pair();
    const pinsFile = `${bastion.folder}/pins`;
    const sweep = async (hostKeys: SshContext['hostKeys'], destination = behind) => {
      const context = await contextFor(
        [{ hostKeyLine: '', folder: bastion.folder }],
        {},
        { hostKeys, pins: await openPins(pinsFile) },
      );
      return exchangeWith(destination, context);
    };
    const behind = destinationOf(host, through(destinationOf(bastion)));
    expect((await sweep('strict')).failure).toMatchObject({ phase: 'hostkey', kind: 'jump-failed' });
    expect((await sweep('accept-new')).failure).toBeUndefined();
    expect((await sweep('strict')).failure).toBeUndefined();
    expect(readFileSync(pinsFile, 'utf8').trim().split('\n')).toHaveLength(2);

    const reinstalled = await sshd({ user: {} });
    const line = `[127.0.0.1]:${host.port}`;
    const moved = { ...destinationOf(reinstalled), hostKeyAlias: line };
    const refused = await sweep('accept-new', moved);
    expect(refused.failure).toMatchObject({ phase: 'hostkey', kind: 'hostkey-changed' });
    expect(refused.failure?.message).toContain(pinsFile);
    expect(countsIn(reinstalled).logins).toBe(0);
  });
});

function openSockets(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      return false; // closed in between
    }
  }).length;
}

function someProcess(words: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return readFileSync(`/proc/${Number(pid)}/cmdline`, 'utf8')
        .replaceAll('\0', ' ')
        .includes(words);
    } catch {
      return false; // gone in between, or no process
    }
  });
}
