/** `whodisk demo` as somebody tries it: the package, without root, from the first line to the page, and nothing afterwards. */
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openIn } from '../../functions/demo/open-browser.ts';
import { needs } from '../needs.ts';
import { startChromium } from '../page/chromium.ts';
import { endedSweep } from '../serve/serve-process.ts';
import { startDemo } from './demo-process.ts';

const need = needs('linux');
const withBrowser = needs('linux', 'chromium');
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Nobody has this number. */
const STRANGER = 64_907;
const asWhom = process.getuid?.() === 0 ? { uid: STRANGER, gid: STRANGER } : {};
const LIMIT_MS = 90_000;

/** As it is installed: a user who is not root may be unable to read the checkout. */
async function installIn(folder: string): Promise<string> {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true }>;
  };
  for (const [name, { dev }] of Object.entries(lock.packages)) {
    const from = join(ROOT, name);
    if (name !== '' && dev !== true && statSync(from, { throwIfNoEntry: false }))
      cpSync(from, join(folder, name), { recursive: true });
  }
  const installed = join(folder, 'node_modules', 'whodisk');
  mkdirSync(join(installed, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'bin'), join(installed, 'bin'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
  // Plain JavaScript, since the build runs before there are types.
  const { bundleSources } = (await import(pathToFileURL(join(ROOT, 'scripts', 'bundle-sources.js')).href)) as {
    bundleSources: (root: string) => Promise<Map<string, Uint8Array>>;
  };
  for (const [name, content] of await bundleSources(ROOT)) writeFileSync(join(installed, 'dist', name), content);
  return join(installed, 'bin', 'whodisk.js');
}

const linkIn = (text: string): string => /http:\/\/127\.0\.0\.1:\d+\/sign-in\/once\/[\w-]{43}/.exec(text)?.[0] ?? '';

describe.skipIf(need.skip)('whodisk demo', () => {
  let folder: string;
  let home: string;
  let program: string;
  let node: string;
  const running: ChildProcess[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'whodisk-demo-real-'));
    chmodSync(folder, 0o755);
    node = asWhom.uid === undefined ? process.execPath : join(folder, 'node');
    program = await installIn(folder);
    // One that npx has fetched for root is in root's own folder.
    if (asWhom.uid !== undefined) cpSync(process.execPath, node);
  }, LIMIT_MS);
  beforeEach(() => {
    home = mkdtempSync(join(folder, 'home-'));
    mkdirSync(join(home, 'tmp'), { mode: 0o700 });
    if (asWhom.uid === undefined) return;
    for (const mine of [home, join(home, 'tmp')]) chownSync(mine, asWhom.uid, asWhom.gid);
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const env = (): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    LANG: 'C.UTF-8',
  });

  function start(args: readonly string[]) {
    const demo = startDemo(node, [program, ...args], { cwd: home, env: env(), ...asWhom });
    running.push(demo.child);
    return demo;
  }

  /** Of the demo, and of the shells that it started. */
  const processesOf = (): string[] =>
    readdirSync('/proc').filter((pid) => {
      try {
        return (
          /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`TMPDIR=${join(home, 'tmp')}\0`)
        );
      } catch {
        return false;
      }
    });

  function left(): string[] {
    const found = readdirSync(home, { recursive: true, encoding: 'utf8' });
    return found.filter((name) => name !== 'tmp');
  }

  it(
    'shows twelve hosts, eleven of them recordings, then the page to whoever opens its link, and leaves nothing',
    async () => {
      const demo = start(['demo', '-w', '1']);
      const introducedMs = await demo.said('A fleet to try');
      const resultMs = await demo.said('1. ');
      await demo.said('Ctrl-C ends it');
      process.stdout.write(
        `whodisk demo: first line after ${introducedMs.toFixed()} ms, results after ${resultMs.toFixed()} ms\n`,
      );
      const text = demo.stdout();
      expect(text).toContain('complete, 12 targets, 12 swept, 0 not swept');
      expect(text.match(/^\d+\. recorded-[a-z]+-\d: /gm)).toHaveLength(11);
      expect(text.match(/^\d+\. this-machine: /gm)).toHaveLength(1);
      expect(text.match(/limit: a recording, played back/g)).toHaveLength(11);
      expect(demo.stderr()).toBe('');

      const link = linkIn(text);
      const signedIn = await fetch(link, { redirect: 'manual' });
      expect(signedIn.status).toBe(303);
      const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
      const see = async (path: string): Promise<string> => {
        const page = await fetch(new URL(path, link), { headers: { cookie } });
        expect(page.status).toBe(200);
        return await page.text();
      };
      const ranking = await see('/');
      expect(ranking).toContain('recorded-nas-1');
      const [, host = ''] = /href="\.(\/sweeps\/[^"]*\/hosts\/recorded-db-1)"/.exec(ranking) ?? [];
      expect(await see(host)).toContain('a recording, played back');
      expect((await fetch(link, { redirect: 'manual' })).status).toBe(403);

      // As "Sweep again" does: over the network, and so by names alone.
      const [, tokenFile = ''] = /^ {2}(\/.*\/token)$/m.exec(text) ?? [];
      const headers = {
        authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`,
        'content-type': 'application/json',
      };
      const request = (path: string, body?: unknown): Promise<Response> =>
        fetch(new URL(path, link), {
          headers,
          ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
        });
      const again = await request('/v1/sweeps', { targets: ['@all'], windowSeconds: 1 });
      expect(again.status).toBe(202);
      const id = String(again.headers.get('location')).split('/').at(-1) ?? '';
      expect(await endedSweep({ request }, id)).toMatchObject({ status: 'complete', swept: 12, notSwept: 0 });
      const limitsOf = async (name: string): Promise<string> => {
        const answer = await request(`/v1/sweeps/${id}/hosts/${name}`);
        expect(answer.status).toBe(200);
        return ((await answer.json()) as { limits: string[] }).limits.join('\n');
      };
      expect(await limitsOf('recorded-web-1')).toContain('a recording, played back');
      expect(await limitsOf('this-machine')).not.toContain('recording');

      const command = /^ {2}whodisk (explain .*)$/m.exec(text)?.[1] ?? '';
      const explain = start(command.split(' '));
      expect(await explain.ended).toBe(0);
      expect(explain.stdout()).toContain('recorded-db-1');
      expect(explain.stdout()).toContain('a recording, played back');

      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(130);
      expect(left()).toEqual([]);
      expect(processesOf()).toEqual([]);
      await expect(fetch(link)).rejects.toThrow();
    },
    LIMIT_MS,
  );

  it.skipIf(withBrowser.skip)(
    'lands a browser signed in on what was found, by a file that leads there',
    async () => {
      const demo = start(['demo', '-w', '1']);
      await demo.said('Ctrl-C ends it');
      const link = linkIn(demo.stdout());
      const file = join(folder, 'open.html');
      // What becomes of the program that opens it is nothing to the file.
      openIn('/bin/true', link, file);
      const looker = await startChromium(new URL(link).origin);
      try {
        const page = await looker.open();
        await page.goto(pathToFileURL(file).href);
        await page.waitForURL(`${new URL(link).origin}/`, { timeout: 30_000 });
        expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(/of 12 hosts$/);
        expect(await page.getByRole('rowheader').allTextContents()).toEqual(
          expect.arrayContaining([expect.stringContaining('recorded-nas-1')]),
        );
      } finally {
        await looker.close();
      }
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(130);
    },
    LIMIT_MS,
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 0],
    ['SIGHUP', 0],
  ] as const)(
    'leaves nothing when %s comes in mid-sweep',
    async (signal, status) => {
      const demo = start(['demo', '-w', '30']);
      await demo.said('A fleet to try');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      demo.child.kill(signal);
      expect(await demo.ended).toBe(status);
      expect(left()).toEqual([]);
      expect(processesOf()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'leaves nothing where a second Ctrl-C does not wait for the first',
    async () => {
      const demo = start(['demo', '-w', '30']);
      await demo.said('A fleet to try');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      demo.child.kill('SIGINT');
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(130);
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'keeps what it writes to itself while it runs',
    async () => {
      const demo = start(['demo', '-w', '1']);
      await demo.said('Ctrl-C ends it');
      const [made = ''] = readdirSync(join(home, 'tmp'));
      expect(made).toMatch(/^whodisk-demo-/);
      expect(statSync(join(home, 'tmp', made)).mode & 0o777).toBe(0o700);
      expect(dirname(left().find((name) => name.endsWith('token')) ?? '')).toBe(join('tmp', made, 'state'));
      demo.child.kill('SIGINT');
      await demo.ended;
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it.skipIf(asWhom.uid === undefined)(
    'makes no disk for who is not root, and says so before it makes anything',
    async () => {
      const demo = start(['demo', '--load']);
      expect(await demo.ended).toBe(2);
      expect(demo.stderr()).toMatch(/^whodisk: there can be no --load here: only root may .*sudo/);
      expect(demo.stdout()).toBe('');
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'takes away what one that was killed has left, and says so',
    async () => {
      const killed = start(['demo', '-w', '1']);
      await killed.said('Ctrl-C ends it');
      const [folder = ''] = readdirSync(join(home, 'tmp'));
      killed.child.kill('SIGKILL');
      await killed.ended;
      expect(left()).toContain(join('tmp', folder));
      const demo = start(['demo', '-w', '1']);
      await demo.said('A fleet to try');
      expect(demo.stderr()).toBe(
        `whodisk: a demo was killed, and what it left is put back: ${join(home, 'tmp', folder)}\n`,
      );
      demo.child.kill('SIGINT');
      await demo.ended;
      expect(left()).toEqual([]);
    },
    LIMIT_MS,
  );
});
