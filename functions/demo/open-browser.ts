/** Opens a page in the browser of whoever sits here, where somebody does. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export interface Desk {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent where the system has none. */
  readonly uid?: number;
}

/**
 * The program that opens a file in a browser, or undefined where there is no display, where the display is far away at the other end of
 * an SSH connection, and for root, whose browser nobody should use.
 */
export function browserFor({ platform, env, uid }: Desk): string | undefined {
  if (uid === 0 || env['SSH_CONNECTION']) return undefined;
  if (platform === 'darwin') return 'open';
  return platform === 'linux' && (env['DISPLAY'] || env['WAYLAND_DISPLAY']) ? 'xdg-open' : undefined;
}

/**
 * Arguments of programs can be read by every user of a machine, and the link signs in whoever is first: the browser is given a file that
 * leads to it. What becomes of it is not waited for; the link is on the terminal too.
 *
 * @param file of this user alone, in a folder that is removed later
 */
export function openIn(browser: string, link: string, file: string): void {
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${link}"><title>whodisk</title>\n`, {
    mode: 0o600,
  });
  const child = spawn(browser, [pathToFileURL(file).href], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}
