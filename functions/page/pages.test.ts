import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sweep } from '../../runner/report.ts';
import { healthyHost, refused, reportOf, saturatedHost, silent } from '../../test/findings.ts';
import { HOSTILE_TEXTS, hostileHost, NEVER_RAW } from '../../test/hostile-text.ts';
import { type Browser, type PageSite, pageSite } from '../../test/page/page-site.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';

let site: PageSite;
let browser: Browser;
let earlier: Sweep;
let sweep: Sweep;
beforeAll(async () => {
  site = await pageSite();
  browser = await site.signIn();
  earlier = await site.swept([healthyHost('db-1'), saturatedHost('db-2'), healthyHost('web-1')]);
  sweep = await site.swept([
    saturatedHost('db-1'),
    saturatedHost('db-2'),
    silent('db-3'),
    healthyHost('w'),
    refused('x'),
  ]);
});
afterAll(() => site?.end());

/** What a reader sees, without marks. */
const wordsOf = (html: string): string =>
  html
    .replace(/<(?:style|script|head)[\s\S]*?<\/(?:style|script|head)>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the newest sweep', () => {
  it('begins with the sentence, then the worst with culprit, file, share and what has changed', async () => {
    const words = wordsOf(await browser.text('/'));
    expect(words).toContain(
      '1 suspected to hang and 2 saturated of 5 hosts; the same logtest.py on 2 of them; 1 not reached',
    );
    expect(words).toMatch(
      /2 db-1 sda 99\.2 % busy.*▲ SATURATED logtest\.py \(python\).*\/tmp\/logtest\.txt 98 % new 3 db-2/,
    );
    expect(words).toMatch(/connection refused , 1 host : the port is closed x/);
    expect(words).toContain('The last 2 sweeps of the same hosts');
  });

  it('gives the sentence of a host without a culprit the room of culprit, file and share', async () => {
    const html = await browser.text('/');
    expect(html).toMatch(
      /db-3<\/a>(?:(?!<\/tr>)[\s\S])*<td role="cell" class="culprit instead" colspan="3" aria-colspan="3">[^<]/,
    );
    expect(html.match(/<td role="cell" class="file">/g)).toHaveLength(2);
  });

  it('is the same at the address that chat links to', async () => {
    const table = (html: string): string => /<table class="rank"[\s\S]*?<\/table>/.exec(html)?.[0] ?? '';
    const here = table(await browser.text(`/sweeps/${sweep.id}`)).replaceAll('href="../', 'href="./');
    expect(here).toBe(table(await browser.text('/')));
    expect(here).toContain('db-1');
  });

  it('lists hosts of one verdict by its address', async () => {
    const words = wordsOf(await browser.text(`/sweeps/${sweep.id}?verdict=healthy`));
    expect(words).toContain('○ healthy');
    expect(words).not.toContain('SATURATED');
  });

  it.each([
    ['?verdict=ill', 400],
    ['?cursor=bm9uZQ', 400],
  ])('refuses %s', async (query, status) => {
    expect((await browser.get(`/sweeps/${sweep.id}${query}`)).status).toBe(status);
  });
});

describe('a page', () => {
  it.each(['/sweeps/01JDF3W5Q0ZZZZZZZZZZZZZZZZ', '/sweeps/none', '/hosts/nobody', '/sweeps/none/patterns/x'])(
    'says that there is no %s',
    async (path) => {
      const answer = await browser.get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('text/html');
    },
  );

  it('lets nothing in, sends nothing out and runs nothing', async () => {
    for (const path of ['/', '/sweeps', '/diff', `/sweeps/${sweep.id}/hosts/db-1`, '/hosts/db-1', '/sign-in']) {
      const answer = await browser.get(path);
      expect(answer.headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      const html = await answer.text();
      expect(html).not.toMatch(/<script|\son[a-z]+=|style=|javascript:|https?:\/\/(?!www\.w3\.org)/i);
    }
  });

  it('has its style sheet under an address that is kept for ever', async () => {
    const href = /rel="stylesheet" href="([^"]+)"/.exec(await browser.text('/'))?.[1] ?? '';
    const style = await site.ask(href.replace('./', '/'));
    expect(style.headers.get('cache-control')).toContain('immutable');
    expect(await style.text()).toContain('prefers-color-scheme: dark');
  });

  it('of a sweep that goes on renews itself, with the one script that its policy names, or without', async () => {
    const running = { ...reportOf([healthyHost('a')]).sweep, id: nextSweepId(), status: 'running' as const };
    const { finishedAt: _, ...open } = running;
    must(await site.store.beginSweep(open, Date.now() + 60_000));
    const answer = await browser.get(`/sweeps/${running.id}`);
    const html = await answer.text();
    const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    expect(answer.headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}'; connect-src 'self'`);
    expect(html).toContain('<noscript><meta http-equiv="refresh" content="3"/></noscript>');
    expect(html).toContain('id="live"');
    const still = await browser.text(`/sweeps/${running.id}?still=yes`);
    expect(still).not.toMatch(/<script|http-equiv|id="live"/);
    expect(wordsOf(await browser.text('/'))).toContain('Another sweep of 1 host is under way');
  });
});

