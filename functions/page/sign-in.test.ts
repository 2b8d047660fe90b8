import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FROM_HERE, ORIGIN, type PageSite, pageSite } from '../../test/page/page-site.ts';
import { must } from '../../test/store/embedded.ts';
import { SESSION_MS } from '../auth/session.ts';
import { tokenHash } from '../auth/token.ts';

let site: PageSite;
beforeEach(async () => {
  site = await pageSite();
});
afterEach(() => site?.end());

describe('whoever is not signed in', () => {
  it.each(['/', '/sweeps', '/sweeps/01JDF3W5Q00000000000000009?verdict=hung', '/hosts/db-1', '/diff', '/sweeps/new'])(
    'is led from %s to where they can be, and back',
    async (path) => {
      const led = await site.ask(path);
      expect(led.status).toBe(303);
      const to = new URL(led.headers.get('location') ?? '', `${ORIGIN}${path}`);
      expect(to.pathname).toBe('/sign-in');
      const page = await (await site.ask(to.pathname + to.search)).text();
      const next = /name="next" value="([^"]*)"/.exec(page)?.[1] ?? '';
      const form = { token: site.tokens.read, next };
      const back = await site.ask('/sign-in', { form, headers: FROM_HERE });
      expect(back.status).toBe(303);
      expect(new URL(back.headers.get('location') ?? '', `${ORIGIN}/sign-in`).href).toBe(`${ORIGIN}${path}`);
    },
  );

  it('is not let in by a token that is none, unknown or revoked, and it is not said back', async () => {
    const unknown = `whodisk_${'A'.repeat(43)}`;
    must(await site.store.revokeToken(tokenHash(site.tokens.run), '2026-11-28T00:00:00.000Z'));
    for (const token of ['', 'hunter2', unknown, site.tokens.run]) {
      const answer = await site.ask('/sign-in', { form: { token }, headers: FROM_HERE });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('set-cookie')).toBeNull();
      const text = await answer.text();
      expect(text).toContain('role="alert"');
      if (token !== '') expect(text).not.toContain(token);
    }
  });

  it.each([
    '//evil.example/',
    '/\\evil.example',
    'https://evil.example/',
    '\\\\evil.example',
    'javascript:alert(1)',
    '..//evil.example',
    'a\r\nset-cookie: x=1',
  ])('stays on this site, whatever they are sent to: %j', async (next) => {
    const answer = await site.ask('/sign-in', { form: { token: site.tokens.read, next }, headers: FROM_HERE });
    expect(answer.status).toBe(303);
    expect(new URL(answer.headers.get('location') ?? '', `${ORIGIN}/sign-in`).origin).toBe(ORIGIN);
  });

  it('is slowed down, and no longer asked about', async () => {
    const form = { token: `whodisk_${'A'.repeat(43)}` };
    for (let tries = 0; tries < 120; tries++) await site.ask('/sign-in', { form, headers: FROM_HERE });
    const answer = await site.ask('/sign-in', { form: { token: site.tokens.read }, headers: FROM_HERE });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }, 30_000);
});

describe('another site', () => {
  it('keeps nobody from signing in, however often it has their browser ask', async () => {
    const form = { token: site.tokens.read };
    const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    for (let tries = 0; tries < 121; tries++) {
      await site.ask('/sweeps', { headers: elsewhere });
      await site.ask('/sign-in', { form, headers: elsewhere });
    }
    expect((await site.ask('/sweeps', { headers: elsewhere })).status).toBe(429);
    expect((await site.ask('/sign-in', { form, headers: FROM_HERE })).status).toBe(303);
  }, 30_000);
});

