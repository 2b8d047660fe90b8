import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { fanout } from '../../runner/fleet/fanout.ts';
import { createSshContext, type SshContext } from '../../runner/ssh/context.ts';
import type { Destination } from '../../runner/ssh/destination.ts';
import type { IdentityOptions } from '../../runner/ssh/identities.ts';
import { createIdentitySets } from '../../runner/ssh/identity-sets.ts';
import { readKnownHosts } from '../../runner/ssh/known-hosts-files.ts';
import { createResolver } from '../../runner/ssh/resolve.ts';
import type { Outcome } from '../../runner/transport.ts';
import { exchangeWith, targetAt, until } from '../faults/exchange.ts';
import { needs } from '../needs.ts';
import { childrenOf, makeKey, SSHD_NEEDS, type Sshd, type SshdOptions, startSshd } from './sshd.ts';

const need = needs(...SSHD_NEEDS, 'passwd');

const running: Sshd[] = [];
const agents: number[] = [];
afterEach(async () => {
  for (const pid of agents.splice(0)) process.kill(pid);
  await Promise.all(running.splice(0).map((sshd) => sshd.stop()));
});

async function sshd(options: SshdOptions = {}): Promise<Sshd> {
  const started = await startSshd(options);
  running.push(started);
  return started;
}

async function contextOf(host: Sshd, identities: Partial<IdentityOptions> = {}): Promise<SshContext> {
  const identitySets = createIdentitySets({ files: [host.identity], homeDirectory: host.folder, ...identities });
  // Read before anything is dialled, as a sweep does.
  await identitySets.of({});
  return createSshContext({
    knownHosts: await readKnownHosts({ file: host.knownHosts, homeDirectory: host.folder }),
    identitySets,
    resolve: await createResolver(),
  });
}

function targetOf(host: Sshd): Destination {
  return targetAt(host.port, host.user, host.host);
}