describe('the page of a host', () => {
  it('shows the chain, the strips, the evidence, who suffers, and how it was before', async () => {
    const html = await browser.text(`/sweeps/${sweep.id}/hosts/db-1`);
    // A path in a narrow box goes on in the next line after a slash.
    expect(html).toMatch(/class="figure">\/tmp\/<wbr\/?>logtest\.txt</);
    const words = wordsOf(html);
    expect(words).toMatch(
      /CPU wait 93 %.*disk sda.*process python 18940.*syscall buffered writes.*file \/tmp\/logtest\.txt/,
    );
    expect(words).toMatch(
      /python 18940: 5 looks, from 2 s to 4\.7 s: blocked \(state D\) in 3 .*runs sleeps not looked at yet/,
    );
    expect(words).toContain('victims postgres 812');
    expect(words).toContain('carriers kworker/u4:2 20065');
    expect(words).toMatch(/In the last sweeps.*this one.*○ healthy/);
  });

  it('says why a host was not reached', async () => {
    const words = wordsOf(await browser.text(`/sweeps/${sweep.id}/hosts/x`));
    expect(words).toContain('x refused the connection to port 22');
    expect(words).not.toContain('CPU wait');
  });
});

describe('other pages', () => {
  it('compare two sweeps, by default the newest with the one before', async () => {
    const words = wordsOf(await browser.text('/diff'));
    expect(words).toContain('2 new; 1 host unchanged');
    expect(words).toMatch(/db-1 ○ healthy → ▲ SATURATED/);
    expect((await browser.get(`/diff?from=${sweep.id}&to=${sweep.id}`)).status).toBe(422);
    expect((await browser.get('/diff?from=none')).status).toBe(404);
    expect(wordsOf(await browser.text(`/diff?from=${sweep.id}&to=${earlier.id}`))).toContain('1 fine again');
  });

  it('name every host that shares a culprit', async () => {
    const to = /href="\.\/(sweeps\/\w+\/patterns\/\w+)"/.exec(await browser.text('/'))?.[1] ?? '';
    expect(wordsOf(await browser.text(`/${to}`))).toMatch(
      /logtest\.py on 2 hosts.*buffered writes to \/tmp\/logtest\.txt.*db-1 db-2/,
    );
  });

  it('list sweeps, page by page', async () => {
    expect(wordsOf(await browser.text('/sweeps'))).toContain('1 of 3 hosts saturated');
    expect(wordsOf(await browser.text(`/sweeps?before=${earlier.id}`))).toContain('There is none before these');
  });
});

describe('what a hostile host sent', () => {
  it('is text wherever it stands, and none of its characters acts', async () => {
    const hosts = HOSTILE_TEXTS.map((text, index) => hostileHost(`${index} ${text.slice(0, 200)}`));
    const { id } = await site.swept(hosts, { asked: [...HOSTILE_TEXTS], by: HOSTILE_TEXTS.join('') });
    const page = await browser.text('/');
    const links = [...page.matchAll(/href="\.\/(sweeps\/[^"]+|hosts\/[^"]+|diff[^"]+)"/g)].map(([, to]) => `/${to}`);
    expect(links.filter((link) => link.includes(`${id}/hosts/`)).length).toBe(hosts.length);
    for (const path of ['/', '/sweeps', ...links]) {
      const html = await (await browser.get(path)).text();
      expect(NEVER_RAW.exec(html.replaceAll('\n', ''))?.[0], path).toBeUndefined();
      expect(/<(?:img|iframe|object|b|i)\b|<[^>]*\son[a-z]+=/i.exec(html)?.[0], path).toBeUndefined();
    }
  }, 30_000);
});

describe('a large fleet', () => {
  it('is a page of a hundred kilobytes at most', async () => {
    const hosts = Array.from({ length: 300 }, (_, i) => saturatedHost(`database-server-number-${i}.example.com`));
    await site.swept(hosts, { asked: ['@large'] });
    await site.swept([...hosts, ...Array.from({ length: 300 }, (_, i) => refused(`w-${i}`))], { asked: ['@large'] });
    const html = await browser.text('/');
    expect(html.match(/<tr role="row">/g)).toHaveLength(51);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(html).toContain('Next page');
  });
});
