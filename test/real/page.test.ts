/** The page of a real service in a real browser: a person signs in, starts a sweep, watches it end, and looks at what was found. */
import { rmSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer, wireOf } from '../bundle-answer.ts';
import { answering } from '../faults/answering-host.ts';
import { type LoopbackFleet, loopbackFleet } from '../faults/loopback-fleet.ts';
import { type SshServer, startSshServer } from '../faults/ssh-server.ts';
import { needs } from '../needs.ts';
import { axeFinds, type Looker, overflowOf, startChromium } from '../page/chromium.ts';
import { endedSweep, type ServeProcess, startServe } from '../serve/serve-process.ts';

const need = needs('linux', 'chromium');

/** Of a process on the hosts: what a browser must only ever show. */
const HOSTILE = '<img src=x onerror=alert(1)>\u202e\u0007.py';
const SHOWN = '<img src=x onerror=alert(1)>\\u202e\\x07.py';
const PHONE = { width: 360, height: 800 };

describe.skipIf(need.skip)('the page in Chromium', () => {
  let server: SshServer;
  let fleet: LoopbackFleet;
  let serve: ServeProcess;
  let looker: Looker;
  let state: NonNullable<BrowserContextOptions['storageState']>;
  beforeAll(async () => {
    let isQuiet = true;
    server = await startSshServer({
      isEveryLoopback: true,
      onExec: answering((nonce, channel) => {
        const parts = answer({
          'program 100 10000': `${HOSTILE}\n`,
          ...(isQuiet && { 'file b /proc/diskstats': QUIET }),
        });
        setTimeout(() => channel.write(`${wireOf(parts, nonce)}${nonce} end 0 complete\n`), 1200);
      }),
    });
    fleet = loopbackFleet({ server, hosts: 4, more: 'forks: 2' });
    serve = await startServe({ folder: fleet.folder });
    const first = await serve.request('/v1/sweeps', { body: { targets: ['@fleet'], windowSeconds: 1 } });
    await endedSweep(serve, String(first.headers.get('location')).split('/').at(-1) ?? '');
    isQuiet = false;
    looker = await startChromium(serve.url);
  }, 60_000);
  afterAll(async () => {
    await looker?.close();
    await serve?.end('SIGKILL');
    await server?.stop();
    if (fleet !== undefined) rmSync(fleet.folder, { recursive: true, force: true });
  });

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel('Token').fill(serve.token);
    await page.getByRole('button', { name: 'Sign in' }).press('Enter');
  }
  const heading = (page: Page): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent();

  it('leads to where somebody wanted to go, once they have signed in', async () => {
    const page = await looker.open();
    await page.goto(`${serve.url}/sweeps`);
    expect(await heading(page)).toBe('Sign in');
    await page.getByLabel('Token').fill('hunter2');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('no token of whodisk');
    await signIn(page);
    await page.waitForURL(`${serve.url}/sweeps`);
    expect(await heading(page)).toBe('Sweeps');
    state = await page.context().storageState();
    const name = `whodisk-${new URL(serve.url).port}`;
    expect(state.cookies).toMatchObject([{ name, httpOnly: true, sameSite: 'Strict' }]);
  });

  it('starts a sweep from the form, shows how it goes on, and what it found', async () => {
    const page = await looker.open({ storageState: state });
    await page.goto(`${serve.url}/sweeps/new`);
    await page.getByRole('link', { name: '@fleet' }).click();
    await page.getByLabel('Window in seconds').fill('1');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/sweeps\/[0-9A-Z]{26}$/);
    await page.getByText(/Sweeping: [0-9] of 4 hosts done/).waitFor();
    const still = await looker.open({ storageState: state });
    await still.goto(`${page.url()}?still=yes`);
    expect(await axeFinds(still)).toEqual([]);
    await page.getByRole('heading', { name: 'All 4 hosts are saturated' }).waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThanOrEqual(5);
    const row = page.getByRole('row', { name: /host-1/ }).first();
    expect(await row.textContent()).toMatch(/host-1[\s\S]*sda[\s\S]*SATURATED[\s\S]*\/var\/log\/app\.log[\s\S]*new/);
    expect(await row.textContent()).toContain(SHOWN);
  });

  it('does the same without any script', async () => {
    const page = await looker.open({ javaScriptEnabled: false });
    await page.goto(`${serve.url}/sweeps/new?targets=host-2`);
    await signIn(page);
    await page.getByLabel('Window in seconds').fill('1');
    await page.getByRole('button', { name: 'Start the sweep' }).click();
    await page.getByRole('heading', { name: 'The host is saturated' }).waitFor();
  });

  it('leads on to host, pattern, history and what has changed, and axe finds nothing, in any size or colour', async () => {
    const page = await looker.open({ storageState: state });
    const found: string[] = [];
    const look = async (name: string): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const size of [PHONE, { width: 800, height: 900 }, { width: 1400, height: 900 }]) {
          await page.setViewportSize(size);
          const where = `${name}, ${size.width}, ${colorScheme}`;
          found.push(...(await axeFinds(page)).map((finding) => `${where}: ${finding}`));
          if ((await overflowOf(page)) > 0) found.push(`${where}: wider than the window`);
        }
      }
    };
    await page.goto(`${serve.url}/sweeps`);
    await look('sweeps');
    await page.getByRole('link', { name: /^20/ }).nth(1).click();
    await page.getByRole('heading', { name: 'All 4 hosts are saturated' }).waitFor();
    await look('sweep');
    const sweepUrl = page.url();
    await page.getByRole('link', { name: 'What changed since the last sweep' }).click();
    expect(await heading(page)).toBe('4 new; 0 hosts unchanged');
    await look('diff');
    await page.goto(sweepUrl);
    await page.getByRole('link', { name: `${SHOWN} on 4 hosts` }).click();
    await look('pattern');
    await page.getByRole('link', { name: 'host-3' }).click();
    expect(await heading(page)).toMatch(/host-3.*SATURATED/);
    expect(await page.getByRole('list', { name: 'From the waiting CPU to the file' }).textContent()).toContain(
      'python 100',
    );
    expect(await page.getByRole('img', { name: /^(busy|queue|await): / }).count()).toBe(3);
    const looks = page.getByRole('img', { name: 'looks at python 100: ' });
    expect(await looks.locator('title').first().textContent()).toMatch(
      /at 2 s blocked \(state D\) in write\(\);.*at 4\.3 s runs/,
    );
    expect(
      await page.getByRole('list', { name: 'What the marks mean' }).getByText('blocked (state D)').isVisible(),
    ).toBe(true);
    await look('host');
    await page.getByRole('link', { name: 'All of its history' }).click();
    expect(await page.getByText('2 findings, in trouble in 1 of them').isVisible()).toBe(true);
    await look('history');
    await page.goto(`${serve.url}/sweeps/new`);
    await look('form');
    await page.goto(`${serve.url}/hosts/nobody`);
    await look('not here');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await look('sign in');
    expect(found).toEqual([]);
  });

  it('can be walked through by keyboard alone', async () => {
    const page = await looker.open({ viewport: PHONE });
    await page.goto(`${serve.url}/`);
    await signIn(page);
    await page.waitForURL(`${serve.url}/`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toContain('Skip to the content');
    await page.keyboard.press('Enter');
    const seen: string[] = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      seen.push(await page.evaluate<string>('document.activeElement.textContent.trim()'));
    }
    expect(seen).toContain('host-2');
    expect(seen).not.toContain('Sign out');
  });

  it('opens from a link on another site for whoever is signed in', async () => {
    const page = await looker.open();
    await page.goto(serve.url);
    await signIn(page);
    await page.waitForURL(`${serve.url}/`);
    const answers: number[] = [];
    page.on('response', (response) => response.url() === `${serve.url}/sweeps` && answers.push(response.status()));
    await page.goto(`data:text/html,<a href="${serve.url}/sweeps">whodisk</a>`);
    await page.getByRole('link').click();
    await page.getByRole('heading', { name: 'Sweeps' }).waitFor();
    // Asked for twice: the first time without the cookie, which another site's link does not bring.
    expect(answers).toEqual([200, 200]);
  });

  it('has run nothing that a host sent, asked nobody else, and broken nothing', () => {
    expect(looker.mishaps).toEqual([]);
  });
});

const QUIET =
  '   8 0 sda 100 0 800 50 1001 0 80008 9000 0 40005 50005\n   8 1 sda1 100 0 800 50 1001 0 80008 9000 0 40005 50005\n';
