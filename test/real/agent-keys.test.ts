import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { exchangeWith } from '../faults/exchange.ts';
import { needs } from '../needs.ts';
import { contextOf, countsIn, destinationOf, letIn } from './routes.ts';
import { makeKey, SSHD_NEEDS, type Sshd, startSshd } from './sshd.ts';

const need = needs(...SSHD_NEEDS, 'passwd');

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** An agent with five keys, of which the host takes the last, and a host that allows three attempts (sshd_config(5) MaxAuthTries). */
async function fiveKeys(): Promise<{ host: Sshd; keys: string[]; agentSocket: string }> {
  const host = await startSshd({ user: {}, extraConfig: 'MaxAuthTries 3' });
  ends.push(host.stop);
  const keys = [1, 2, 3, 4, 5].map((number) => join(host.folder, `key${number}`));
  for (const key of keys) makeKey(key);
  letIn(host, `${keys[4]}.pub`);
  const agentSocket = join(host.folder, 'agent');
  const output = execFileSync('ssh-agent', ['-s', '-a', agentSocket], { encoding: 'utf8' });
  ends.unshift(() => void process.kill(Number(/SSH_AGENT_PID=(\d+)/.exec(output)?.[1])));
  execFileSync('ssh-add', ['-q', ...keys], { env: { ...process.env, SSH_AUTH_SOCK: agentSocket }, stdio: 'ignore' });
  return { host, keys, agentSocket };
}

describe.skipIf(need.skip)('an agent with five keys and a host that allows three attempts', () => {
  test('are refused once, with what to do, and never tried again', async () => {
    const { host, agentSocket } = await fiveKeys();
    const { identityFiles: _, identitiesOnly: __, ...destination } = destinationOf(host);
    const outcome = await exchangeWith(destination, await contextOf([host], { agentSocket }));
    expect(outcome.failure).toMatchObject({ phase: 'auth', kind: 'auth-refused' });
    expect(outcome.failure?.message).toContain('too many keys for this server');
    expect(outcome.failure?.message).toContain('IdentityFile');
    expect(outcome.failure?.message).toContain('--identity');
    expect(countsIn(host).connections).toBe(1);
  });

  test.each([
    ['the private key', 'key5', false],
    ['the private key, and only that', 'key5', true],
    ['the public half of a key that only the agent has', 'key5.pub', true],
    ['a private key that is gone, its public half beside it', 'key5', true],
  ])('get in where an IdentityFile names %s', async (what, name, identitiesOnly) => {
    const { host, agentSocket, keys } = await fiveKeys();
    if (what.includes('gone')) rmSync(keys[4] ?? '');
    const destination = { ...destinationOf(host), identityFiles: [join(host.folder, name)], identitiesOnly };
    const outcome = await exchangeWith(destination, await contextOf([host], { agentSocket }));
    expect(outcome.failure).toBeUndefined();
    expect(host.log()).not.toContain('Failed publickey');
  });

  test('get in where the host names an agent of its own with the one key', async () => {
    const { host, keys, agentSocket } = await fiveKeys();
    const env = { ...process.env, SSH_AUTH_SOCK: agentSocket };
    execFileSync('ssh-add', ['-q', '-d', ...keys.slice(0, 4).map((key) => `${key}.pub`)], { env, stdio: 'ignore' });
    const { identityFiles: _, identitiesOnly: __, ...destination } = destinationOf(host);
    const outcome = await exchangeWith({ ...destination, identityAgent: agentSocket }, await contextOf([host]));
    expect(outcome.failure).toBeUndefined();
  });
});