describe('a link of the terminal', () => {
  const link = (code: string): string => `/sign-in/once/${code}`;

  it('signs in whoever opens it first, and leads to the first page', async () => {
    const code = site.signInCode();
    const answer = await site.ask(link(code));
    expect(answer.status).toBe(303);
    expect(new URL(answer.headers.get('location') ?? '', ORIGIN + link(code)).href).toBe(`${ORIGIN}/`);
    const cookie = /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '';
    expect((await site.ask('/sweeps', { headers: { cookie } })).status).toBe(200);
    const again = await site.ask(link(code));
    expect(again.status).toBe(403);
    expect(again.headers.get('set-cookie')).toBeNull();
    expect(await again.text()).toContain('This link has been used');
  });

  it('is not used up by who only looks whether there is something', async () => {
    const code = site.signInCode();
    expect((await site.ask(link(code), { method: 'HEAD' })).headers.get('set-cookie')).toBeNull();
    expect((await site.ask(link(code))).status).toBe(303);
  });

  it('opens nothing an hour later', async () => {
    const startMs = Date.now();
    site.setNow(startMs);
    const code = site.signInCode();
    site.setNow(startMs + 3_600_000);
    const answer = await site.ask(link(code));
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('opens nothing once its token is revoked', async () => {
    const code = site.signInCode();
    must(await site.store.revokeToken(tokenHash(site.tokens.admin), '2026-11-28T00:00:00.000Z'));
    const answer = await site.ask(link(code));
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it.each(['x', 'A'.repeat(43), '%00', '..'])('is not %j', async (code) => {
    const answer = await site.ask(link(code));
    expect([403, 404]).toContain(answer.status);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('cannot be guessed: strangers are slowed down', async () => {
    for (let tries = 0; tries < 120; tries++) await site.ask(link('A'.repeat(43)));
    expect((await site.ask(link(site.signInCode()))).status).toBe(429);
  }, 30_000);
});

describe('a session', () => {
  it('is a cookie out of reach of scripts and other sites, and secure but on this machine', async () => {
    const form = { token: site.tokens.read };
    const here = await site.ask('/sign-in', { form, headers: FROM_HERE });
    expect(here.headers.get('set-cookie')).toMatch(
      /^whodisk-8470=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const proxied = await site.ask('/sign-in', { form, headers: { ...FROM_HERE, 'x-forwarded-proto': 'https' } });
    expect(proxied.headers.get('set-cookie')).toMatch(
      /^__Host-whodisk=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('is told from that of another service on this machine, whose cookies browsers keep with ours', async () => {
    const { cookie } = await site.signIn();
    const another = cookie.replace('whodisk-8470=', 'whodisk-8471=');
    expect((await site.ask('/sweeps', { headers: { cookie: another } })).status).toBe(303);
    expect((await site.ask('/sweeps', { headers: { cookie: `${another}; ${cookie}` } })).status).toBe(200);
  });

  it('ends when it is signed out of, for whoever has kept the cookie too', async () => {
    const browser = await site.signIn();
    expect((await browser.get('/sweeps')).status).toBe(200);
    const out = await browser.send('/sign-out', {});
    expect(out.status).toBe(303);
    expect(out.headers.get('set-cookie')).toMatch(/^whodisk-8470=; Max-Age=0/);
    expect((await browser.get('/sweeps')).status).toBe(303);
  });

  it('ends when its token is revoked', async () => {
    const browser = await site.signIn('run');
    must(await site.store.revokeToken(tokenHash(site.tokens.run), '2026-11-28T00:00:00.000Z'));
    const led = await browser.get('/sweeps');
    expect(led.status).toBe(303);
    expect(led.headers.get('location')).toContain('ended=yes');
  });

  it('ends after twelve hours', async () => {
    const startMs = Date.now();
    site.setNow(startMs);
    const browser = await site.signIn();
    site.setNow(startMs + SESSION_MS - 1000);
    expect((await browser.get('/sweeps')).status).toBe(200);
    site.setNow(startMs + SESSION_MS);
    expect((await browser.get('/sweeps')).status).toBe(303);
  });

  it.each(['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}\u00e9`])('is not %j', async (secret) => {
    const cookie = `whodisk-8470=${encodeURIComponent(secret)}`;
    expect((await site.ask('/sweeps', { headers: { cookie } })).status).toBe(303);
  });
});

describe('a form', () => {
  it.each([
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    {},
  ])('that %j says of counts nowhere', async (headers) => {
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const signIn = await site.ask('/sign-in', { form: { token: site.tokens.read }, headers: given });
    expect(signIn.status).toBe(403);
    const browser = await site.signIn('run');
    const token = /name="form" value="([^"]+)"/.exec(await browser.text('/sweeps'))?.[1] ?? '';
    const form = { form: token, targets: 'db-1' };
    const started = await site.ask('/sweeps/new', { form, headers: { ...given, cookie: browser.cookie } });
    expect(started.status).toBe(403);
    expect(must(await site.store.sweeps({ limit: 1 })).sweeps).toEqual([]);
  });

  it('counts from the address itself where a browser says no more, and from the public one behind a proxy', async () => {
    const form = { token: site.tokens.read };
    const direct = { origin: 'http://127.0.0.1:8470', host: '127.0.0.1:8470' };
    expect((await site.ask('/sign-in', { form, headers: direct })).status).toBe(303);
    const proxied = { origin: 'https://whodisk.example.com', host: '127.0.0.1:8470' };
    expect((await site.ask('/sign-in', { form, headers: proxied })).status).toBe(303);
  });

  it('of another session counts nowhere', async () => {
    const [mine, theirs] = [await site.signIn('run'), await site.signIn('run')];
    const token = /name="form" value="([^"]+)"/.exec(await theirs.text('/sweeps'))?.[1] ?? '';
    const headers = { ...FROM_HERE, cookie: mine.cookie };
    for (const form of [{ form: token, targets: 'db-1' }, { targets: 'db-1' }, { form: '', targets: 'db-1' }]) {
      expect((await site.ask('/sweeps/new', { form, headers })).status).toBe(403);
    }
  });
});

describe('a link on another site', () => {
  it('is followed once more by ourselves, since the cookie does not come along, and only then asks to sign in', async () => {
    const path = '/sweeps/01JDF3W5Q00000000000000009';
    const first = await site.ask(path, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(first.status).toBe(200);
    const again = /content="0; url=([^"]+)"/.exec(await first.text())?.[1] ?? '';
    expect(new URL(again, `${ORIGIN}${path}`).href).toBe(`${ORIGIN}${path}`);
    expect((await site.ask(path, { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(303);
  });
});
