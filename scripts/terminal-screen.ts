/** What a command leaves on a terminal of its own (tmux), with its colours. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shellWord } from '../runner/ssh/shell-word.ts';

const MOST_ROWS = 200;
const LONGEST_SECONDS = 120;

/** @throws Error with what stands there where it has not ended after two minutes */
export async function terminalScreen(
  command: readonly string[],
  { columns, env }: { columns: number; env: Readonly<Record<string, string | undefined>> },
): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'whodisk-screen-'));
  const name = `whodisk-${randomBytes(4).toString('hex')}`;
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-L', name, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...env, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    });
  try {
    const ended = path.join(folder, 'ended');
    const script = path.join(folder, 'run.sh');
    const line = command.map(shellWord).join(' ');
    writeFileSync(script, `${line}\n: > ${shellWord(ended)}\nexec sleep ${LONGEST_SECONDS}\n`);
    tmux('new-session', '-d', '-x', String(columns), '-y', String(MOST_ROWS), 'sh', script);
    const lateMs = performance.now() + LONGEST_SECONDS * 1000;
    while (!existsSync(ended)) {
      if (performance.now() > lateMs) throw new Error(`it does not end:\n${tmux('capture-pane', '-p')}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return tmux('capture-pane', '-e', '-p');
  } finally {
    try {
      tmux('kill-server');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
