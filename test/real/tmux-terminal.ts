/** A terminal of its own: a tmux server with one window, in which a shell waits. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export interface Terminal {
  /** Types a command and Enter. */
  run(command: string): void;
  /** Types a line, or presses a key where it is the name of one: "C-c", "Enter". */
  type(text: string): void;
  /** All that can be scrolled back to, lines that were broken put together again. */
  screen(): string;
  /** What is to be seen, line by line. */
  lines(): string[];
  resize(columns: number, rows: number): void;
  close(): void;
}

const PROMPT_LIMIT_MS = 20_000;

/** @param size by default 200 columns and 50 lines */
export function openTerminal(folder: string, size: { columns?: number; rows?: number } = {}): Terminal {
  const { columns = 200, rows = 50 } = size;
  const name = `whodisk-${randomBytes(4).toString('hex')}`;
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-L', name, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm' },
    });
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', folder, '/bin/sh');
  // What is typed before the shell says that it listens stands on the screen twice.
  const end = performance.now() + PROMPT_LIMIT_MS;
  for (let shown = ''; !/^[#$] /m.test(shown); shown = tmux('capture-pane', '-p', '-N')) {
    if (performance.now() > end) throw new Error(`the shell shows no prompt: ${shown}`);
  }
  return {
    run: (command) => void tmux('send-keys', command, 'Enter'),
    type: (text) => void tmux('send-keys', text === 'C-c' || text === 'Enter' ? text : `${text}\n`),
    screen: () => tmux('capture-pane', '-p', '-J', '-S', '-1000'),
    lines: () => tmux('capture-pane', '-p').split('\n'),
    resize: (width, height) => void tmux('resize-window', '-x', String(width), '-y', String(height)),
    close: () => void tmux('kill-server'),
  };
}

/** @throws Error with what is on the screen, where it does not come */
export async function waitFor(
  condition: () => boolean,
  what: string,
  screen: () => string,
  limitMs = 20_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never came: ${what}\n${screen()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
