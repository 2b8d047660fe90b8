import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Report, reportSchema } from '../../runner/report.ts';
import { shellWord } from '../../runner/ssh/shell-word.ts';
import { needs } from '../needs.ts';
import { letIn } from './routes.ts';
import { makeKey, SSHD_NEEDS, type Sshd, startSshd } from './sshd.ts';
import { WHODISK } from './whodisk-command.ts';

const need = needs(...SSHD_NEEDS, 'passwd', 'tmux');
const PASSPHRASE = 'correct horse battery';

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A terminal of its own: a tmux server with one window. */
function openTerminal(folder: string): {
  run: (command: string) => void;
  type: (text: string) => void;
  screen: () => string;
} {
  const name = `whodisk-${randomBytes(4).toString('hex')}`;
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-L', name, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm' },
    });
  tmux('new-session', '-d', '-x', '200', '-y', '50', '-c', folder, '/bin/sh');
  ends.unshift(() => void tmux('kill-server'));
  return {
    run: (command) => void tmux('send-keys', command, 'Enter'),
    type: (text) => void tmux('send-keys', text === 'C-c' || text === 'Enter' ? text : `${text}\n`),
    screen: () => tmux('capture-pane', '-p', '-J', '-S', '-1000'),
  };
}

async function waitFor(condition: () => boolean, what: string, screen: () => string, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never came: ${what}\n${screen()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A host that lets in an encrypted key, and the command that sweeps it twice over two of its addresses. */
async function encryptedKey(): Promise<{ host: Sshd; command: string; out: string; key: string }> {
  const host = await startSshd({ user: {}, listenAddress: '0.0.0.0' });
  ends.push(host.stop);
  const key = join(host.folder, 'encrypted');
  makeKey(key, { passphrase: PASSPHRASE });
  letIn(host, `${key}.pub`);
  const out = join(host.folder, 'out');
  const targets = ['127.0.0.1', '127.0.0.2'].map((address) => `${host.user}@${address}:${host.port}`);
  const words = [process.execPath, WHODISK, ...targets, '--identity', key, '--known-hosts', host.knownHosts];
  const script = join(host.folder, 'sweep');
  writeFileSync(
    script,
    `XDG_STATE_HOME=${host.folder} ${words.map(shellWord).join(' ')} -w 1 --json >${out}.part\necho "status $?"\nmv ${out}.part ${out}\n`,
  );
  return { host, command: `sh ${script}`, out, key };
}

describe.skipIf(need.skip)('the passphrase of an encrypted key, in a terminal', () => {
  test('is asked for once for all hosts, never shown, and lets us in', async () => {
    const { host, command, out, key } = await encryptedKey();
    const terminal = openTerminal(host.folder);
    terminal.run(command);
    await waitFor(() => terminal.screen().includes(`Passphrase for ${key}:`), 'the question', terminal.screen);
    terminal.type(PASSPHRASE);
    await waitFor(() => existsSync(out), 'the end of the sweep', terminal.screen, 40_000);
    const report: Report = reportSchema.parse(JSON.parse(readFileSync(out, 'utf8')));
    expect(report.hosts.map(({ status }) => status)).toEqual(['swept', 'swept']);
    expect(terminal.screen().match(/Passphrase for/g)).toHaveLength(1);
    expect(terminal.screen()).not.toContain('horse');
    expect(readFileSync(out, 'utf8')).not.toContain('horse');
    expect(terminal.screen()).toContain('status 0');
  });

  test('that is wrong ends before anything is dialled', async () => {
    const { host, command, out } = await encryptedKey();
    const terminal = openTerminal(host.folder);
    terminal.run(command);
    await waitFor(() => terminal.screen().includes('Passphrase for'), 'the question', terminal.screen);
    terminal.type('wrong');
    await waitFor(() => existsSync(out), 'the end', terminal.screen);
    expect(terminal.screen()).toContain('the passphrase is wrong');
    expect(terminal.screen()).toContain('status 2');
    expect(host.log().match(/Connection from/g)).toHaveLength(1); // the fixture's own look
  });

  test('is given up with Ctrl-C, and the terminal shows what is typed again', async () => {
    const { host, command, out } = await encryptedKey();
    const terminal = openTerminal(host.folder);
    terminal.run(command);
    await waitFor(() => terminal.screen().includes('Passphrase for'), 'the question', terminal.screen);
    terminal.type('C-c');
    await waitFor(() => existsSync(out), 'the end', terminal.screen);
    expect(terminal.screen()).toContain('status 130');
    terminal.run('echo visible again');
    await waitFor(() => terminal.screen().includes('echo visible again'), 'the echo', terminal.screen);
  });
});
