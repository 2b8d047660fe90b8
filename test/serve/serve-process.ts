/** `whodisk serve` as a process of its own, as a unit starts it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { WHODISK } from '../real/whodisk-command.ts';

export interface ServeProcess {
  readonly url: string;
  /** Of STATE/token, scope admin. */
  readonly token: string;
  readonly pid: number;
  /** With the token, and JSON where there is a body. */
  request(
    path: string,
    more?: { method?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>;
  /** What it said on stderr so far. */
  stderr(): string;
  /** Sends the signal and resolves to the exit status, which is undefined where a signal ended it. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | undefined>;
}

export interface ServeOptions {
  /** In which whodisk.yml and the state folder are. */
  readonly folder: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const STARTED_WITHIN_MS = 20_000;

/** @throws Error with what it said where it does not listen */
export async function startServe({ folder, args = [], env = {} }: ServeOptions): Promise<ServeProcess> {
  const words = ['serve', '--json', '--listen', '127.0.0.1:0', '--state', `${folder}/state`, ...args];
  const child = spawn(process.execPath, [WHODISK, ...words], {
    cwd: folder,
    env: { ...process.env, XDG_STATE_HOME: `${folder}/home-state`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | undefined>((resolve) => child.once('close', (code) => resolve(code ?? undefined)));
  const first = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), STARTED_WITHIN_MS);
    createInterface(child.stdout).once('line', (line) => {
      clearTimeout(timer);
      resolve(line);
    });
    void ended.then(() => resolve(undefined));
  });
  if (first === undefined) {
    child.kill('SIGKILL');
    throw new Error(`whodisk serve does not listen: ${stderr}`);
  }
  const { type, url, tokenFile } = JSON.parse(first) as { type: string; url: string; tokenFile: string };
  if (type !== 'listening') throw new Error(`the first line is ${first}`);
  const token = readFileSync(tokenFile, 'utf8').trim();
  return {
    url,
    token,
    pid: child.pid ?? 0,
    request: (path, { method, body, headers } = {}) =>
      fetch(new URL(path, url), {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    stderr: () => stderr,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Asks until the answer is as wanted. @throws Error with the last answer where it never is */
export async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean, limitMs = 60_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`not within ${limitMs} ms; the last answer: ${JSON.stringify(answer)?.slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const OPEN = ['queued', 'running', 'ranking'];

/** The sweep once it has ended. */
export async function endedSweep(
  serve: Pick<ServeProcess, 'request'>,
  id: string,
  limitMs?: number,
): Promise<Record<string, unknown> & { status: string }> {
  const ask = async (): Promise<Record<string, unknown> & { status: string }> => {
    const answer = await serve.request(`/v1/sweeps/${id}`);
    const sweep = (await answer.json()) as Record<string, unknown>;
    return { ...sweep, status: String(sweep['status'] ?? `HTTP ${answer.status}`) };
  };
  return until(ask, ({ status }) => !OPEN.includes(status), limitMs);
}