function startAgent(folder: string, ...keys: string[]): string {
  const socket = join(folder, 'agent');
  const output = execFileSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' });
  agents.push(Number(/SSH_AGENT_PID=(\d+)/.exec(output)?.[1]));
  if (keys.length > 0) {
    execFileSync('ssh-add', ['-q', ...keys], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
  }
  return socket;
}

describe.skipIf(need.skip)('a real sshd', () => {
  test('runs a command that reads its script from stdin, as root and as a user', async () => {
    for (const host of [await sshd(), await sshd({ user: {} })]) {
      const input = 'id -un; echo oops >&2; sleep 0.3; echo DONE; cat >/dev/null; exit 3\n';
      const outcome = await exchangeWith(targetOf(host), await contextOf(host), { input });
      expect(outcome.failure).toBeUndefined();
      expect(outcome.stdout).toBe(`${host.user}\nDONE\n`);
      expect(outcome.stderr).toBe('oops\n');
    }
  });

  test('is asked for no proof of its other host keys: that would cost it a signature each', async () => {
    const host = await sshd({ extraConfig: 'LogLevel DEBUG1' });
    await exchangeWith(targetOf(host), await contextOf(host));
    await until(() => host.log().includes('Disconnected'), 'the end of the session');
    expect(host.log()).not.toContain('hostkeys-prove');
  });

  test('whose session process is stopped after the log-in is suspected to hang, and the socket is given back', async () => {
    const host = await sshd();
    const before = openSockets();
    const stopped: number[] = [];
    const exchange = exchangeWith(targetOf(host), await contextOf(host), { input: 'sleep 60\n', deadlineMs: 2500 });
    await until(() => childrenOf(host.pid).length > 0, 'the session process');
    await new Promise((resolve) => setTimeout(resolve, 700));
    for (const pid of childrenOf(host.pid)) {
      process.kill(pid, 'SIGSTOP');
      stopped.push(pid);
    }
    const outcome = await exchange;
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
    expect(outcome.failure).toMatchObject({ phase: 'deadline', kind: 'suspected-hung' });
    expect(outcome.elapsedMs).toBeLessThan(3500);
    await until(() => openSockets() <= before, 'the end of the socket');
  });

  test('that is stopped before it greets is a handshake that timed out', async () => {
    const host = await sshd();
    process.kill(host.pid, 'SIGSTOP');
    const outcome = await exchangeWith(targetOf(host), await contextOf(host), { deadlineMs: 1200 });
    process.kill(host.pid, 'SIGCONT');
    expect(outcome.failure).toMatchObject({ phase: 'connect', kind: 'handshake-timeout' });
    expect(outcome.elapsedMs).toBeLessThan(2200);
  });

  test('whose command leaves no process behind after the answer', async () => {
    const host = await sshd();
    const input = 'echo $$ DONE; exec cat >/dev/null\n';
    const outcome = await exchangeWith(targetOf(host), await contextOf(host), { input });
    const pid = Number.parseInt(outcome.stdout, 10);
    await until(() => !existsSync(`/proc/${pid}`), 'the end of the command', 5000);
  });

  test('with MaxSessions 0 refuses the command', async () => {
    const host = await sshd({ extraConfig: 'MaxSessions 0' });
    const outcome = await exchangeWith(targetOf(host), await contextOf(host));
    expect(outcome.failure).toMatchObject({ phase: 'exec', kind: 'exec-refused' });
  });

  test('that lets nobody in with this key is asked once', async () => {
    const host = await sshd();
    const other = join(host.folder, 'other');
    makeKey(other);
    const outcome = await exchangeWith(targetOf(host), await contextOf(host, { files: [other] }));
    expect(outcome.failure).toMatchObject({ phase: 'auth', kind: 'auth-refused' });
    expect(host.log().match(/Connection from/g)).toHaveLength(2); // the fixture's own look, and ours
  });

  test('that takes RSA only with SHA-1 gets no such signature', async () => {
    const host = await sshd({ extraConfig: 'PubkeyAcceptedAlgorithms ssh-rsa' });
    const rsa = join(host.folder, 'rsa');
    makeKey(rsa, { type: 'rsa' });
    writeFileSync(join(host.folder, 'authorized_keys'), readFileSync(`${rsa}.pub`));
    const outcome = await exchangeWith(targetOf(host), await contextOf(host, { files: [rsa] }));
    expect(outcome.failure).toMatchObject({ phase: 'auth', kind: 'auth-refused' });
    expect(host.log()).not.toContain('Accepted publickey');
  });

  test.each(['ed25519', 'ecdsa', 'rsa'])('lets an agent in with its %s key', async (type) => {
    const host = await sshd();
    const key = join(host.folder, 'agent-key');
    makeKey(key, { type });
    writeFileSync(join(host.folder, 'authorized_keys'), readFileSync(`${key}.pub`));
    const agentSocket = startAgent(host.folder, key);
    const context = await contextOf(host, { files: [], agentSocket });
    const outcome = await exchangeWith(targetOf(host), context);
    expect(outcome.failure).toBeUndefined();
  });

  test('an agent that goes away in between is named in the refusal', async () => {
    const host = await sshd();
    const agentSocket = startAgent(host.folder, host.identity);
    const context = await contextOf(host, { files: [], agentSocket });
    const pid = agents.pop();
    if (pid !== undefined) process.kill(pid);
    await until(() => !existsSync(agentSocket), 'the end of the agent');
    const outcome = await exchangeWith(targetOf(host), context);
    expect(outcome.failure).toMatchObject({ phase: 'auth', kind: 'auth-refused' });
    expect(outcome.failure?.message).toContain('agent');
  });

  test('an agent that never signs costs the handshake limit and harms nobody when it answers too late', async () => {
    const host = await sshd();
    const agentSocket = startAgent(host.folder, host.identity);
    const context = await contextOf(host, { files: [], agentSocket });
    const pid = agents.at(-1) ?? 0;
    process.kill(pid, 'SIGSTOP');
    const outcome = await exchangeWith(targetOf(host), context, { deadlineMs: 1200 });
    expect(outcome.failure).toMatchObject({ phase: 'auth', kind: 'handshake-timeout' });
    process.kill(pid, 'SIGCONT');
    // An exception out of the late answer would end the test run here.
    await new Promise((resolve) => setTimeout(resolve, 300));
  });

  test('an encrypted key whose agent holds it is used without asking for the passphrase', async () => {
    const host = await sshd();
    const agentSocket = startAgent(host.folder, host.identity);
    const encrypted = join(host.folder, 'encrypted');
    writeFileSync(encrypted, readFileSync(host.identity), { mode: 0o600 });
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', encrypted]);
    const askPassphrase = async () => {
      throw new Error('asked');
    };
    const context = await contextOf(host, { files: [encrypted], agentSocket, askPassphrase });
    const outcome = await exchangeWith(targetOf(host), context);
    expect(outcome.failure).toBeUndefined();
  });

  test('with 200 dials at once and MaxStartups 10:30:100 lets all of them in, by and by', {
    timeout: 60_000,
  }, async () => {
    // A user with /bin/sh: root's bash reads its ~/.bashrc for every command, whatever that costs.
    const host = await sshd({ extraConfig: 'MaxStartups 10:30:100', user: {} });
    const context = await contextOf(host);
    const visit = (_: number, signal: AbortSignal): Promise<Outcome> =>
      exchangeWith(targetOf(host), context, { signal, deadlineMs: 40_000 });
    const never = (): never => {
      throw new Error('no bug and no interrupt here');
    };
    const failures: unknown[] = [];
    const options = { width: 200, signal: new AbortController().signal, onBug: never, onUnvisited: never };
    for await (const { failure } of fanout(Array(200).keys(), visit, options)) if (failure) failures.push(failure);
    expect(failures).toEqual([]);
    expect(host.log()).toMatch(/beginning MaxStartups throttling|drop connection/);
  });
});

describe.skipIf(need.skip)('identity files of ssh-keygen', () => {
  test.each([
    ['ed25519', ''],
    ['ecdsa', ''],
    ['rsa', ''],
    ['ed25519', 'secret'],
    ['rsa', 'secret'],
  ])('a %s key with the passphrase "%s" logs in; a passphrase is asked for once', async (type, passphrase) => {
    const host = await sshd({ user: {} });
    const key = join(host.folder, 'own');
    makeKey(key, { type, passphrase });
    writeFileSync(join(host.folder, 'authorized_keys'), readFileSync(`${key}.pub`));
    const asked: string[] = [];
    const askPassphrase = async (file: string) => {
      asked.push(file);
      return passphrase;
    };
    const context = await contextOf(host, { files: [key], askPassphrase });
    for (let time = 0; time < 2; time++) {
      const outcome = await exchangeWith(targetOf(host), context);
      expect(outcome.failure).toBeUndefined();
    }
    expect(asked).toEqual(passphrase === '' ? [] : [key]);
  });

  test.each([
    ['the PEM of OpenSSL', ['-m', 'PEM']],
    ['OpenSSH', []],
  ])('an RSA key in the format of %s is read', async (_, format) => {
    const host = await sshd();
    const key = join(host.folder, 'own');
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', ...format, '-N', '', '-f', key]);
    const identities = await createIdentitySets({ files: [key], homeDirectory: host.folder }).of({});
    expect(identities).toMatchObject({ files: [{ file: key }], problems: [] });
  });

  test('a file that others can read is refused with the chmod that mends it', async () => {
    const host = await sshd();
    chmodSync(host.identity, 0o644);
    const refused = await createIdentitySets({ files: [host.identity], homeDirectory: host.folder }).of({});
    expect(refused.files).toEqual([]);
    expect(refused.problems).toEqual([
      `${host.identity} can be read by others (mode 0644), so it is not used: chmod 600 ${host.identity}`,
    ]);
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
