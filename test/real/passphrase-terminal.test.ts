import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Report, reportSchema } from '../../runner/report.ts';
import { shellWord } from '../../runner/ssh/shell-word.ts';
import { needs } from '../needs.ts';
import { letIn } from './routes.ts';
import { makeKey, SSHD_NEEDS, type Sshd, startSshd } from './sshd.ts';
import { openTerminal, type Terminal, waitFor } from './tmux-terminal.ts';
import { WHODISK } from './whodisk-command.ts';

const need = needs(...SSHD_NEEDS, 'passwd', 'tmux');
const PASSPHRASE = 'correct horse battery';

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function terminalIn(folder: string): Terminal {
  const terminal = openTerminal(folder);
  ends.unshift(terminal.close);
  return terminal;
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
    const terminal = terminalIn(host.folder);
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
    const terminal = terminalIn(host.folder);
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
    const terminal = terminalIn(host.folder);
    terminal.run(command);
    await waitFor(() => terminal.screen().includes('Passphrase for'), 'the question', terminal.screen);
    terminal.type('C-c');
    await waitFor(() => existsSync(out), 'the end', terminal.screen);
    expect(terminal.screen()).toContain('status 130');
    terminal.run('echo visible again');
    await waitFor(() => terminal.screen().includes('echo visible again'), 'the echo', terminal.screen);
  });
});
