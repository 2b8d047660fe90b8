/** Tab in real shells, in a real terminal: what they would run then is what a stand-in for whodisk writes down. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScript } from '../../functions/cli/completion-script.ts';
import { SHELLS, type Shell } from '../../functions/cli/shells.ts';
import { shellWord } from '../../runner/ssh/shell-word.ts';
import { needs } from '../needs.ts';
import { waitFor } from './tmux-terminal.ts';
import { WHODISK } from './whodisk-command.ts';

const need = needs('bash', 'zsh', 'fish', 'tmux');

const LONGEST_MS = 30_000;

const CONFIG = `hosts:
  db-1: {}
  web-07: {}
  '$(touch PWNED)': {address: 127.0.0.1}
  '\`touch PWNED\`': {address: 127.0.0.1}
  'x;touch PWNED': {address: 127.0.0.1}
  "it's a *": {address: 127.0.0.1}
  '!!': {address: 127.0.0.1}
groups:
  dbs: [db-1]
  'q$(touch-PWNED)': [db-1]
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whodisk-completion-'));
  mkdirSync(join(folder, 'bin'));
  const real = [process.execPath, WHODISK].map(shellWord).join(' ');
  const standIn = `#!/bin/sh
if [ "$1" = complete ]; then exec ${real} "$@"; fi
printf '%s\\n' "$@" "" > ${shellWord(join(folder, 'ran.part'))}
mv ${shellWord(join(folder, 'ran.part'))} ${shellWord(join(folder, 'ran'))}
`;
  writeFileSync(join(folder, 'bin', 'whodisk'), standIn, { mode: 0o755 });
  mkdirSync(join(folder, 'here'));
  mkdirSync(join(folder, 'here', 'keptstate'));
  writeFileSync(join(folder, 'here', 'whodisk.yml'), CONFIG, { mode: 0o600 });
  writeFileSync(join(folder, 'here', 'hosts file.ini'), '[caches]\nmemo-1\n');
  for (const shell of SHELLS) writeFileSync(join(folder, `${shell}.script`), completionScript(shell));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START: Record<Shell, (script: string) => { program: string; ready: string }> = {
  bash: (script) => ({ program: 'bash --norc --noprofile -i', ready: `source ${script}` }),
  zsh: (script) => ({ program: 'zsh -f -i', ready: `autoload -Uz compinit && compinit -u -D && source ${script}` }),
  fish: (script) => ({ program: 'fish --no-config', ready: `source ${script}` }),
};

/** A shell in a terminal of its own, which has read the script. */
async function openShell(shell: Shell): Promise<{ ranWith(typed: string): Promise<string[]>; end(): void }> {
  const name = `whodisk-${randomBytes(4).toString('hex')}`;
  const { program, ready } = START[shell](join(folder, `${shell}.script`));
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    HOME: folder,
    TERM: 'xterm',
    LANG: 'C.UTF-8',
    XDG_STATE_HOME: folder,
  };
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-L', name, '-f', '/dev/null', ...args], { encoding: 'utf8', env });
  tmux('new-session', '-d', '-x', '150', '-y', '50', '-c', join(folder, 'here'), program);
  const screen = (): string => tmux('capture-pane', '-p', '-J');
  const type = (text: string): string => tmux('send-keys', '-l', text);
  const enter = (): string => tmux('send-keys', 'Enter');
  const ran = join(folder, 'ran');
  const runs = async (what: string): Promise<string[]> => {
    await waitFor(() => existsSync(ran), `${shell} runs whodisk: ${what}`, screen, LONGEST_MS);
    const words = readFileSync(ran, 'utf8').split('\n').slice(0, -2);
    rmSync(ran);
    return words;
  };
  rmSync(ran, { force: true });
  type(`${ready}; whodisk ready`);
  enter();
  await runs('the script').catch((error: unknown) => {
    tmux('kill-server');
    throw error;
  });
  return {
    async ranWith(typed) {
      // What a failed test left there.
      tmux('send-keys', 'C-u');
      const before = screen();
      type(`whodisk ${typed}`);
      tmux('send-keys', 'Tab');
      await waitFor(
        () => screen() !== before && !screen().trimEnd().endsWith(typed),
        `${shell} completes ${typed}`,
        screen,
        LONGEST_MS,
      );
      enter();
      return await runs(typed);
    },
    end: () => void tmux('kill-server'),
  };
}

describe.skipIf(need.skip).each(SHELLS)('Tab in %s', (shell) => {
  let open: Awaited<ReturnType<typeof openShell>>;
  beforeAll(async () => {
    open = await openShell(shell);
  });
  afterAll(() => {
    open?.end();
  });

  it.each([
    ['a command', 'expl', ['explain']],
    ['a host', 'web', ['web-07']],
    ['a host for explain', 'explain d', ['explain', 'db-1']],
    ['a group', '@d', ['@dbs']],
    ['a host behind its user', 'root@d', ['root@db-1']],
    ['a hop', '-J web-07,d', ['-J', 'web-07,db-1']],
    ['an option', '--known', ['--known-hosts']],
    ['a value', '--host-keys acc', ['--host-keys', 'accept-new']],
    ['a value behind =', '--host-keys=acc', ['--host-keys=accept-new']],
    ['a file', '-i hosts', ['-i', 'hosts file.ini']],
    ['a folder', '--state kept', ['--state', 'keptstate']],
    ['a host of an inventory', "-i 'hosts file.ini' mem", ['-i', 'hosts file.ini', 'memo-1']],
  ])('completes %s', async (_, typed, words) => {
    // zsh takes the slash off again.
    expect((await open.ranWith(typed)).map((word) => word.replace(/\/$/, ''))).toEqual(words);
  });

  it.each([
    ['$(touch PWNED)', '\\$'],
    ['`touch PWNED`', '\\`to'],
    ['x;touch PWNED', 'x'],
    ["it's a *", 'it'],
    ['@q$(touch-PWNED)', '@q'],
    ['$(touch PWNED)', "'$"],
  ])('inserts a name as one word that means nothing to the shell: %s', async (name, typed) => {
    expect(await open.ranWith(typed)).toEqual([name]);
    expect(existsSync(join(folder, 'here', 'PWNED'))).toBe(false);
    expect(existsSync(join(folder, 'here', 'touch-PWNED'))).toBe(false);
  });
});
