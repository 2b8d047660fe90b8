import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PageSite, pageSite } from '../../test/page/page-site.ts';
import { must } from '../../test/store/embedded.ts';

let site: PageSite;
beforeEach(async () => {
  site = await pageSite();
});
afterEach(() => site?.end());

const sweeps = async () => must(await site.store.sweeps({ limit: 10 })).sweeps;
const audited = async () => must(await site.store.audit({ limit: 10 })).records;

describe('a sweep from the form', () => {
  it('is started for whoever may, under the name of their token', async () => {
    const browser = await site.signIn('run');
    const started = await browser.send('/sweeps/new', { targets: ' @db  web-1 ', window: '2.5', args: 'yes' });
    expect(started.status).toBe(303);
    const [sweep] = await sweeps();
    expect(started.headers.get('location')).toBe(`../sweeps/${sweep?.id}`);
    expect(sweep).toMatchObject({ asked: ['@db', 'web-1'], targets: 3, windowSeconds: 2.5, by: 'token ci' });
    expect(await browser.text(`/sweeps/${sweep?.id}`)).toContain('3 hosts to be swept in a moment');
  });

  it('is started once, however often it is sent', async () => {
    const browser = await site.signIn('run');
    const key = /name="key" value="(\w+)"/.exec(await browser.text('/sweeps/new?targets=%40db'))?.[1] ?? '';
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await browser.send('/sweeps/new', { targets: '@db', key }));
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect(await sweeps()).toHaveLength(1);
    const other = await browser.send('/sweeps/new', { targets: 'web-1', key });
    expect(other.status).toBe(422);
  });

  it.each([
    [{ targets: 'db-11' }, 'Did you mean db-1?'],
    [{ targets: '' }, 'Name a host or a @group.'],
    [{ targets: 'root@db-1:22' }, 'The inventory has no host'],
    [{ targets: '"><img src=x>' }, '&lt;img src=x&gt;'],
    [{ targets: 'db-1', window: '61' }, 'The window is 1 to 60 seconds.'],
    [{ targets: 'db-1', window: 'x' }, 'The window is 1 to 60 seconds.'],
  ])('is not started of %j, and what was typed stays', async (form: Record<string, string>, words) => {
    const browser = await site.signIn('run');
    const answer = await browser.send('/sweeps/new', form);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html).toContain(words);
    expect(html).not.toContain('<img');
    const typed = (form['targets'] ?? '').replace('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(html).toContain(`value="${typed}"`);
    expect(await sweeps()).toEqual([]);
  });

  it('is refused to a token that may only read, which sees no form, and that is recorded', async () => {
    const browser = await site.signIn('read');
    expect(await browser.text('/sweeps')).not.toContain('Start a sweep');
    const form = await browser.get('/sweeps/new?targets=%40db');
    expect(form.status).toBe(403);
    expect(await form.text()).not.toContain('@db');
    expect((await browser.send('/sweeps/new', { targets: 'db-1' })).status).toBe(403);
    expect(await sweeps()).toEqual([]);
    expect((await audited())[0]).toMatchObject({
      event: 'refused',
      what: 'POST /sweeps/new',
      why: 'scope read, needs run',
    });
  });

  it('offers the groups of the inventory', async () => {
    const html = await (await site.signIn('run')).text('/sweeps/new');
    expect(html).toMatch(/href="\.\.\/sweeps\/new\?targets=%40db"[^>]*>@db<\/a> <span class="dim">2 hosts/);
  });
});

describe('a sweep that runs', () => {
  it('is cancelled by whoever may, once', async () => {
    const browser = await site.signIn('run');
    await browser.send('/sweeps/new', { targets: '@db' });
    const [sweep] = await sweeps();
    const path = `/sweeps/${sweep?.id}`;
    expect(await browser.text(path)).toContain('Cancel the sweep');
    expect(await (await site.signIn('read')).text(path)).not.toContain('Cancel the sweep');
    const reader = await (await site.signIn('read')).send(`${path}/cancel`, {});
    expect(reader.status).toBe(403);
    expect((await browser.send(`${path}/cancel`, {})).status).toBe(303);
    expect(must(await site.store.job(sweep?.id ?? ''))).toMatchObject({ isCancelled: true });
    expect((await browser.send('/sweeps/01JDF3W5Q0ZZZZZZZZZZZZZZZZ/cancel', {})).status).toBe(404);
  });
});
