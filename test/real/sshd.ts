/** A real sshd on loopback, with keys, configuration and, where asked, a login user of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Need } from '../needs.ts';

/** What `startSshd` needs; with `user` also 'passwd', with `user.sudo` also 'sudo'. */
export const SSHD_NEEDS: Need[] = ['root', 'openssh-server', 'openssh-client'];

export interface SshdOptions {
  /** Lines of sshd_config. The first of a keyword wins, so these come before the fixture's own. */
  readonly extraConfig?: string;
  /** Default 127.0.0.1; '0.0.0.0' makes all of 127.0.0.0/8 this one sshd. */
  readonly listenAddress?: string;
  /** Makes an unprivileged user for this sshd only, removed at the end; without it the login is root. */
  readonly user?: {
    /** 'nopasswd' adds a sudoers line; 'password' one that asks for a password. */
    readonly sudo?: 'nopasswd' | 'password';
    /** The login shell, default /bin/sh: bash would read ~/.bashrc for each command. */
    readonly shell?: string;
  };
}

export interface Sshd {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The user's home: root's is not the fixture's to write to. */
  readonly home: string;
  /** A line for a known_hosts file. */
  readonly hostKeyLine: string;
  /** Path of a private key that is let in. */
  readonly identity: string;
  /** Path of a known_hosts file with `hostKeyLine` in it. */
  readonly knownHosts: string;
  /** Temporary folder, gone after stop(). */
  readonly folder: string;
  /** Of the listening process. */
  readonly pid: number;
  /** What sshd logged so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts it and waits until it answers.
 *
 * @throws Error with sshd's log when it does not
 */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'whodisk-sshd-'));
  const account = options.user === undefined ? rootAccount() : makeUser(options.user);
  try {
    return await start(folder, account, options);
  } catch (error) {
    account.remove();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function start(folder: string, account: Account, options: SshdOptions): Promise<Sshd> {
  const host = options.listenAddress ?? '127.0.0.1';
  const hostKey = join(folder, 'host_key');
  const identity = join(folder, 'id');
  makeKey(hostKey);
  makeKey(identity);
  // sshd insists that the path to an authorized_keys file is the user's or root's, and readable for the user.
  chmodSync(folder, 0o755);
  const authorizedKeys = join(folder, 'authorized_keys');
  writeFileSync(authorizedKeys, readFileSync(`${identity}.pub`), { mode: 0o644 });
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

  const port = await freePort(host);
  const config = join(folder, 'sshd_config');
  writeFileSync(
    config,
    `${options.extraConfig ?? ''}
ListenAddress ${host}
Port ${port}
HostKey ${hostKey}
AuthorizedKeysFile ${authorizedKeys}
PidFile ${join(folder, 'pid')}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
LogLevel VERBOSE
`,
  );
  const logFile = join(folder, 'log');
  const child = spawn('/usr/sbin/sshd', ['-D', '-f', config, '-E', logFile], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const log = () => readFileSync(logFile, 'utf8');

  const stop = async () => {
    child.kill('SIGTERM');
    // A listener that a test stopped with SIGSTOP does not take SIGTERM.
    child.kill('SIGCONT');
    await ended;
    account.remove();
    rmSync(folder, { recursive: true, force: true });
  };

  const loopback = host === '0.0.0.0' ? '127.0.0.1' : host;
  for (let attempt = 0; !(await answers(loopback, port)); attempt++) {
    if (attempt > 100 || child.exitCode !== null) {
      child.kill('SIGKILL');
      throw new Error(`sshd did not start: ${readLogIfAny(log)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const publicHostKey = readFileSync(`${hostKey}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  const names = host === '0.0.0.0' ? `[127.*]:${port}` : `[${host}]:${port}`;
  const hostKeyLine = `${names} ${publicHostKey}`;
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `${hostKeyLine}\n`, { mode: 0o600 });
  const { name: user, home } = account;
  return {
    host: loopback,
    port,
    user,
    home,
    hostKeyLine,
    identity,
    knownHosts,
    folder,
    pid: child.pid ?? 0,
    log,
    stop,
  };
}

/** Who is logged in. */
export interface Account {
  readonly name: string;
  readonly home: string;
  readonly remove: () => void;
}

function rootAccount(): Account {
  return { name: 'root', home: '/root', remove: () => {} };
}

/** An unprivileged user of its own, gone after remove(). Needs root and 'passwd'. */
export function makeUser({ sudo, shell = '/bin/sh' }: NonNullable<SshdOptions['user']>): Account {
  const name = `wd${randomBytes(5).toString('hex')}`;
  const sudoers = `/etc/sudoers.d/${name}`;
  const home = `/home/${name}`;
  // '*' is no password hash and, unlike useradd's '!', no locked account: sshd refuses locked ones without PAM.
  execFileSync('useradd', ['--create-home', '--home-dir', home, '--shell', shell, '--password', '*', name]);
  if (sudo !== undefined) {
    const tag = sudo === 'nopasswd' ? 'NOPASSWD: ' : '';
    writeFileSync(sudoers, `${name} ALL=(root) ${tag}ALL\n`, { mode: 0o440 });
  }
  const remove = () => {
    rmSync(sudoers, { force: true });
    // --force: a command of a cut session may still be running as this user.
    execFileSync('userdel', ['--force', '--remove', name], { stdio: 'ignore' });
  };
  return { name, home, remove };
}

/** Makes a key pair without a passphrase (or with one) at `path` and `path`.pub. */
export function makeKey(path: string, { type = 'ed25519', passphrase = '' } = {}): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', path]);
}

/** All processes below `pid`, such as the sessions of a listening sshd. */
export function childrenOf(pid: number): number[] {
  const direct = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return direct.flatMap((child) => [child, ...childrenOf(child)]);
}

/** A TCP port that nothing listens on at the moment. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(address)));
    });
  });
}

/** Whether something there greets whoever connects. */
export async function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

function readLogIfAny(log: () => string): string {
  try {
    return log();
  } catch {
    return 'no log';
  }
}
