/** A real dropbear on loopback, with a host key and a user of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Need } from '../needs.ts';
import { type Account, answers, freePort, makeKey, makeUser, type Sshd } from './sshd.ts';

/** What `startDropbear` needs. */
export const DROPBEAR_NEEDS: Need[] = ['root', 'dropbear-bin', 'openssh-client', 'passwd'];

/** @throws Error with dropbear's log when it does not start */
export async function startDropbear(): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'whodisk-dropbear-'));
  const account = makeUser({});
  try {
    return await start(folder, account);
  } catch (error) {
    account.remove();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function start(folder: string, account: Account): Promise<Sshd> {
  const host = '127.0.0.1';
  const port = await freePort(host);
  const identity = join(folder, 'id');
  makeKey(identity);
  const hostKey = join(folder, 'host_key');
  const shown = execFileSync('dropbearkey', ['-t', 'ed25519', '-f', hostKey], { encoding: 'utf8', stdio: 'pipe' });
  const publicKey = /^ssh-ed25519 \S+/m.exec(shown)?.[0];
  if (publicKey === undefined) throw new Error(`dropbearkey told no public key: ${shown}`);
  // dropbear looks in the home only, and insists that all of it is the user's own.
  mkdirSync(join(account.home, '.ssh'), { mode: 0o700 });
  const authorizedKeys = join(account.home, '.ssh', 'authorized_keys');
  writeFileSync(authorizedKeys, readFileSync(`${identity}.pub`), { mode: 0o600 });
  execFileSync('chown', ['-R', `${account.name}:`, join(account.home, '.ssh')]);
  chmodSync(account.home, 0o755);

  let log = '';
  const child = spawn('/usr/sbin/dropbear', ['-F', '-E', '-s', '-p', `${host}:${port}`, '-r', hostKey, '-P', '']);
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    account.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; !(await answers(host, port)); attempt++) {
    if (attempt > 100 || child.exitCode !== null) {
      child.kill('SIGKILL');
      await ended;
      throw new Error(`dropbear did not start: ${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const hostKeyLine = `[${host}]:${port} ${publicKey}`;
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `${hostKeyLine}\n`);
  const { name: user, home } = account;
  const pid = child.pid ?? 0;
  return { host, port, user, home, hostKeyLine, identity, knownHosts, folder, pid, log: () => log, stop };
}
